package dev.octavo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The norm at the points where the recipes part, which random accumulators never hit: ties, near
 * ties, 2^24, the ends of int32. Expected values are written out, not computed.
 */
class NormTest {
  private static final int MIN = -128;
  private static final int MAX = 127;

  // ---- a quarter, exactly: ties at every other accumulator

  @ParameterizedTest(name = "acc {0}")
  @CsvSource({
    //  acc  R1  R2  R3  R5  R6
    "     2,  0,  1,  1,  1,  0",
    "    -2,  0, -1,  0, -1,  0",
    "     6,  2,  2,  2,  2,  2",
    "    -6, -2, -2, -1, -2, -2",
    "    10,  2,  3,  3,  3,  2",
    "   -10, -2, -3, -2, -3, -2",
    "     3,  1,  1,  1,  1,  1",
    "    -3, -1, -1, -1, -1, -1",
    "     1,  0,  1,  0,  0,  0", // a quarter: two roundings carry it to one
    "    -1,  0,  0,  0,  0,  0",
    "     0,  0,  0,  0,  0,  0",
  })
  void quarters(int acc, int evenThenZero, int twice, int once, int away, int zeroThenEven) {
    int mantissa = 1 << 30;
    assertEquals(evenThenZero, Norm.float32NearestEven(acc, 0.25f, 0, MIN, MAX));
    assertEquals(evenThenZero, Norm.float32FloatBias(acc, 0f, 0.25f, 0, MIN, MAX));
    assertEquals(twice, Norm.fixedPointDoubleRounding(acc, mantissa, -1, 0, MIN, MAX));
    assertEquals(once, Norm.fixedPointSingleRounding(acc, mantissa, -1, 0, MIN, MAX));
    assertEquals(away, Norm.float64HalfAway(acc, 0.25, 0, MIN, MAX));
    assertEquals(zeroThenEven, Norm.float32ZeroPointFirst(acc, 0.25f, 0, MIN, MAX));
  }

  /** Even before the zero point is added, or after: every tie with an odd zero point differs. */
  @Test
  void theZeroPointDecidesTiesOnlyWhereItIsAddedFirst() {
    assertEquals(1, Norm.float32NearestEven(2, 0.25f, 1, MIN, MAX));
    assertEquals(2, Norm.float32ZeroPointFirst(2, 0.25f, 1, MIN, MAX));
    assertEquals(-1, Norm.float32NearestEven(-2, 0.25f, -1, MIN, MAX));
    assertEquals(-2, Norm.float32ZeroPointFirst(-2, 0.25f, -1, MIN, MAX));
    assertEquals(2, Norm.float32NearestEven(2, 0.25f, 2, MIN, MAX));
    assertEquals(2, Norm.float32ZeroPointFirst(2, 0.25f, 2, MIN, MAX));
  }

  // ---- published and computed cases that are no ties

  /** 108.476: the first of two roundings lands on an exact half, and the second goes up from it. */
  @Test
  void twoRoundingsAreNotOne() {
    Scales rhs = Scales.of(0.01868654042482376f);
    float lhs = 0.09476062655448914f;
    float out = 0.01500160712748766f;
    Multipliers.FixedPoint fixed = Multipliers.FixedPoint.of(lhs, rhs, out);
    float m = Multipliers.Float32.of(lhs, rhs, out).at(0);
    int mantissa = fixed.mantissa(0);
    int shift = fixed.shift(0);
    assertEquals(109, Norm.fixedPointDoubleRounding(919, mantissa, shift, 0, MIN, MAX));
    assertEquals(108, Norm.fixedPointSingleRounding(919, mantissa, shift, 0, MIN, MAX));
    assertEquals(108, Norm.float32NearestEven(919, m, 0, MIN, MAX));
    assertEquals(
        108, Norm.float64HalfAway(919, Multipliers.Float64.of(lhs, rhs, out).at(0), 0, MIN, MAX));
  }

  /** 6.50000047: a float32 multiplier is not precise enough to see the 47. */
  @Test
  void multiplierPrecisionDecides() {
    Scales rhs = Scales.of(0.024093778803944588f);
    float lhs = 0.05296124517917633f;
    float out = 0.11484327912330627f;
    Multipliers.FixedPoint fixed = Multipliers.FixedPoint.of(lhs, rhs, out);
    int mantissa = fixed.mantissa(0);
    int shift = fixed.shift(0);
    float m = Multipliers.Float32.of(lhs, rhs, out).at(0);
    double m64 = Multipliers.Float64.of(lhs, rhs, out).at(0);
    assertEquals(-120, Norm.float32NearestEven(585, m, -126, MIN, MAX));
    assertEquals(-119, Norm.fixedPointDoubleRounding(585, mantissa, shift, -126, MIN, MAX));
    assertEquals(-119, Norm.fixedPointSingleRounding(585, mantissa, shift, -126, MIN, MAX));
    assertEquals(-119, Norm.float64HalfAway(585, m64, -126, MIN, MAX));
  }

  /** Beyond 2^24 a float32 accumulator loses its last bit, here the one that breaks a tie. */
  @Test
  void accumulatorsBeyond24BitsAreRounded() {
    int acc = (1 << 24) + 1;
    float m = 0x1p-25f;
    assertEquals(0, Norm.float32NearestEven(acc, m, 0, MIN, MAX));
    assertEquals(1, Norm.fixedPointSingleRounding(acc, 1 << 30, -24, 0, MIN, MAX));
    assertEquals(1, Norm.fixedPointDoubleRounding(acc, 1 << 30, -24, 0, MIN, MAX));
    assertEquals(1, Norm.float64HalfAway(acc, 0x1p-25, 0, MIN, MAX));
  }

  /** f32(acc) + b is rounded before the multiply: 2^24 + 1 and a bias of 1 cancel to no effect. */
  @Test
  void aFloatBiasIsAddedToARoundedAccumulator() {
    assertEquals(2, Norm.float32FloatBias(3, 1f, 0.5f, 0, MIN, MAX));
    assertEquals(0, Norm.float32FloatBias((1 << 24) + 1, -0x1p24f, 1f, 0, MIN, MAX));
    assertEquals(1, Norm.float32FloatBias(1 << 24, -0x1p24f + 1, 1f, 0, MIN, MAX));
    assertEquals(5, Norm.float32FloatBias(7, -9.5f, 2f, 10, MIN, MAX));
  }

  // ---- extremes

  @ParameterizedTest
  @EnumSource(Recipe.class)
  void theEndsOfInt32SaturateWhateverTheMultiplier(Recipe recipe) {
    for (double m : new double[] {1e-3, 1, 1.5, 1000, 0x1p29}) {
      for (ElementType type : new ElementType[] {ElementType.U8, ElementType.S8}) {
        for (int z : new int[] {type.min(), 0, type.max()}) {
          Output.Requantized out = Output.Requantized.of(type, recipe, multipliers(recipe, m), z);
          String what = recipe + " m " + m + " z " + z;
          if (recipe == Recipe.FIXED_POINT_DOUBLE_ROUNDING && m >= 1) {
            continue; // acc · 2^shift wraps there, by definition; see below
          }
          assertEquals(type.min(), Norm.requantize(out, Integer.MIN_VALUE, 0), what);
          assertEquals(type.max(), Norm.requantize(out, Integer.MAX_VALUE, 0), what);
        }
      }
    }
  }

  /** The contract of TensorFlow Lite excludes this; ours says what happens. */
  @Test
  void doubleRoundingWrapsWhereALargeMultiplierShiftsLeft() {
    assertEquals(0, Norm.fixedPointDoubleRounding(1 << 31, 1 << 30, 1, 0, MIN, MAX));
    assertEquals(-2, Norm.fixedPointDoubleRounding(Integer.MAX_VALUE, 1 << 30, 2, 0, MIN, MAX));
  }

  @ParameterizedTest
  @EnumSource(Recipe.class)
  void tinyMultipliersGiveTheZeroPoint(Recipe recipe) {
    Multipliers m = multipliers(recipe, 0x1p-40);
    Output.Requantized out = Output.Requantized.of(ElementType.S8, recipe, m, 5);
    assertEquals(5, Norm.requantize(out, Integer.MIN_VALUE, 0));
    assertEquals(5, Norm.requantize(out, Integer.MAX_VALUE, 0));
  }

  @Test
  void theLargestAndSmallestFloatMultipliers() {
    assertEquals(MAX, Norm.float32NearestEven(Integer.MAX_VALUE, Float.MAX_VALUE, 0, MIN, MAX));
    assertEquals(MIN, Norm.float32NearestEven(-1, Float.MAX_VALUE, 127, MIN, MAX));
    assertEquals(3, Norm.float32NearestEven(0, Float.MAX_VALUE, 3, MIN, MAX));
    assertEquals(3, Norm.float32NearestEven(-7, Float.MIN_VALUE, 3, MIN, MAX));
    assertEquals(MIN, Norm.float32ZeroPointFirst(-1, Float.MAX_VALUE, 127, MIN, MAX));
    assertEquals(MAX, Norm.float32FloatBias(1, Float.MAX_VALUE, Float.MAX_VALUE, 0, MIN, MAX));
    assertEquals(MIN, Norm.float32FloatBias(1, -Float.MAX_VALUE, Float.MAX_VALUE, 0, MIN, MAX));
    assertEquals(MAX, Norm.float64HalfAway(1, Double.MAX_VALUE, 0, MIN, MAX));
    assertEquals(MIN, Norm.float64HalfAway(Integer.MIN_VALUE, Double.MAX_VALUE, 0, MIN, MAX));
    assertEquals(-4, Norm.float64HalfAway(0, Double.MAX_VALUE, -4, MIN, MAX));
  }

  /** The clamp is on the result: a value halfway above the maximum is the maximum. */
  @ParameterizedTest
  @EnumSource(Recipe.class)
  void theClampHolds(Recipe recipe) {
    Output.Requantized out =
        Output.Requantized.of(ElementType.U8, recipe, multipliers(recipe, 0.5), 10)
            .withClamp(10, 16); // ReLU6 with scale 1
    assertEquals(10, Norm.requantize(out, -1, 0));
    assertEquals(10, Norm.requantize(out, -1000, 0));
    assertEquals(12, Norm.requantize(out, 4, 0));
    assertEquals(16, Norm.requantize(out, 12, 0));
    assertEquals(16, Norm.requantize(out, 13, 0));
    assertEquals(16, Norm.requantize(out, 1000, 0));
  }

  // ---- the dispatcher

  @ParameterizedTest
  @EnumSource(Recipe.class)
  void requantizeTakesTheMultiplierOfTheChannel(Recipe recipe) {
    Multipliers perChannel =
        recipe.multipliers() == Multipliers.Float32.class
            ? Multipliers.Float32.of(1f, 3f)
            : recipe.multipliers() == Multipliers.FixedPoint.class
                ? Multipliers.FixedPoint.of(1.0, 3.0)
                : Multipliers.Float64.of(1.0, 3.0);
    Output.Requantized out = Output.Requantized.of(ElementType.S8, recipe, perChannel, 1);
    assertEquals(8, Norm.requantize(out, 7, 0));
    assertEquals(22, Norm.requantize(out, 7, 1));
  }

  @Test
  void eachRecipeIsItsOwnMethod() {
    // acc = 2 and -2 at a quarter with zero point 1 tell all recipes but the first and last apart.
    assertEquals(1, quarter(Recipe.FLOAT32_NEAREST_EVEN, 2));
    assertEquals(2, quarter(Recipe.FLOAT32_ZERO_POINT_FIRST, 2));
    assertEquals(2, quarter(Recipe.FIXED_POINT_DOUBLE_ROUNDING, 2));
    assertEquals(0, quarter(Recipe.FIXED_POINT_DOUBLE_ROUNDING, -2));
    assertEquals(1, quarter(Recipe.FIXED_POINT_SINGLE_ROUNDING, -2));
    assertEquals(2, quarter(Recipe.FIXED_POINT_SINGLE_ROUNDING, 2));
    assertEquals(2, quarter(Recipe.FLOAT64_HALF_AWAY, 2));
    assertEquals(0, quarter(Recipe.FLOAT64_HALF_AWAY, -2));
    Output.Requantized biased =
        Output.Requantized.of(
            ElementType.S8, Recipe.FLOAT32_FLOAT_BIAS, Multipliers.Float32.of(0.25f), 1);
    assertEquals(3, Norm.requantize(biased, 2, 6f, 0));
    assertEquals(1, Norm.requantize(biased, 2, 0));
  }

  private static int quarter(Recipe recipe, int acc) {
    return Norm.requantize(
        Output.Requantized.of(ElementType.S8, recipe, multipliers(recipe, 0.25), 1), acc, 0);
  }

  private static Multipliers multipliers(Recipe recipe, double m) {
    if (recipe.multipliers() == Multipliers.Float32.class) {
      return Multipliers.Float32.of((float) m);
    }
    return recipe.multipliers() == Multipliers.FixedPoint.class
        ? Multipliers.FixedPoint.of(m)
        : Multipliers.Float64.of(m);
  }

  // ---- the fixed-point recipes, in the words of those who made them

  /** gemmlowp's formulas: SaturatingRoundingDoublingHighMul, then RoundingDivideByPOT. */
  @Test
  void doubleRoundingIsGemmlowps() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      int mantissa = random.nextInt(1 << 30, Integer.MAX_VALUE);
      int shift = random.nextInt(-31, 8);
      int acc = random.nextInt() >> random.nextInt(0, 31);
      long product = (long) (acc << Math.max(shift, 0)) * mantissa;
      long nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);
      int high = (int) ((product + nudge) / (1L << 31)); // truncating, as in C
      int exponent = Math.max(-shift, 0);
      int mask = (int) ((1L << exponent) - 1);
      int threshold = (mask >> 1) + (high < 0 ? 1 : 0);
      int expected = (high >> Math.min(exponent, 31)) + ((high & mask) > threshold ? 1 : 0);
      if (exponent == 31) {
        continue; // their mask is then negative; our definition goes on
      }
      assertEquals(
          Math.clamp(expected, MIN, MAX),
          Norm.fixedPointDoubleRounding(acc, mantissa, shift, 0, MIN, MAX),
          () -> acc + " · " + mantissa + " · 2^" + (shift - 31));
    }
  }

  /** acc · M · 2^(s − 31), once, half up. */
  @Test
  void singleRoundingIsHalfUpOfTheExactProduct() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 50_000; i++) {
      int mantissa = random.nextInt(1 << 30, Integer.MAX_VALUE);
      int shift = random.nextInt(-31, 31);
      int acc = random.nextInt() >> random.nextInt(0, 31);
      BigDecimal exact =
          BigDecimal.valueOf(acc)
              .multiply(BigDecimal.valueOf(mantissa))
              .multiply(new BigDecimal(Math.scalb(1.0, shift - 31)));
      BigDecimal half = exact.add(new BigDecimal("0.5")).setScale(0, RoundingMode.FLOOR);
      int expected = half.max(BigDecimal.valueOf(MIN)).min(BigDecimal.valueOf(MAX)).intValue();
      assertEquals(
          expected,
          Norm.fixedPointSingleRounding(acc, mantissa, shift, 0, MIN, MAX),
          () -> acc + " · " + mantissa + " · 2^" + (shift - 31));
    }
  }
}
