package dev.octavo.conformance.oracle;

import java.math.BigInteger;

/**
 * The six rounding recipes, each computed exactly from its written formula: accumulator in, clamped
 * integer out.
 */
public final class RequantizeOracle {
  private RequantizeOracle() {}

  /** t = f32(f32(acc)·m); q = RNE(clamp(t, min − zp, max − zp)) + zp. */
  public static int float32NearestEven(int acc, float m, int zp, int min, int max) {
    return roundThenShift(Ieee.multiply(Ieee.fromInt(acc), m), zp, min, max);
  }

  /** t = f32(f32(f32(acc) + b)·m), then as {@link #float32NearestEven}. */
  public static int float32FloatBias(int acc, float b, float m, int zp, int min, int max) {
    return roundThenShift(Ieee.multiply(Ieee.add(Ieee.fromInt(acc), b), m), zp, min, max);
  }

  /** t = f32(f32(acc)·m); q = RNE(clamp(f32(t + zp), min, max)). */
  public static int float32ZeroPointFirst(int acc, float m, int zp, int min, int max) {
    float t = Ieee.multiply(Ieee.fromInt(acc), m);
    return roundThenShift(Ieee.add(t, Ieee.fromInt(zp)), 0, min, max);
  }

  /**
   * h = floor((x·M + 2^30) / 2^31) of x = acc·2^max(s, 0) mod 2^32; q = clamp(h / 2^max(−s, 0),
   * ties away, + zp).
   */
  public static int fixedPointDoubleRounding(
      int acc, int multiplier, int shift, int zp, int min, int max) {
    BigInteger shifted = BigInteger.valueOf(acc).shiftLeft(Math.max(shift, 0));
    Dyadic x = Dyadic.of(shifted.intValue());
    Dyadic high = new Dyadic(x.times(Dyadic.of(multiplier)).significand(), -31);
    return clamp(
        Nearest.halfAway(new Dyadic(Nearest.halfUp(high), Math.min(shift, 0))), zp, min, max);
  }

  /** q = clamp(floor((acc·M + 2^(30−s)) / 2^(31−s)) + zp): one rounding, ties up. */
  public static int fixedPointSingleRounding(
      int acc, int multiplier, int shift, int zp, int min, int max) {
    BigInteger product = BigInteger.valueOf(acc).multiply(BigInteger.valueOf(multiplier));
    return clamp(Nearest.halfUp(new Dyadic(product, shift - 31)), zp, min, max);
  }

  /** q = clamp(f64(acc·m) rounded to an integer, ties away, + zp). */
  public static int float64HalfAway(int acc, double m, int zp, int min, int max) {
    double t = Nearest.binary64(Dyadic.of(acc).times(Dyadic.of(m)));
    return Double.isInfinite(t)
        ? t > 0 ? max : min
        : clamp(Nearest.halfAway(Dyadic.of(t)), zp, min, max);
  }

  /** RNE(clamp(t, min − zp, max − zp)) + zp. */
  private static int roundThenShift(float t, int zp, int min, int max) {
    return Float.isInfinite(t)
        ? t > 0 ? max : min
        : clamp(Nearest.halfEven(Dyadic.of(t)), zp, min, max);
  }

  private static int clamp(BigInteger rounded, int zp, int min, int max) {
    BigInteger q = rounded.add(BigInteger.valueOf(zp));
    return q.max(BigInteger.valueOf(min)).min(BigInteger.valueOf(max)).intValueExact();
  }
}
