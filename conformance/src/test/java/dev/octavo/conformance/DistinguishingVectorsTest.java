package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Multipliers;
import dev.octavo.Norm;
import dev.octavo.QuantizeRule;
import dev.octavo.Scales;
import dev.octavo.conformance.oracle.QuantizeOracle;
import dev.octavo.conformance.oracle.RequantizeOracle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The accumulators on which the rounding recipes part, with answers worked out apart from this
 * project: the norm and the oracles give them.
 */
class DistinguishingVectorsTest {
  private static final Multipliers.FixedPoint QUARTER =
      Multipliers.FixedPoint.of(new int[] {1 << 30}, new int[] {-1});

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
    nearestEven(nearestEven, acc, 0.25f, 0);
    doubleRounding(doubleRounding, acc, QUARTER, 0);
    singleRounding(singleRounding, acc, QUARTER, 0);
    halfAway(halfAway, acc, 0.25, 0);
  }

  @Test
  void anOddZeroPointPartsThePlaceOfTheRounding() {
    nearestEven(1, 2, 0.25f, 1);
    assertEquals(2, RequantizeOracle.float32ZeroPointFirst(2, 0.25f, 1, -128, 127));
    assertEquals(2, Norm.float32ZeroPointFirst(2, 0.25f, 1, -128, 127));
  }

  @Test
  void aFloatBiasIsRoundedWithTheAccumulator() {
    // 2^24 + 1 loses its 1 before the bias is added.
    floatBias(0, 16777217, -16777216f, 1f);
    floatBias(3, 5, 0.25f, 0.5f);
    nearestEven(2, 5, 0.5f, 0);
  }

  @Test
  void doubleRoundingMayRoundUpWhatIsNoTie() {
    // 108.476 in exact arithmetic; the first of two roundings lands on an exact half.
    float sx = 0.09476062655448914f;
    float sw = 0.01868654042482376f;
    float sy = 0.01500160712748766f;
    Scales scales = Scales.of(sw);
    nearestEven(108, 919, Multipliers.Float32.of(sx, scales, sy).at(0), 0);
    doubleRounding(109, 919, Multipliers.FixedPoint.of(sx, scales, sy), 0);
    singleRounding(108, 919, Multipliers.FixedPoint.of(sx, scales, sy), 0);
    halfAway(108, 919, Multipliers.Float64.of(sx, scales, sy).at(0), 0);
  }

  @Test
  void thePrecisionOfTheMultiplierShows() {
    // 6.50000047 in exact arithmetic, 6.5 with a binary32 multiplier.
    float sx = 0.05296124517917633f;
    float sw = 0.024093778803944588f;
    float sy = 0.11484327912330627f;
    Scales scales = Scales.of(sw);
    nearestEven(-120, 585, Multipliers.Float32.of(sx, scales, sy).at(0), -126);
    doubleRounding(-119, 585, Multipliers.FixedPoint.of(sx, scales, sy), -126);
    singleRounding(-119, 585, Multipliers.FixedPoint.of(sx, scales, sy), -126);
    halfAway(-119, 585, Multipliers.Float64.of(sx, scales, sy).at(0), -126);
  }

  @Test
  void accumulatorsBeyondTwentyFourBitsLoseTheirLastOnes() {
    nearestEven(0, 16777217, 0x1p-25f, 0);
    singleRounding(1, 16777217, Multipliers.FixedPoint.of(new int[] {1 << 30}, new int[] {-24}), 0);
  }

  @Test
  void divisionAndMultiplicationByTheReciprocalPart() {
    // 127.49999 divided, 127.5 multiplied.
    float x = 0.273939937f;
    float s = 0.00214854861f;
    assertEquals(127, QuantizeOracle.divideHalfEven(x, s, 0, 0, 255));
    assertEquals(127, Norm.quantize(QuantizeRule.DIVIDE_HALF_EVEN, x, s, 0, 0, 255));
    assertEquals(128, QuantizeOracle.multiplyHalfEven(x, s, 0, 0, 255));
    assertEquals(128, Norm.quantize(QuantizeRule.MULTIPLY_HALF_EVEN, x, s, 0, 0, 255));
  }

  @Test
  void quantizationRulesPartOnTies() {
    assertEquals(0, Norm.quantize(QuantizeRule.DIVIDE_HALF_EVEN, 0.5f, 1f, 0, 0, 255));
    assertEquals(1, Norm.quantize(QuantizeRule.DIVIDE_HALF_AWAY, 0.5f, 1f, 0, 0, 255));
    assertEquals(1, Norm.quantize(QuantizeRule.MULTIPLY_HALF_EVEN, 0.5f, 1f, 1, 0, 255));
    assertEquals(2, Norm.quantize(QuantizeRule.MULTIPLY_ZERO_POINT_FIRST, 0.5f, 1f, 1, 0, 255));
  }

  private static void nearestEven(int expected, int acc, float m, int z) {
    assertEquals(expected, RequantizeOracle.float32NearestEven(acc, m, z, -128, 127), "oracle");
    assertEquals(expected, Norm.float32NearestEven(acc, m, z, -128, 127), "norm");
  }

  private static void floatBias(int expected, int acc, float bias, float m) {
    assertEquals(expected, RequantizeOracle.float32FloatBias(acc, bias, m, 0, -128, 127), "oracle");
    assertEquals(expected, Norm.float32FloatBias(acc, bias, m, 0, -128, 127), "norm");
  }

  private static void doubleRounding(int expected, int acc, Multipliers.FixedPoint m, int z) {
    int mantissa = m.mantissa(0);
    int shift = m.shift(0);
    assertEquals(
        expected,
        RequantizeOracle.fixedPointDoubleRounding(acc, mantissa, shift, z, -128, 127),
        "oracle");
    assertEquals(
        expected, Norm.fixedPointDoubleRounding(acc, mantissa, shift, z, -128, 127), "norm");
  }

  private static void singleRounding(int expected, int acc, Multipliers.FixedPoint m, int z) {
    int mantissa = m.mantissa(0);
    int shift = m.shift(0);
    assertEquals(
        expected,
        RequantizeOracle.fixedPointSingleRounding(acc, mantissa, shift, z, -128, 127),
        "oracle");
    assertEquals(
        expected, Norm.fixedPointSingleRounding(acc, mantissa, shift, z, -128, 127), "norm");
  }

  private static void halfAway(int expected, int acc, double m, int z) {
    assertEquals(expected, RequantizeOracle.float64HalfAway(acc, m, z, -128, 127), "oracle");
    assertEquals(expected, Norm.float64HalfAway(acc, m, z, -128, 127), "norm");
  }
}
