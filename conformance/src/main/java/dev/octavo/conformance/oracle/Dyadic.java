package dev.octavo.conformance.oracle;

import java.math.BigInteger;

/**
 * An exact number {@code significand · 2^exponent}. Every finite IEEE 754 number is one, and so is
 * every sum and product of them: the oracles compute with these and round only where a definition
 * says so.
 */
record Dyadic(BigInteger significand, int exponent) {
  static Dyadic of(long value) {
    return new Dyadic(BigInteger.valueOf(value), 0);
  }

  /** The exact value of a finite binary32, taken from its bits. */
  static Dyadic of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int biased = bits >>> 23 & 0xff;
    int fraction = bits & 0x7fffff;
    return decode(
        bits < 0, biased == 0 ? fraction : fraction | 0x800000, Math.max(biased, 1) - 150);
  }

  /** The exact value of a finite binary64, taken from its bits. */
  static Dyadic of(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int biased = (int) (bits >>> 52 & 0x7ff);
    long fraction = bits & 0xfffffffffffffL;
    return decode(
        bits < 0, biased == 0 ? fraction : fraction | 1L << 52, Math.max(biased, 1) - 1075);
  }

  private static Dyadic decode(boolean negative, long magnitude, int exponent) {
    return new Dyadic(BigInteger.valueOf(negative ? -magnitude : magnitude), exponent);
  }

  Dyadic plus(Dyadic other) {
    int common = Math.min(exponent, other.exponent);
    return new Dyadic(
        significand
            .shiftLeft(exponent - common)
            .add(other.significand.shiftLeft(other.exponent - common)),
        common);
  }

  Dyadic negate() {
    return new Dyadic(significand.negate(), exponent);
  }

  Dyadic times(Dyadic other) {
    return new Dyadic(significand.multiply(other.significand), exponent + other.exponent);
  }

  /** floor(this), as BigInteger's arithmetic right shift gives it. */
  BigInteger floor() {
    return significand.shiftLeft(exponent);
  }

  int signum() {
    return significand.signum();
  }
}
