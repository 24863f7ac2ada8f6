package dev.octavo.conformance.oracle;

import java.math.BigInteger;

/** OpenVINO's FakeQuantize-1, every operation rounded by itself, from left to right. */
public final class FakeQuantizeOracle {
  private FakeQuantizeOracle() {}

  /**
   * ol for x ≤ min(il, ih), oh for x > max(il, ih), otherwise nearestEven((x − il) / (ih −
   * il)·(levels − 1)) / (levels − 1)·(oh − ol) + ol.
   */
  public static float levels(float x, float il, float ih, float ol, float oh, int levels) {
    if (x <= (il < ih ? il : ih)) {
      return ol;
    }
    if (x > (il < ih ? ih : il)) {
      return oh;
    }
    float steps = Ieee.fromInt(levels - 1);
    float position = Ieee.multiply(Ieee.divide(Ieee.subtract(x, il), Ieee.subtract(ih, il)), steps);
    float fraction = Ieee.divide(nearestEven(position), steps);
    return Ieee.add(Ieee.multiply(fraction, Ieee.subtract(oh, ol)), ol);
  }

  /**
   * A float's nearest integer as a float; what rounds to zero keeps its sign, and what is no number
   * stays.
   */
  private static float nearestEven(float x) {
    if (!Float.isFinite(x)) {
      return x;
    }
    BigInteger rounded = Nearest.halfEven(Dyadic.of(x));
    return Nearest.binary32(new Dyadic(rounded, 0), Float.floatToRawIntBits(x) < 0);
  }
}
