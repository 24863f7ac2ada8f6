package dev.octavo;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Multipliers.Float32;
import dev.octavo.Multipliers.Float64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specs check themselves, and say what is wrong with which value. */
class SpecTest {
  private static final Window W3 = Window.of(3, 3);
  private static final ZeroPoints TWO = ZeroPoints.of(1, 2);

  // ---- GEMM

  @Test
  void gemmRefuses() {
    GemmSpec ok = GemmSpec.of(3, 4);
    refused("n must be at least 0, not -1", () -> GemmSpec.of(-1, 4));
    refused("k must be at least 0, not -7", () -> GemmSpec.of(3, -7));
    refused("lhs type must be U8 or S8, not S32", () -> ok.withLhs(S32, 0));
    refused("rhs type must be U8 or S8, not F32", () -> ok.withRhs(F32));
    refused("lhs zero point 256 is outside the range of U8, 0 to 255", () -> ok.withLhs(U8, 256));
    refused("lhs zero point -1 is outside the range of U8, 0 to 255", () -> ok.withLhs(U8, -1));
    refused(
        "lhs zero point 128 is outside the range of S8, -128 to 127", () -> ok.withLhs(S8, 128));
    refused(
        "rhs zero point[1] -129 is outside the range of S8, -128 to 127",
        () -> ok.withRhs(S8, ZeroPoints.of(0, -129, 0)));
    refused("there must be 1 or 3 rhs zero points, not 2", () -> ok.withRhs(S8, TWO));
    refused(
        "there must be 1 or 3 multipliers, not 2",
        () -> ok.withOutput(requantized(U8, Float32.of(1f, 2f))));
    refused(
        "there must be 1 or 3 rhs scales, not 2",
        () -> ok.withOutput(new Output.Dequantized(Scales.of(1f, 2f))));
    assertThrows(NullPointerException.class, () -> ok.withLhs(U8, null));
    assertThrows(NullPointerException.class, () -> ok.withRhs(U8, null));
    assertThrows(NullPointerException.class, () -> ok.withOutput(null));
    assertThrows(NullPointerException.class, () -> ok.withRhs(null));
  }

  @Test
  void gemmTakesTheEnds() {
    GemmSpec.of(0, 0).withLhs(U8, 255).withRhs(S8, ZeroPoints.of(-128));
    GemmSpec.of(2, 1).withLhs(S8, -128).withRhs(U8, ZeroPoints.of(0, 255));
    GemmSpec spec = GemmSpec.of(2, 3);
    assertEquals(U8, spec.inputType());
    assertEquals(S32, spec.outputType());
    assertEquals(F32, spec.withOutput(new Output.Dequantized(Scales.ONE)).outputType());
    assertEquals(S8, spec.withOutput(requantized(S8, Float32.of(1f))).outputType());
    assertEquals(new Shape.Rows(5, 3, 8), spec.rows(5));
    refused("m must be at least 0, not -5", () -> spec.rows(-5));
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void scalesArePositiveAndFinite(float bad) {
    refused("scale[1] must be positive and finite, not " + (double) bad, () -> Scales.of(1f, bad));
    refused(
        "lhs scale must be positive and finite, not " + (double) bad,
        () -> new LhsQuantization.Fixed(0, bad));
  }

  @Test
  void emptyParameterListsAreRefused() {
    refused("scales must not be empty", () -> Scales.of());
    refused("zero points must not be empty", () -> ZeroPoints.of());
  }

  // ---- outputs

  @Test
  void requantizedOutputRefuses() {
    Multipliers m = Float32.of(1f);
    refused("requantized output type must be U8 or S8, not S32", () -> requantized(S32, m));
    refused(
        "output zero point 300 is outside the range of U8, 0 to 255",
        () -> Output.Requantized.of(U8, Recipe.FLOAT32_NEAREST_EVEN, m, 300));
    refused("clamp minimum 5 is above maximum 4", () -> requantized(U8, m).withClamp(5, 4));
    refused(
        "clamp minimum -1 is outside the range of U8, 0 to 255",
        () -> requantized(U8, m).withClamp(-1, 4));
    refused(
        "clamp maximum 128 is outside the range of S8, -128 to 127",
        () -> requantized(S8, m).withClamp(0, 128));
    refused(
        "FLOAT64_HALF_AWAY wants Multipliers.Float64, not Float32",
        () -> Output.Requantized.of(U8, Recipe.FLOAT64_HALF_AWAY, m, 0));
    refused(
        "FLOAT32_NEAREST_EVEN wants Multipliers.Float32, not Float64",
        () -> requantized(U8, Float64.of(1)));
    refused(
        "FIXED_POINT_SINGLE_ROUNDING wants Multipliers.FixedPoint, not Float32",
        () -> Output.Requantized.of(U8, Recipe.FIXED_POINT_SINGLE_ROUNDING, m, 0));
    assertEquals(7, requantized(U8, m).withClamp(7, 7).max());
  }

  // ---- convolution

  @Test
  void convRefuses() {
    ConvSpec ok = ConvSpec.of(4, 6, W3);
    refused("input channels must be at least 1, not 0", () -> ConvSpec.of(0, 6, W3));
    refused("output channels must be at least 1, not 0", () -> ConvSpec.of(4, 0, W3));
    refused("groups must be at least 1, not 0", () -> ok.withGroups(0));
    refused("groups 4 must divide the 4 input and 6 output channels", () -> ok.withGroups(4));
    refused("groups 3 must divide the 4 input and 6 output channels", () -> ok.withGroups(3));
    refused(
        "a convolution has no lhs rows: quantize its input per tensor",
        () -> ok.withLhs(U8, new LhsQuantization.PerRow()));
    refused("there must be 1 or 6 rhs zero points, not 2", () -> ok.withRhs(S8, TWO));
    refused(
        "a filter of 6442450941 elements is too large",
        () -> ConvSpec.of(3, 1, Window.of(1, Integer.MAX_VALUE)));
    refused(
        "kernel extent overflows: 4611686014132420609 · 3",
        () -> ConvSpec.of(3, 1, Window.of(Integer.MAX_VALUE, Integer.MAX_VALUE)));
    assertThrows(NullPointerException.class, () -> ConvSpec.of(1, 1, null));
    assertThrows(NullPointerException.class, () -> ok.withLhs(U8, null));
  }

  @Test
  void convKnowsItsGroups() {
    ConvSpec grouped = ConvSpec.of(4, 6, W3).withGroups(2);
    assertEquals(2, grouped.groupInChannels());
    assertEquals(3, grouped.groupOutChannels());
    assertEquals(18, grouped.k());
    assertFalse(grouped.isDepthwise());
    assertTrue(ConvSpec.of(4, 8, W3).withGroups(4).isDepthwise());
    assertFalse(ConvSpec.of(1, 8, W3).isDepthwise(), "one channel is a convolution");
  }

  @Test
  void denseImagesHaveDenseStrides() {
    ConvSpec spec = ConvSpec.of(4, 6, W3.withPadding(1).withStride(2));
    assertEquals(
        new Shape.Image(2, 8, 10, new Strides(320, 40, 4, 1), new Strides(480, 120, 24, 4)),
        spec.nhwc(2, 8, 10));
    assertEquals(
        new Shape.Image(2, 8, 10, new Strides(320, 10, 1, 80), new Strides(480, 20, 4, 80)),
        spec.nchw(2, 8, 10));
    assertTrue(new Strides(480, 120, 24, 4).channelsLast(4));
    assertFalse(new Strides(480, 120, 24, 4).channelsLast(1));
  }

  // ---- elementwise

  @Test
  void requantizeSpecRefuses() {
    Output.Requantized out = requantized(U8, Float32.of(1f, 2f));
    refused("channels must be at least 1, not 0", () -> RequantizeSpec.of(0, out));
    refused("there must be 1 or 3 multipliers, not 2", () -> RequantizeSpec.of(3, out));
    refused(
        "requantize input type must be S32, U8 or S8, not F32",
        () -> new RequantizeSpec(2, F32, 0, Bias.none(), out));
    refused(
        "input zero point 256 is outside the range of U8, 0 to 255",
        () -> new RequantizeSpec(2, U8, 256, Bias.none(), out));
    refused(
        "the bias has 3 values for 2 output channels",
        () -> new RequantizeSpec(2, S32, 0, Bias.of(1, 2, 3), out));
    refused(
        "a float bias goes with Dequantized output or FLOAT32_FLOAT_BIAS, not with " + out,
        () -> new RequantizeSpec(2, S32, 0, Bias.of(1f, 2f), out));
    Output.Requantized floatBias =
        Output.Requantized.of(U8, Recipe.FLOAT32_FLOAT_BIAS, Float32.of(1f), 0);
    refused(
        "FLOAT32_FLOAT_BIAS takes a float bias in accumulator units, not an int32 bias",
        () -> new RequantizeSpec(2, S32, 0, Bias.of(1, 2), floatBias));
    new RequantizeSpec(2, S32, 0, Bias.of(1f, 2f), floatBias);
    new RequantizeSpec(2, S32, Integer.MIN_VALUE, Bias.none(), out);
  }

  @Test
  void quantizeSpecRefuses() {
    refused(
        "quantized type must be U8 or S8, not S32",
        () -> QuantizeSpec.of(S32, Scales.ONE, ZeroPoints.ZERO));
    refused("3 scales but 2 zero points", () -> QuantizeSpec.of(U8, Scales.of(1f, 2f, 3f), TWO));
    refused(
        "zero point[0] -1 is outside the range of U8, 0 to 255",
        () -> QuantizeSpec.of(U8, Scales.ONE, ZeroPoints.of(-1)));
    QuantizeSpec ok = QuantizeSpec.of(U8, Scales.ONE, TWO);
    refused("clamp minimum 2 is above maximum 1", () -> ok.withClamp(2, 1));
    assertEquals(2, ok.channels());
    assertThrows(NullPointerException.class, () -> ok.withRule(null));
    assertEquals(new Shape.Elements(5, 7, 56, 14), ok.elements(5, 7));
  }

  @Test
  void dequantizeSpecRefuses() {
    refused(
        "dequantize input type must be U8, S8 or S32, not F32",
        () -> new DequantizeSpec(F32, Scales.ONE, ZeroPoints.ZERO));
    refused("3 scales but 2 zero points", () -> new DequantizeSpec(U8, Scales.of(1f, 2f, 3f), TWO));
    refused(
        "zero point[0] 200 is outside the range of S8, -128 to 127",
        () -> new DequantizeSpec(S8, Scales.ONE, ZeroPoints.of(200)));
    new DequantizeSpec(S32, Scales.of(1f, 2f), ZeroPoints.of(Integer.MIN_VALUE));
  }

  @Test
  void dynamicQuantizeSpecRefuses() {
    refused(
        "symmetric quantization is to S8, not U8",
        () -> new DynamicQuantizeSpec(U8, DynamicQuantizeSpec.Range.SYMMETRIC, true));
    refused(
        "quantized type must be U8 or S8, not F32",
        () -> new DynamicQuantizeSpec(F32, DynamicQuantizeSpec.Range.ASYMMETRIC, true));
    DynamicQuantizeSpec symmetric =
        new DynamicQuantizeSpec(S8, DynamicQuantizeSpec.Range.SYMMETRIC, true);
    assertEquals(-127, symmetric.min());
    assertEquals(127, symmetric.max());
    assertEquals(0, DynamicQuantizeSpec.onnx().min());
    assertEquals(255, DynamicQuantizeSpec.onnx().max());
  }

  @Test
  void fakeQuantizeGridsRefuse() {
    QuantizeRule rule = QuantizeRule.MULTIPLY_ZERO_POINT_FIRST;
    refused(
        "the grid [3, 2] must be ascending and within ±65536",
        () -> new FakeQuantizeSpec.Affine(Scales.ONE, ZeroPoints.ZERO, 3, 2, rule));
    new FakeQuantizeSpec.Affine(Scales.ONE, ZeroPoints.ZERO, 0, 0, rule); // one level is a grid
    refused(
        "the grid [-65537, 2] must be ascending and within ±65536",
        () -> new FakeQuantizeSpec.Affine(Scales.ONE, ZeroPoints.ZERO, -65537, 2, rule));
    refused(
        "zero point[1] 2 is outside the grid [0, 1]",
        () -> new FakeQuantizeSpec.Affine(Scales.ONE, TWO, 0, 1, rule));
    float[] one = {1f};
    float[] two = {2f};
    refused("levels must be in [2, 65536], not 1", () -> levels(one, two, one, two, 1));
    refused("levels must be in [2, 65536], not 65537", () -> levels(one, two, one, two, 65537));
    refused("input range 0 is empty: 1.0", () -> levels(one, one, one, two, 4));
    refused(
        "limits must be finite, not NaN", () -> levels(one, two, one, new float[] {Float.NaN}, 4));
    refused(
        "limits must be of one length above 0, not 1, 1, 2, 1",
        () -> levels(one, two, new float[2], one, 4));
    refused(
        "limits must be of one length above 0, not 0, 0, 0, 0",
        () -> levels(new float[0], new float[0], new float[0], new float[0], 4));
    assertThrows(NullPointerException.class, () -> new FakeQuantizeSpec(null));
  }

  @Test
  void levelsAreGivenPerTensorOrPerChannel() {
    FakeQuantizeSpec.Levels one =
        levels(new float[] {1f}, new float[] {2f}, new float[] {3f}, new float[] {4f}, 5);
    assertEquals(2f, one.inputHigh(9));
    FakeQuantizeSpec.Levels two =
        levels(
            new float[] {1f, 5f},
            new float[] {2f, 6f},
            new float[] {3f, 7f},
            new float[] {4f, 8f},
            9);
    assertEquals(5f, two.inputLow(1));
    assertEquals(6f, two.inputHigh(1));
    assertEquals(7f, two.outputLow(1));
    assertEquals(8f, two.outputHigh(1));
    assertEquals(2, new FakeQuantizeSpec(two).grid().channels());
  }

  // ---- bias

  @Test
  void biasRefusesWhatIsNotFinite() {
    refused("bias[1] must be finite, not NaN", () -> Bias.of(1f, Float.NaN));
    refused("bias[0] must be finite, not -Infinity", () -> Bias.of(Float.NEGATIVE_INFINITY));
    refused(
        "there must be 1 or 2 rhs scales, not 3",
        () -> Bias.dividedByScales(new float[2], 1f, Scales.of(1f, 2f, 3f)));
  }

  @Test
  void aBiasInAccumulatorUnitsIsDividedByTheRoundedProduct() {
    Bias.Float32 b =
        (Bias.Float32) Bias.dividedByScales(new float[] {1f, 2f}, 0.1f, Scales.of(0.3f));
    assertEquals(1f / (0.1f * 0.3f), b.at(0));
    assertEquals(2f / (0.1f * 0.3f), b.at(1));
  }

  private static FakeQuantizeSpec.Levels levels(
      float[] il, float[] ih, float[] ol, float[] oh, int levels) {
    return new FakeQuantizeSpec.Levels(il, ih, ol, oh, levels);
  }

  private static Output.Requantized requantized(ElementType type, Multipliers m) {
    return Output.Requantized.of(type, Recipe.FLOAT32_NEAREST_EVEN, m, 0);
  }
}
