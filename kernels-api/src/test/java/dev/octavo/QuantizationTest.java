package dev.octavo;

import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Scale and zero point from a range. */
class QuantizationTest {
  @Test
  void asymmetricCoversTheRangeAndZero() {
    assertEquals(of(ElementType.U8, 5f / 255, 51), Quantization.asymmetric(ElementType.U8, -1, 4));
    assertEquals(of(ElementType.S8, 5f / 255, -77), Quantization.asymmetric(ElementType.S8, -1, 4));
    // A range beside zero is widened to it, so that zero (padding, ReLU) is exact.
    assertEquals(of(ElementType.U8, 4f / 255, 0), Quantization.asymmetric(ElementType.U8, 2, 4));
    assertEquals(
        of(ElementType.U8, 4f / 255, 255), Quantization.asymmetric(ElementType.U8, -4, -2));
    assertEquals(of(ElementType.S8, 1f, -128), Quantization.asymmetric(ElementType.S8, 0, 0));
  }

  @Test
  void symmetricCoversTheLargerMagnitude() {
    assertEquals(of(ElementType.S8, 4f / 127, 0), Quantization.symmetric(-1, 4));
    assertEquals(of(ElementType.S8, 5f / 127, 0), Quantization.symmetric(-5, 4));
    assertEquals(of(ElementType.S8, 4f / 127, 0), Quantization.symmetric(2, 4));
    assertEquals(of(ElementType.S8, 1f, 0), Quantization.symmetric(0, 0));
  }

  @Test
  void weightsAreSymmetricPerChannel() {
    assertEquals(
        new Quantization(ElementType.S8, Scales.of(2f / 127, 3f / 127, 1f), ZeroPoints.of(0, 0, 0)),
        Quantization.symmetricPerChannel(new float[] {1, -2, 3, 0.5f, 0, 0}, 3));
  }

  @Test
  void theSpecsThatMakeAndReadIt() {
    Quantization q = of(ElementType.S8, 0.5f, 3);
    assertEquals(QuantizeSpec.of(ElementType.S8, Scales.of(0.5f), ZeroPoints.of(3)), q.quantize());
    assertEquals(QuantizeRule.DIVIDE_HALF_EVEN, q.quantize().rule());
    assertEquals(
        new DequantizeSpec(ElementType.S8, Scales.of(0.5f), ZeroPoints.of(3)), q.dequantize());
  }

  @Test
  void rangesThatAreNone() {
    for (float[] bad :
        new float[][] {
          {1, 0},
          {Float.NaN, 1},
          {0, Float.NaN},
          {Float.NEGATIVE_INFINITY, 0},
          {0, Float.POSITIVE_INFINITY},
          {-Float.MAX_VALUE, Float.MAX_VALUE}
        }) {
      String message = "the range [" + bad[0] + ", " + bad[1] + "] must be finite and ascending";
      refused(message, () -> Quantization.asymmetric(ElementType.U8, bad[0], bad[1]));
      refused(message, () -> Quantization.symmetric(bad[0], bad[1]));
    }
    refused(
        "the range [NaN, NaN] must be finite and ascending",
        () -> Quantization.symmetricPerChannel(new float[] {1, Float.NaN}, 1));
  }

  @Test
  void whatElseIsRefused() {
    refused(
        "quantized type must be U8 or S8, not S32",
        () -> Quantization.asymmetric(ElementType.S32, 0, 1));
    refused(
        "channels must be at least 1, not 0",
        () -> Quantization.symmetricPerChannel(new float[1], 0));
    refused(
        "5 weights are not rows of 2 channels",
        () -> Quantization.symmetricPerChannel(new float[5], 2));
    refused(
        "2 scales but 1 zero points",
        () -> new Quantization(ElementType.S8, Scales.of(1f, 2f), ZeroPoints.ZERO));
    refused(
        "zero point[0] 128 is outside the range of S8, -128 to 127",
        () -> of(ElementType.S8, 1f, 128));
  }

  private static Quantization of(ElementType type, float scale, int zero) {
    return new Quantization(type, Scales.of(scale), ZeroPoints.of(zero));
  }
}
