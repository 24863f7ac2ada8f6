package dev.octavo;

import java.util.Objects;

/**
 * What becomes of the accumulators of a {@link GemmSpec} or {@link ConvSpec}. c is the output
 * channel.
 *
 * <ul>
 *   <li>{@link Accumulators}: dst = acc, int32.
 *   <li>{@link Requantized}: dst = recipe(acc), 8 bits.
 *   <li>{@link Dequantized}: dst = acc · scale + bias, float32.
 * </ul>
 */
public sealed interface Output {
  /** The int32 accumulators themselves, int32 bias included. */
  Accumulators ACCUMULATORS = new Accumulators();

  /** The element type that is written. */
  ElementType type();

  /** dst = acc, modulo 2<sup>32</sup>, int32 bias included. */
  record Accumulators() implements Output {
    @Override
    public ElementType type() {
      return ElementType.S32;
    }
  }

  /**
   * dst = clamp(round(acc · m[c]) + zeroPoint, min, max), rounded as the {@link Recipe} says. The
   * clamp is where a fused ReLU or ReLU6 lives.
   *
   * @param type {@link ElementType#U8} or {@link ElementType#S8}
   * @param recipe which arithmetic
   * @param multipliers 1, or one per output channel; of the kind the recipe wants
   * @param zeroPoint in the range of type
   * @param min lowest output, in the range of type
   * @param max highest output, in the range of type, at least min
   */
  record Requantized(
      ElementType type, Recipe recipe, Multipliers multipliers, int zeroPoint, int min, int max)
      implements Output {
    public Requantized {
      type.require8Bit("requantized output type");
      Objects.requireNonNull(recipe, "recipe");
      Objects.requireNonNull(multipliers, "multipliers");
      if (!recipe.multipliers().isInstance(multipliers)) {
        throw new IllegalArgumentException(
            recipe
                + " wants Multipliers."
                + recipe.multipliers().getSimpleName()
                + ", not "
                + multipliers.getClass().getSimpleName());
      }
      type.requireInRange("output zero point", zeroPoint);
      Checks.clamp(type, min, max);
    }

    /** Without a clamp: min and max are the range of the type. */
    public static Requantized of(
        ElementType type, Recipe recipe, Multipliers multipliers, int zeroPoint) {
      return new Requantized(type, recipe, multipliers, zeroPoint, type.min(), type.max());
    }

    /**
     * {@link Recipe#FLOAT32_NEAREST_EVEN} with m[c] = f32(f32(lhsScale · rhsScale[c]) /
     * outputScale): what ONNX Runtime computes for QLinearMatMul and QLinearConv.
     */
    public static Requantized onnx(
        ElementType type, float lhsScale, Scales rhsScales, float outputScale, int zeroPoint) {
      return of(
          type,
          Recipe.FLOAT32_NEAREST_EVEN,
          Multipliers.Float32.of(lhsScale, rhsScales, outputScale),
          zeroPoint);
    }

    /**
     * The same from ONNX's parameters: x_scale, x_zero_point; w_scale, w_zero_point; y_scale,
     * y_zero_point. Also XNNPACK, which TensorFlow Lite's applications run by default.
     */
    public static Requantized onnx(Quantization lhs, Quantization rhs, Quantization output) {
      return onnx(
          output.type(),
          lhs.scale("lhs"),
          rhs.scales(),
          output.scale("output"),
          output.zeroPoint("output"));
    }

    /**
     * What TensorFlow Lite's reference CONV_2D and DEPTHWISE_CONV_2D compute, TensorFlow Lite Micro
     * and CMSIS-NN too: {@link Recipe#FIXED_POINT_DOUBLE_ROUNDING}. The multiplier is formed in
     * binary64 ({@link Multipliers.FixedPoint#of(float, Scales, float)}), but for u8 output with a
     * binary32 product ({@link Multipliers.FixedPoint#ofFloat32Product}).
     */
    public static Requantized tflite(Quantization lhs, Quantization rhs, Quantization output) {
      return output.type() == ElementType.U8
          ? tflitePerTensor(lhs, rhs, output)
          : tflite(
              output,
              Multipliers.FixedPoint.of(lhs.scale("lhs"), rhs.scales(), output.scale("output")));
    }

    /**
     * The same with the multiplier formed from a binary32 product ({@link
     * Multipliers.FixedPoint#ofFloat32Product}) whatever the type: TensorFlow Lite's per-tensor
     * path, which is that of u8 models, of its built-in int8 FULLY_CONNECTED, and of TensorFlow
     * Lite Micro's.
     */
    public static Requantized tflitePerTensor(
        Quantization lhs, Quantization rhs, Quantization output) {
      return tflite(
          output,
          Multipliers.FixedPoint.ofFloat32Product(
              lhs.scale("lhs"), rhs.scale("rhs"), output.scale("output")));
    }

    private static Requantized tflite(Quantization output, Multipliers.FixedPoint multipliers) {
      return of(
          output.type(),
          Recipe.FIXED_POINT_DOUBLE_ROUNDING,
          multipliers,
          output.zeroPoint("output"));
    }

    /**
     * What TensorFlow Lite's reference FULLY_CONNECTED computes since 2.20: {@link
     * Recipe#FLOAT64_HALF_AWAY}.
     */
    public static Requantized tfliteFullyConnected(
        Quantization lhs, Quantization rhs, Quantization output) {
      return of(
          output.type(),
          Recipe.FLOAT64_HALF_AWAY,
          Multipliers.Float64.of(lhs.scale("lhs"), rhs.scales(), output.scale("output")),
          output.zeroPoint("output"));
    }

    /**
     * What PyTorch's FBGEMM engine computes for quantized linear and convolution, and its X86
     * engine for linear: {@link Recipe#FLOAT32_FLOAT_BIAS}, the bias prepared by {@link
     * Bias#fbgemm}. With {@link Bias#none()} the bits are those of {@link #onnx(Quantization,
     * Quantization, Quantization)}.
     */
    public static Requantized fbgemm(Quantization lhs, Quantization rhs, Quantization output) {
      return of(
          output.type(),
          Recipe.FLOAT32_FLOAT_BIAS,
          Multipliers.Float32.of(lhs.scale("lhs"), rhs.scales(), output.scale("output")),
          output.zeroPoint("output"));
    }

    /**
     * What PyTorch's QNNPACK engine computes for quantized linear and convolution: {@link
     * Recipe#FLOAT32_NEAREST_EVEN}, the multiplier formed with a reciprocal ({@link
     * Multipliers.Float32#ofReciprocal}), the bias prepared by {@link Bias#qnnpack}.
     */
    public static Requantized qnnpack(Quantization lhs, Quantization rhs, Quantization output) {
      return of(
          output.type(),
          Recipe.FLOAT32_NEAREST_EVEN,
          Multipliers.Float32.ofReciprocal(lhs.scale("lhs"), rhs.scales(), output.scale("output")),
          output.zeroPoint("output"));
    }

    /**
     * The order of oneDNN, which OpenVINO's CPU plugin runs: {@link
     * Recipe#FLOAT32_ZERO_POINT_FIRST} with m[c] = f32(f32(lhsScale · rhsScale[c]) / outputScale).
     * oneDNN multiplies by the scales one after the other, so it agrees off ties only: where the
     * last bits decide a tie, the output is one more or one less.
     */
    public static Requantized oneDnn(Quantization lhs, Quantization rhs, Quantization output) {
      return of(
          output.type(),
          Recipe.FLOAT32_ZERO_POINT_FIRST,
          Multipliers.Float32.of(lhs.scale("lhs"), rhs.scales(), output.scale("output")),
          output.zeroPoint("output"));
    }

    /**
     * The same, clamped to a range of reals as TensorFlow Lite's fused activations are: min =
     * {@link QuantizeRule#DIVIDE_HALF_AWAY}(lo, outputScale, zeroPoint) over the range of the type,
     * max likewise. (0, ∞) is RELU, (0, 6) RELU6, (−1, 1) RELU_N1_TO_1.
     *
     * @param lo lowest real, at most hi; may be infinite
     * @param hi highest real; may be infinite
     */
    public Requantized withRealClamp(float outputScale, float lo, float hi) {
      Scales.requirePositive("output scale", outputScale);
      if (!(lo <= hi)) {
        throw new IllegalArgumentException("the range [" + lo + ", " + hi + "] is empty");
      }
      return withClamp(quantized(outputScale, lo), quantized(outputScale, hi));
    }

    private int quantized(float scale, float real) {
      return Norm.quantize(
          QuantizeRule.DIVIDE_HALF_AWAY, real, scale, zeroPoint, type.min(), type.max());
    }

    /** The same with another clamp. */
    public Requantized withClamp(int min, int max) {
      return new Requantized(type, recipe, multipliers, zeroPoint, min, max);
    }
  }

  /**
   * dst = f32(f32(f32(acc) · f32(lhsScale · rhsScale[c])) + bias[c]); the addition only where there
   * is a {@link Bias.Float32}. Every step is rounded, none is fused.
   *
   * @param rhsScales 1, or one per output channel; the lhs scale is that of {@link LhsQuantization}
   */
  record Dequantized(Scales rhsScales) implements Output {
    public Dequantized {
      Objects.requireNonNull(rhsScales, "rhsScales");
    }

    @Override
    public ElementType type() {
      return ElementType.F32;
    }
  }
}
