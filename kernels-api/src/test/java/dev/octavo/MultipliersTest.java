package dev.octavo;

import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.octavo.Multipliers.FixedPoint;
import dev.octavo.Multipliers.Float32;
import dev.octavo.Multipliers.Float64;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real multipliers in the forms the recipes compute with. */
class MultipliersTest {
  @ParameterizedTest(name = "{0} = {1} · 2^({2} − 31)")
  @CsvSource({
    "0.25,                       1073741824,  -1",
    "0.5,                        1073741824,   0",
    "0.75,                       1610612736,   0",
    "1,                          1073741824,   1",
    "3,                          1610612736,   2",
    "0.1,                        1717986918,  -3", // 0.8 · 2^31 = 1717986918.4
    "0.0009765625,               1073741824,  -9",
    "0.99999999976716936,        1073741824,   1", // 1 − 2^-32: the mantissa rounds up to 2^31
    "0.99999999953433872,        2147483647,   0", // 1 − 2^-31: the largest mantissa
    "0x1p-32,                    1073741824, -31", // the least that is not 0
    "0x1.fffffffffp-33,          1073741824, -31", // just below it, rounds up to it
    "0x1.fffffffp-33,                     0,   0", // the mantissa does not round up: flushed
    "0x1p-33,                             0,   0",
    "4.9e-324,                            0,   0",
    "536870912,                  1073741824,  30", // 2^29, the largest power of two
    "1073741823.75,              2147483647,  30", // 2^30 − 1/4: the mantissa rounds up, the shift
    // is 31
    "1073741824,                 2147483647,  30", // 2^30: capped
    "1.7976931348623157e308,     2147483647,  30",
  })
  void quantizeMultiplier(double m, int mantissa, int shift) {
    FixedPoint fixed = FixedPoint.of(m);
    assertEquals(mantissa, fixed.mantissa(0));
    assertEquals(shift, fixed.shift(0));
  }

  /** f · 2^s with f in [½, 1); the mantissa is f · 2^31 rounded half away. */
  @Test
  void quantizeMultiplierByDefinition() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 20_000; i++) {
      double m = Math.scalb(random.nextDouble(0.5, 1), random.nextInt(-31, 31));
      FixedPoint fixed = FixedPoint.of(m);
      BigDecimal exact =
          new BigDecimal(m).multiply(new BigDecimal(Math.scalb(1.0, 31 - fixed.shift(0))));
      assertEquals(
          exact.setScale(0, RoundingMode.HALF_UP).longValueExact(),
          fixed.mantissa(0),
          () -> "" + m);
    }
  }

  @Test
  void scalesAreMultipliedAsEachEcosystemDoes() {
    float lhs = 0.1f;
    Scales rhs = Scales.of(0.3f, 0.7f);
    float out = 0.9f;
    for (int c = 0; c < 2; c++) {
      assertEquals(lhs * rhs.at(c) / out, Float32.of(lhs, rhs, out).at(c));
      double exact = (double) lhs * (double) rhs.at(c) / (double) out;
      assertEquals(exact, Float64.of(lhs, rhs, out).at(c));
      assertEquals(FixedPoint.of(exact).mantissa(0), FixedPoint.of(lhs, rhs, out).mantissa(c));
      assertEquals(FixedPoint.of(exact).shift(0), FixedPoint.of(lhs, rhs, out).shift(c));
    }
  }

  /** TensorFlow Lite forms the per-tensor product in float32, and the bits show it. */
  @Test
  void theFloat32ProductIsAnotherMultiplier() {
    FixedPoint perTensor = FixedPoint.ofFloat32Product(0.1f, 0.3f, 0.9f);
    assertEquals(FixedPoint.of((double) (0.1f * 0.3f) / 0.9f), perTensor);
    assertNotEquals(FixedPoint.of(0.1f, Scales.of(0.3f), 0.9f), perTensor);
  }

  @Test
  void oneServesEveryChannel() {
    assertEquals(2f, Float32.of(2f).at(17));
    assertEquals(2.0, Float64.of(2.0).at(17));
    assertEquals(1 << 30, FixedPoint.of(2.0).mantissa(17));
    assertEquals(2, FixedPoint.of(2.0).shift(17));
    assertEquals(1, Float32.of(2f).count());
    assertEquals(3, FixedPoint.of(2.0, 3.0, 4.0).count());
    assertEquals(2, Float64.of(2.0, 3.0).count());
  }

  @Test
  void storedMantissasAndShiftsStandAsTheyAre() {
    FixedPoint fixed = FixedPoint.of(new int[] {0, 1 << 30}, new int[] {-31, 30});
    assertEquals(0, fixed.mantissa(0));
    assertEquals(-31, fixed.shift(0));
    assertEquals(1 << 30, fixed.mantissa(1));
    assertEquals(30, fixed.shift(1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void onlyPositiveFiniteMultipliers(double m) {
    String message = "multiplier[1] must be positive and finite, not " + m;
    refused(message, () -> Float32.of(1f, (float) m));
    refused(message, () -> Float64.of(1, m));
    refused(message, () -> FixedPoint.of(1, m));
  }

  @Test
  void whatElseIsRefused() {
    refused("multipliers must not be empty", () -> Float32.of());
    refused("multipliers must not be empty", () -> Float64.of());
    refused("multipliers must not be empty", () -> FixedPoint.of());
    refused("multipliers must not be empty", () -> FixedPoint.of(new int[0], new int[0]));
    refused("2 mantissas but 1 shifts", () -> FixedPoint.of(new int[2], new int[1]));
    refused(
        "mantissa[0] must be 0 or in [2^30, 2^31), not 1073741823",
        () -> FixedPoint.of(new int[] {(1 << 30) - 1}, new int[1]));
    refused(
        "mantissa[0] must be 0 or in [2^30, 2^31), not -2147483648",
        () -> FixedPoint.of(new int[] {1 << 31}, new int[1]));
    refused(
        "shift[0] must be in [-31, 30], not 31", () -> FixedPoint.of(new int[1], new int[] {31}));
    refused(
        "shift[0] must be in [-31, 30], not -32", () -> FixedPoint.of(new int[1], new int[] {-32}));
    refused("lhs scale must be positive and finite, not 0.0", () -> Float32.of(0f, Scales.ONE, 1f));
    refused(
        "output scale must be positive and finite, not NaN",
        () -> Float64.of(1f, Scales.ONE, Float.NaN));
    refused(
        "rhs scale must be positive and finite, not -1.0",
        () -> FixedPoint.ofFloat32Product(1f, -1f, 1f));
    refused(
        "multiplier[0] must be positive and finite, not Infinity",
        () -> Float32.of(Float.MAX_VALUE, Scales.of(2f), 1f));
  }

  @Test
  void valuesAreCopiedAndCompared() {
    float[] values = {1f, 2f};
    Float32 m = Float32.of(values);
    values[0] = 9f;
    assertEquals(1f, m.at(0));
    assertEquals(Float32.of(1f, 2f), m);
    assertEquals(Float32.of(1f, 2f).hashCode(), m.hashCode());
    assertNotEquals(Float32.of(1f, 3f), m);
    assertEquals("f32[1.0, 2.0]", m.toString());
    assertEquals("q31[1073741824·2^-31]", FixedPoint.of(0.5).toString());
    assertEquals(
        "f64[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, … 8 values]",
        Float64.of(1, 2, 3, 4, 5, 6, 7, 8).toString());
  }
}
