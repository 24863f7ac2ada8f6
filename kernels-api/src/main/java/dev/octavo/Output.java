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
