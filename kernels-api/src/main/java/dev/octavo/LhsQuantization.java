package dev.octavo;

/**
 * Where the zero point (and scale) of the activations comes from.
 *
 * <ul>
 *   <li>{@link Fixed}: known when the weights are packed, so that it costs nothing at run time.
 *   <li>{@link PerTensor}, {@link PerRow}: given with each run in {@link LhsParameters}, as dynamic
 *       quantization does; one for the whole lhs, or one per row of a GEMM.
 * </ul>
 *
 * The scale matters only for {@link Output.Dequantized}.
 */
public sealed interface LhsQuantization {
  /** Zero point and scale 0 and 1. */
  Fixed NONE = new Fixed(0, 1f);

  /** A zero point known in advance, scale 1. */
  static Fixed zeroPoint(int zeroPoint) {
    return new Fixed(zeroPoint, 1f);
  }

  /** Zero point and scale known in advance. */
  record Fixed(int zeroPoint, float scale) implements LhsQuantization {
    public Fixed {
      Scales.requirePositive("lhs scale", scale);
    }
  }

  /** One zero point and scale for the whole lhs, given at run time. */
  record PerTensor() implements LhsQuantization {}

  /** One zero point and scale for each row of the lhs, given at run time. GEMM only. */
  record PerRow() implements LhsQuantization {}
}
