package dev.octavo.conformance.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The accumulators on which the rounding recipes part, with the answers worked out by hand. */
class DistinguishingVectorsTest {
  @ParameterizedTest(name = "acc = {0}, m = 1/4")
  @CsvSource({
    "2, 0, 1, 1, 1",
    "-2, 0, -1, 0, -1",
    "6, 2, 2, 2, 2",
    "-6, -2, -2, -1, -2",
    "10, 2, 3, 3, 3",
    "-10, -2, -3, -2, -3"
  })
  void ties(int acc, int nearestEven, int doubleRounding, int singleRounding, int halfAway) {
    int quarter = 1 << 30;
    assertEquals(nearestEven, RequantizeOracle.float32NearestEven(acc, 0.25f, 0, -128, 127));
    assertEquals(
        doubleRounding, RequantizeOracle.fixedPointDoubleRounding(acc, quarter, -1, 0, -128, 127));
    assertEquals(
        singleRounding, RequantizeOracle.fixedPointSingleRounding(acc, quarter, -1, 0, -128, 127));
    assertEquals(halfAway, RequantizeOracle.float64HalfAway(acc, 0.25, 0, -128, 127));
  }

  @Test
  void anOddZeroPointPartsThePlaceOfTheRounding() {
    assertEquals(1, RequantizeOracle.float32NearestEven(2, 0.25f, 1, -128, 127));
    assertEquals(2, RequantizeOracle.float32ZeroPointFirst(2, 0.25f, 1, -128, 127));
  }

  @Test
  void aFloatBiasIsRoundedWithTheAccumulator() {
    // 2^24 + 1 rounds to 2^24 before the bias is added, and again after.
    assertEquals(0, RequantizeOracle.float32FloatBias(16777217, -16777216f, 1f, 0, -128, 127));
    assertEquals(3, RequantizeOracle.float32FloatBias(5, 0.25f, 0.5f, 0, -128, 127));
    assertEquals(2, RequantizeOracle.float32NearestEven(5, 0.5f, 0, -128, 127));
  }

  @Test
  void doubleRoundingMayRoundUpWhatIsNoTie() {
    // 108.476…: the first rounding lands on an exact half.
    float m = 0.09476062655448914f * 0.01868654042482376f / 0.01500160712748766f;
    double exact = (double) 0.09476062655448914f * 0.01868654042482376f / 0.01500160712748766f;
    assertEquals(108, RequantizeOracle.float32NearestEven(919, m, 0, -128, 127));
    assertEquals(108, RequantizeOracle.float64HalfAway(919, exact, 0, -128, 127));
    int shift = Math.getExponent(exact) + 1;
    int mantissa = (int) Math.round(Math.scalb(exact, 31 - shift));
    assertEquals(
        109, RequantizeOracle.fixedPointDoubleRounding(919, mantissa, shift, 0, -128, 127));
    assertEquals(
        108, RequantizeOracle.fixedPointSingleRounding(919, mantissa, shift, 0, -128, 127));
  }

  @Test
  void theMultipliersPrecisionShows() {
    // 6.50000047 in exact arithmetic, 6.5 with a binary32 multiplier.
    float m = 0.05296124517917633f * 0.024093778803944588f / 0.11484327912330627f;
    double exact = (double) 0.05296124517917633f * 0.024093778803944588f / 0.11484327912330627f;
    int shift = Math.getExponent(exact) + 1;
    int mantissa = (int) Math.round(Math.scalb(exact, 31 - shift));
    assertEquals(-120, RequantizeOracle.float32NearestEven(585, m, -126, -128, 127));
    assertEquals(
        -119, RequantizeOracle.fixedPointDoubleRounding(585, mantissa, shift, -126, -128, 127));
    assertEquals(
        -119, RequantizeOracle.fixedPointSingleRounding(585, mantissa, shift, -126, -128, 127));
    assertEquals(-119, RequantizeOracle.float64HalfAway(585, exact, -126, -128, 127));
  }

  @Test
  void accumulatorsBeyondTwentyFourBitsLoseTheirLastOnes() {
    assertEquals(0, RequantizeOracle.float32NearestEven(16777217, 0x1p-25f, 0, -128, 127));
    assertEquals(
        1, RequantizeOracle.fixedPointSingleRounding(16777217, 1 << 30, -24, 0, -128, 127));
  }

  @Test
  void divisionAndMultiplicationByTheReciprocalPart() {
    // 127.49999 divided, 127.5 multiplied.
    float x = 0.273939937f;
    float s = 0.00214854861f;
    assertEquals(127, QuantizeOracle.divideHalfEven(x, s, 0, 0, 255));
    assertEquals(128, QuantizeOracle.multiplyHalfEven(x, s, 0, 0, 255));
    assertEquals(127, QuantizeOracle.divideHalfAway(x, s, 0, 0, 255));
    assertEquals(1, QuantizeOracle.divideHalfAway(0.5f, 1f, 0, 0, 255));
    assertEquals(0, QuantizeOracle.divideHalfEven(0.5f, 1f, 0, 0, 255));
    assertEquals(2, QuantizeOracle.multiplyZeroPointFirst(0.5f, 1f, 1, 0, 255));
    assertEquals(1, QuantizeOracle.multiplyHalfEven(0.5f, 1f, 1, 0, 255));
  }
}
