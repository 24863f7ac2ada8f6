package dev.octavo.conformance.oracle;

/** Integers back to floats: every operation exact, then rounded once, never fused with the next. */
public final class DequantizeOracle {
  private DequantizeOracle() {}

  /** f32(f32(x − zp)·s), the difference taken modulo 2^32. */
  public static float element(int x, int zp, float scale) {
    return Ieee.multiply(Ieee.fromInt((int) ((long) x - zp)), scale);
  }

  /** f32(f32(acc)·f32(sl·sr)); without a bias nothing is added, so a −0 stays. */
  public static float accumulator(int acc, float lhsScale, float rhsScale) {
    return Ieee.multiply(Ieee.fromInt(acc), Ieee.multiply(lhsScale, rhsScale));
  }

  /** f32(f32(f32(acc)·f32(sl·sr)) + bias). */
  public static float accumulator(int acc, float lhsScale, float rhsScale, float bias) {
    return Ieee.add(accumulator(acc, lhsScale, rhsScale), bias);
  }
}
