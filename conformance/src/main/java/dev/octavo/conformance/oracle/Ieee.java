package dev.octavo.conformance.oracle;

import java.math.BigInteger;

/**
 * IEEE 754 arithmetic written out: each operation is computed exactly and rounded once, to nearest,
 * ties to even. No Java floating-point operator is used, so an answer cannot share a mistake (a
 * fused multiply-add, a wider intermediate) with the code under test.
 */
final class Ieee {
  private Ieee() {}

  static float fromInt(int value) {
    return Nearest.binary32(Dyadic.of(value), false);
  }

  static float multiply(float a, float b) {
    boolean negative = negative(a) != negative(b);
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Float.NaN;
    }
    if (Float.isInfinite(a) || Float.isInfinite(b)) {
      return zero(a) || zero(b) ? Float.NaN : infinity(negative);
    }
    return Nearest.binary32(Dyadic.of(a).times(Dyadic.of(b)), negative);
  }

  static float add(float a, float b) {
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Float.NaN;
    }
    if (Float.isInfinite(a) || Float.isInfinite(b)) {
      boolean opposed = Float.isInfinite(a) && Float.isInfinite(b) && negative(a) != negative(b);
      return opposed ? Float.NaN : Float.isInfinite(a) ? a : b;
    }
    return Nearest.binary32(Dyadic.of(a).plus(Dyadic.of(b)), negative(a) && negative(b));
  }

  static float subtract(float a, float b) {
    return add(a, Float.intBitsToFloat(Float.floatToRawIntBits(b) ^ 0x80000000));
  }

  /**
   * a / b. Below the 64 quotient bits kept, one sticky bit says whether anything is left: enough to
   * round as if exact.
   */
  static float divide(float a, float b) {
    boolean negative = negative(a) != negative(b);
    if (Float.isNaN(a)
        || Float.isNaN(b)
        || (zero(a) && zero(b))
        || (Float.isInfinite(a) && Float.isInfinite(b))) {
      return Float.NaN;
    }
    if (Float.isInfinite(a) || zero(b)) {
      return infinity(negative);
    }
    if (Float.isInfinite(b)) {
      return Nearest.binary32(Dyadic.of(0), negative);
    }
    Dyadic x = Dyadic.of(a);
    Dyadic y = Dyadic.of(b);
    BigInteger[] quotient =
        x.significand().abs().shiftLeft(90).divideAndRemainder(y.significand().abs());
    BigInteger sticky =
        quotient[0].shiftLeft(1).add(quotient[1].signum() == 0 ? BigInteger.ZERO : BigInteger.ONE);
    return Nearest.binary32(
        new Dyadic(negative ? sticky.negate() : sticky, x.exponent() - y.exponent() - 91),
        negative);
  }

  private static boolean negative(float value) {
    return Float.floatToRawIntBits(value) < 0;
  }

  private static boolean zero(float value) {
    return Float.floatToRawIntBits(value) << 1 == 0;
  }

  private static float infinity(boolean negative) {
    return negative ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
  }
}
