package dev.octavo.conformance.oracle;

import java.math.BigInteger;

/** Rounding exact numbers: to integers, and to the IEEE 754 number nearest to them. */
final class Nearest {
  private Nearest() {}

  /**
   * The nearest integer, ties toward plus infinity: floor(x + 1/2), which is one more than floor(x)
   * when the first binary place of x is a 1.
   */
  static BigInteger halfUp(Dyadic x) {
    BigInteger floor = x.floor();
    return x.exponent() < 0 && x.significand().testBit(-x.exponent() - 1)
        ? floor.add(BigInteger.ONE)
        : floor;
  }

  /** The nearest integer, ties to even. */
  static BigInteger halfEven(Dyadic x) {
    BigInteger up = halfUp(x);
    // The first binary place is the only one that is set.
    boolean tie = x.exponent() < 0 && x.significand().getLowestSetBit() == -x.exponent() - 1;
    return tie && up.testBit(0) ? up.subtract(BigInteger.ONE) : up;
  }

  /** The nearest integer, ties away from zero. */
  static BigInteger halfAway(Dyadic x) {
    return x.signum() < 0 ? halfUp(x.negate()).negate() : halfUp(x);
  }

  /** The nearest binary32; an exact zero is given the sign asked for. */
  static float binary32(Dyadic exact, boolean negativeZero) {
    return Float.intBitsToFloat((int) bits(exact, negativeZero, 24, 8));
  }

  /** The nearest binary64; an exact zero is positive. */
  static double binary64(Dyadic exact) {
    return Double.longBitsToDouble(bits(exact, false, 53, 11));
  }

  /**
   * The bits of the nearest number with the given widths of significand (its leading one counted)
   * and exponent.
   */
  private static long bits(Dyadic exact, boolean negativeZero, int precision, int width) {
    boolean negative = exact.signum() == 0 ? negativeZero : exact.signum() < 0;
    long sign = negative ? 1L << width + precision - 1 : 0;
    if (exact.signum() == 0) {
      return sign;
    }
    int bias = (1 << width - 1) - 1;
    BigInteger magnitude = exact.significand().abs();
    // One unit in the last place is 2^unit: as fine as the precision allows, never finer than the
    // subnormals are.
    int unit = Math.max(exact.exponent() + magnitude.bitLength() - precision, 2 - bias - precision);
    long rounded = halfEven(new Dyadic(magnitude, exact.exponent() - unit)).longValueExact();
    int exponent = unit + precision - 1 + bias;
    int infinite = (1 << width) - 1;
    // Added, not or-ed: the leading one, or a carry out of the rounding, steps into the exponent,
    // up to infinity.
    return sign
        | (exponent >= infinite
            ? (long) infinite << precision - 1
            : (exponent - 1L << precision - 1) + rounded);
  }
}
