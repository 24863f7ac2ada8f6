package dev.octavo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The norm from and to float32 where rules part: ties, ends, infinities. Expected values are
 * written out.
 */
class QuantizeNormTest {
  private static final int MIN = -128;
  private static final int MAX = 127;

  // ---- to and from float32

  @Test
  void dequantizedAccumulatorsAreRoundedAtEachStep() {
    assertEquals(0x1p24f, Norm.dequantizeAccumulator((1 << 24) + 1, 1f));
    assertEquals(1.5f, Norm.dequantizeAccumulator(3, 0.5f));
    assertEquals(3.5f, Norm.dequantizeAccumulator(3, 0.5f, 2f));
    float acc = 3;
    float scale = 0.1f;
    float bias = 1e-9f;
    assertEquals(acc * scale + bias, Norm.dequantizeAccumulator(3, scale, bias));
    // 16777217 · 0.1 + 1 separates two roundings from a fused multiply-add of the exact product.
    float product = 0x1.99999ap-4f * 12345679;
    assertEquals(product + 0.03f, Norm.dequantizeAccumulator(12345679, 0x1.99999ap-4f, 0.03f));
    assertNotEquals(
        Math.fma(12345679f, 0x1.99999ap-4f, 0.03f),
        Norm.dequantizeAccumulator(12345679, 0x1.99999ap-4f, 0.03f));
  }

  @Test
  void dequantizeSubtractsModulo32Bits() {
    assertEquals(-6f, Norm.dequantize(-2, 1.5f, 2));
    assertEquals((float) Integer.MAX_VALUE, Norm.dequantize(Integer.MIN_VALUE, 1f, 1));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    //                            0.5 1.5 -0.5 -1.5 2.5
    "DIVIDE_HALF_EVEN,             0,  2,   0,  -2,  2",
    "MULTIPLY_HALF_EVEN,           0,  2,   0,  -2,  2",
    "MULTIPLY_ZERO_POINT_FIRST,    0,  2,   0,  -2,  2",
    "DIVIDE_HALF_AWAY,             1,  2,  -1,  -2,  3",
  })
  void quantizeTies(QuantizeRule rule, int half, int three, int minus, int minusThree, int five) {
    assertEquals(half, Norm.quantize(rule, 1f, 2f, 0, MIN, MAX));
    assertEquals(three, Norm.quantize(rule, 3f, 2f, 0, MIN, MAX));
    assertEquals(minus, Norm.quantize(rule, -1f, 2f, 0, MIN, MAX));
    assertEquals(minusThree, Norm.quantize(rule, -3f, 2f, 0, MIN, MAX));
    assertEquals(five, Norm.quantize(rule, 5f, 2f, 0, MIN, MAX));
  }

  @ParameterizedTest
  @EnumSource(QuantizeRule.class)
  void quantizeAtTheEnds(QuantizeRule rule) {
    assertEquals(-3, Norm.quantize(rule, Float.NaN, 1f, 7, -3, 99));
    assertEquals(99, Norm.quantize(rule, Float.POSITIVE_INFINITY, 1f, 7, -3, 99));
    assertEquals(-3, Norm.quantize(rule, Float.NEGATIVE_INFINITY, 1f, 7, -3, 99));
    assertEquals(99, Norm.quantize(rule, Float.MAX_VALUE, 1e-30f, 7, -3, 99));
    assertEquals(7, Norm.quantize(rule, -0f, 1f, 7, -3, 99));
    assertEquals(7, Norm.quantize(rule, Float.MIN_VALUE, 1f, 7, -3, 99));
    assertEquals(12, Norm.quantize(rule, 5f, 1f, 7, -3, 99));
  }

  /** FBGEMM's own example: 127.49999 by division, 127.5 by multiplication. */
  @Test
  void divisionIsNotMultiplicationByTheReciprocal() {
    float x = 0.273939937f;
    float s = 0.00214854861f;
    assertEquals(127, Norm.quantize(QuantizeRule.DIVIDE_HALF_EVEN, x, s, 0, 0, 255));
    assertEquals(128, Norm.quantize(QuantizeRule.MULTIPLY_HALF_EVEN, x, s, 0, 0, 255));
  }

  @Test
  void zeroPointFirstMovesQuantizeTies() {
    QuantizeRule after = QuantizeRule.MULTIPLY_HALF_EVEN;
    QuantizeRule first = QuantizeRule.MULTIPLY_ZERO_POINT_FIRST;
    assertEquals(3, Norm.quantize(after, 0.5f, 1f, 3, 0, 255));
    assertEquals(4, Norm.quantize(first, 0.5f, 1f, 3, 0, 255));
  }

  // ---- dynamic and fake quantization

  @Test
  void dynamicParametersAreOnnxs() {
    DynamicQuantizeSpec onnx = DynamicQuantizeSpec.onnx();
    // ONNX's own test cases: test_dynamicquantizelinear, _max_adjusted, _min_adjusted.
    float scale = Norm.dynamicScale(onnx, -3f, 2f);
    assertEquals(0.0196078438f, scale);
    assertEquals(153, Norm.dynamicZeroPoint(onnx, -3f, scale));
    scale = Norm.dynamicScale(onnx, -4f, 0f);
    assertEquals(0.0156862754f, scale);
    assertEquals(255, Norm.dynamicZeroPoint(onnx, -4f, scale));
    scale = Norm.dynamicScale(onnx, 0f, 4f);
    assertEquals(0.0156862754f, scale);
    assertEquals(0, Norm.dynamicZeroPoint(onnx, 0f, scale));
  }

  @Test
  void aRangeOfNothingHasScaleOne() {
    for (DynamicQuantizeSpec.Range range : DynamicQuantizeSpec.Range.values()) {
      DynamicQuantizeSpec spec = new DynamicQuantizeSpec(ElementType.S8, range, false);
      assertEquals(1f, Norm.dynamicScale(spec, 0f, 0f));
      assertEquals(1f, Norm.dynamicScale(spec, -0f, Float.MIN_VALUE), "the division underflows");
    }
    DynamicQuantizeSpec s8 =
        new DynamicQuantizeSpec(ElementType.S8, DynamicQuantizeSpec.Range.ASYMMETRIC, false);
    assertEquals(-128, Norm.dynamicZeroPoint(s8, 0f, 1f));
  }

  @Test
  void symmetricRangesHaveZeroPointZero() {
    DynamicQuantizeSpec spec =
        new DynamicQuantizeSpec(ElementType.S8, DynamicQuantizeSpec.Range.SYMMETRIC, true);
    assertEquals(2f / 127, Norm.dynamicScale(spec, -1f, 2f));
    assertEquals(3f / 127, Norm.dynamicScale(spec, -3f, 2f));
    assertEquals(0, Norm.dynamicZeroPoint(spec, -3f, 3f / 127));
  }

  /** What became of an infinite range is said too: no exception, and the zero point is in range. */
  @Test
  void infiniteRangesStayInTheType() {
    DynamicQuantizeSpec spec =
        new DynamicQuantizeSpec(ElementType.S8, DynamicQuantizeSpec.Range.ASYMMETRIC, false);
    float scale = Norm.dynamicScale(spec, Float.NEGATIVE_INFINITY, 1f);
    assertEquals(Float.POSITIVE_INFINITY, scale);
    assertEquals(-128, Norm.dynamicZeroPoint(spec, Float.NEGATIVE_INFINITY, scale));
  }

  @Test
  void fakeQuantizeIsARoundTrip() {
    QuantizeRule rule = QuantizeRule.MULTIPLY_ZERO_POINT_FIRST;
    assertEquals(0.5f, Norm.fakeQuantize(rule, 0.6f, 0.25f, 3, 0, 255));
    assertEquals(-0.75f, Norm.fakeQuantize(rule, -9f, 0.25f, 3, 0, 255));
    assertEquals(63f, Norm.fakeQuantize(rule, 1e9f, 0.25f, 3, 0, 255));
    assertEquals(-0.75f, Norm.fakeQuantize(rule, Float.NaN, 0.25f, 3, 0, 255));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "-1,   -2", // at the low end
    "-9,   -2",
    " 3.1,  6", // beyond the high end
    " 3,    6", // at the high end: the last level
    " 1,    2", // exactly a level
    " 0.5,  2", // (0.5 + 1) / 4 · 4 = 1.5, to even: 2 levels up
    " 0.4,  0",
  })
  void levelsAreOpenVinos(float x, float expected) {
    assertEquals(expected, Norm.fakeQuantizeLevels(x, -1f, 3f, -2f, 6f, 5));
  }
}
