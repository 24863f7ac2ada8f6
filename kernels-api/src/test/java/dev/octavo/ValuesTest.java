package dev.octavo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.FakeQuantizeSpec.Levels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values are equal by what they hold, say what they hold, and are refined one thing at a time. */
class ValuesTest {
  private static final Scales TWO_SCALES = Scales.of(0.5f, 2f);

  /** An object twice, and others that it must differ from. */
  private static void isAValue(String text, Object one, Object same, Object... others) {
    assertNotSame(one, same);
    assertEquals(one, same);
    assertEquals(one.hashCode(), same.hashCode());
    assertEquals(text, one.toString());
    for (Object other : others) {
      assertNotEquals(one, other);
      assertNotEquals(
          one.hashCode(), other.hashCode(), "a hash that does not look at what it holds");
    }
    assertNotEquals(one, "a string");
    assertFalse(one.equals(null));
  }

  @Test
  void parametersAreValues() {
    isAValue("[0.5, 2.0]", TWO_SCALES, Scales.of(0.5f, 2f), Scales.of(0.5f), Scales.of(0.5f, 3f));
    isAValue("[1, 2]", ZeroPoints.of(1, 2), ZeroPoints.of(1, 2), ZeroPoints.of(1));
    isAValue("s32[1, 2]", Bias.of(1, 2), Bias.of(1, 2), Bias.of(1, 3), Bias.of(7));
    isAValue("f32[1.0, 2.0]", Bias.of(1f, 2f), Bias.of(1f, 2f), Bias.of(1f, 3f), Bias.of(7f));
    assertEquals("none", Bias.none().toString());
    assertEquals(2, ((Bias.Int32) Bias.of(1, 2)).at(1));
  }

  @Test
  void multipliersAreValues() {
    Multipliers f32 = Multipliers.Float32.of(0.5f);
    Multipliers f64 = Multipliers.Float64.of(0.5);
    Multipliers fixed = Multipliers.FixedPoint.of(0.5);
    isAValue(f32.toString(), f32, Multipliers.Float32.of(0.5f), Multipliers.Float32.of(0.25f), f64);
    isAValue(f64.toString(), f64, Multipliers.Float64.of(0.5), Multipliers.Float64.of(0.25), fixed);
    isAValue(
        fixed.toString(),
        fixed,
        Multipliers.FixedPoint.of(0.5),
        Multipliers.FixedPoint.of(0.25),
        Multipliers.FixedPoint.of(0.75),
        f32);
    assertTrue(f32.toString().contains("0.5"), f32::toString);
  }

  private static Levels levels(int count, float high) {
    float[] low = {1f, 2f, 3f};
    float[] top = {11f, 12f, high};
    float[] out = {21f, 22f, 23f};
    float[] end = {31f, 32f, 33f};
    return new Levels(low, top, out, end, count);
  }

  @Test
  void levelsAreValues() {
    Levels one = levels(5, 13f);
    isAValue(one.toString(), one, levels(5, 13f), levels(6, 13f), levels(5, 14f));
    assertTrue(one.toString().contains("5"), one::toString);
    assertEquals(5, one.levels());
    assertEquals(
        List.of(3f, 13f, 23f, 33f),
        List.of(one.inputLow(2), one.inputHigh(2), one.outputLow(2), one.outputHigh(2)));
  }

  /** Six values are shown, more are counted. */
  @Test
  void longListsAreAbbreviated() {
    assertEquals("[1, 2, 3, 4, 5, 6]", ZeroPoints.of(1, 2, 3, 4, 5, 6).toString());
    String seven = ZeroPoints.of(1, 2, 3, 4, 5, 6, 7).toString();
    assertEquals("[1, 2, 3, 4, 5, 6, … 7 values]", seven);
  }

  @Test
  void aQuantizationByChannelIsSymmetric() {
    Quantization filter = Quantization.ofChannels(ElementType.S8, 0.5f, 2f);
    assertEquals(TWO_SCALES, filter.scales());
    assertTrue(filter.zeroPoints().allZero());
  }

  @Test
  void whatTheyHoldCanBeTakenOut() {
    assertArrayEquals(new float[] {0.5f, 2f}, TWO_SCALES.toArray());
    assertArrayEquals(new int[] {3, 4}, ZeroPoints.of(3, 4).toArray());
    assertTrue(ZeroPoints.of(0, 0).allZero());
    assertFalse(ZeroPoints.of(0, 1).allZero());
    assertEquals("u8", ElementType.U8.code());
  }

  @Test
  void specsAreRefinedOneThingAtATime() {
    GemmSpec gemm = GemmSpec.of(2, 3).withRhs(ElementType.U8);
    assertEquals(ElementType.U8, gemm.rhsType());
    ConvSpec conv =
        ConvSpec.of(4, 6, Window.of(3, 3))
            .withLhs(ElementType.S8, 7)
            .withRhs(ElementType.U8)
            .withOutput(new Output.Dequantized(Scales.of(2f)));
    assertEquals(7, ((LhsQuantization.Fixed) conv.lhs()).zeroPoint());
    assertEquals(ElementType.S8, conv.lhsType());
    assertEquals(ElementType.U8, conv.rhsType());
    assertEquals(ElementType.F32, conv.outputType());
    QuantizeSpec quantize =
        QuantizeSpec.of(ElementType.U8, Scales.ONE, ZeroPoints.ZERO)
            .withRule(QuantizeRule.DIVIDE_HALF_AWAY)
            .withClamp(3, 9);
    assertEquals(QuantizeRule.DIVIDE_HALF_AWAY, quantize.rule());
    assertEquals(List.of(3, 9), List.of(quantize.min(), quantize.max()));
  }

  @Test
  void gridsReachTheirEnds() {
    int bound = 1 << 16;
    Scales one = Scales.ONE;
    QuantizeRule rule = QuantizeRule.DIVIDE_HALF_EVEN;
    for (int[] ends : new int[][] {{-bound, bound}, {5, 5}}) {
      for (int zeroPoint : ends) {
        ZeroPoints z = ZeroPoints.of(zeroPoint);
        assertEquals(1, new FakeQuantizeSpec.Affine(one, z, ends[0], ends[1], rule).channels());
      }
    }
    assertEquals(2, levels(2, 13f).levels());
    assertEquals(65536, levels(65536, 13f).levels());
  }

  @Test
  void filtersOfTheLargestExtent() {
    // 2^31 - 1 = 2147483647 is prime: one row of that many taps is as far as int reaches.
    Window longest = Window.of(1, Integer.MAX_VALUE);
    assertEquals(Integer.MAX_VALUE, ConvSpec.of(1, 1, longest).window().kernelWidth());
    // Groups divide the channels that a filter sees.
    ConvSpec grouped = ConvSpec.of(4, 4, Window.of(1, 1 << 28)).withGroups(4);
    assertEquals(1, grouped.groupInChannels());
  }
}
