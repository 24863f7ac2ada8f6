package dev.octavo.conformance.oracle;

import java.math.BigInteger;

/**
 * The four rules for quantizing a float, each computed exactly from its written formula; NaN gives
 * {@code min}.
 */
public final class QuantizeOracle {
  private QuantizeOracle() {}

  /** RNE(f32(x / s)) + zp: ONNX. */
  public static int divideHalfEven(float x, float scale, int zp, int min, int max) {
    return clampHalfEven(Ieee.divide(x, scale), zp, min, max);
  }

  /** RNE(f32(x · f32(1 / s))) + zp: PyTorch. */
  public static int multiplyHalfEven(float x, float scale, int zp, int min, int max) {
    return clampHalfEven(Ieee.multiply(x, Ieee.divide(1f, scale)), zp, min, max);
  }

  /** RHA(f32(x / s)) + zp: TFLite. */
  public static int divideHalfAway(float x, float scale, int zp, int min, int max) {
    float t = Ieee.divide(x, scale);
    return Float.isFinite(t)
        ? clamp(Nearest.halfAway(Dyadic.of(t)), zp, min, max)
        : end(t, min, max);
  }

  /** RNE(f32(f32(x · f32(1 / s)) + zp)): PyTorch's fake quantization. */
  public static int multiplyZeroPointFirst(float x, float scale, int zp, int min, int max) {
    float t = Ieee.multiply(x, Ieee.divide(1f, scale));
    return clampHalfEven(Ieee.add(t, Ieee.fromInt(zp)), 0, min, max);
  }

  private static int clampHalfEven(float t, int zp, int min, int max) {
    return Float.isFinite(t)
        ? clamp(Nearest.halfEven(Dyadic.of(t)), zp, min, max)
        : end(t, min, max);
  }

  /** Where a quotient that is no number ends: +∞ at the top, −∞ and NaN at the bottom. */
  private static int end(float t, int min, int max) {
    return t == Float.POSITIVE_INFINITY ? max : min;
  }

  private static int clamp(BigInteger rounded, int zp, int min, int max) {
    BigInteger q = rounded.add(BigInteger.valueOf(zp));
    return q.max(BigInteger.valueOf(min)).min(BigInteger.valueOf(max)).intValueExact();
  }
}
