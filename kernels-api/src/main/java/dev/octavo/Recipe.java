package dev.octavo;

/**
 * The named ways to turn an int32 accumulator into an 8-bit output. Each has exactly one
 * definition, a method of {@link Norm}, whose javadoc is the specification; no flag or property
 * alters it.
 */
public enum Recipe {
  /**
   * {@link Norm#float32NearestEven}: ONNX Runtime's QLinear operators, XNNPACK (so TensorFlow
   * Lite's usual runtime), QNNPACK. The default.
   */
  FLOAT32_NEAREST_EVEN(Multipliers.Float32.class),
  /**
   * {@link Norm#fixedPointDoubleRounding}: TensorFlow Lite's reference kernels, TensorFlow Lite
   * Micro, CMSIS-NN, gemmlowp.
   */
  FIXED_POINT_DOUBLE_ROUNDING(Multipliers.FixedPoint.class),
  /** {@link Norm#fixedPointSingleRounding}: ruy, and TensorFlow Lite built with single rounding. */
  FIXED_POINT_SINGLE_ROUNDING(Multipliers.FixedPoint.class),
  /** {@link Norm#float64HalfAway}: TensorFlow Lite's reference FULLY_CONNECTED since 2.20. */
  FLOAT64_HALF_AWAY(Multipliers.Float64.class),
  /**
   * {@link Norm#float32ZeroPointFirst}: the order of oneDNN, OpenVINO and the ONNX reference
   * operators; equal to them off ties and their own last bits.
   */
  FLOAT32_ZERO_POINT_FIRST(Multipliers.Float32.class),
  /** {@link Norm#float32FloatBias}: PyTorch's FBGEMM linear and convolution. */
  FLOAT32_FLOAT_BIAS(Multipliers.Float32.class);

  private final Class<? extends Multipliers> multipliers;

  Recipe(Class<? extends Multipliers> multipliers) {
    this.multipliers = multipliers;
  }

  /** The kind of multipliers this recipe works with. */
  public Class<? extends Multipliers> multipliers() {
    return multipliers;
  }
}
