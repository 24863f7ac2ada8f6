package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Quantization;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Strides;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Specs check themselves: what no backend could do is refused before one is asked, and the message
 * names the value.
 */
class BadSpecTest {
  private static final GemmSpec GEMM = GemmSpec.of(4, 4);
  private static final ConvSpec CONV = ConvSpec.of(4, 6, Window.of(3, 3));
  private static final Multipliers.Float32 HALF = Multipliers.Float32.of(0.5f);
  private static final MemorySegment NONE = MemorySegment.NULL;

  @TestFactory
  Stream<DynamicTest> extents() {
    return Stream.of(
        bad("-1", () -> GemmSpec.of(-1, 4)),
        bad("-2", () -> GemmSpec.of(4, -2)),
        bad("input channels", () -> ConvSpec.of(0, 4, Window.of(3, 3))),
        bad("output channels", () -> ConvSpec.of(4, 0, Window.of(3, 3))),
        bad("groups", () -> CONV.withGroups(0)),
        bad("groups 3", () -> CONV.withGroups(3)),
        bad("groups 4", () -> CONV.withGroups(4)),
        bad("kernel height", () -> Window.of(0, 3)),
        bad("kernel width", () -> Window.of(3, -3)),
        bad("stride", () -> Window.of(3, 3).withStride(0)),
        bad("dilation", () -> Window.of(3, 3).withDilations(1, 0)),
        bad("padding", () -> Window.of(3, 3).withPadding(0, -1, 0, 0)),
        bad("too large", () -> ConvSpec.of(1 << 20, 1, Window.of(64, 64))),
        bad("kernel", () -> CONV.nhwc(1, 2, 5)),
        bad("channels", () -> RequantizeSpec.of(0, requantized(HALF))),
        bad("-1", () -> GEMM.rows(-1)),
        bad(
            "overflow",
            () -> RequantizeSpec.of(8, requantized(HALF)).elements(1, Long.MAX_VALUE / 4)),
        bad("stride", () -> new Strides(1, 1, -1, 1)),
        bad("-8", () -> new Weights(NONE, -8, 0, 0, 1, Bias.none())));
  }

  @TestFactory
  Stream<DynamicTest> types() {
    return Stream.of(
        bad("S32", () -> GEMM.withLhs(ElementType.S32, 0)),
        bad("F32", () -> GEMM.withRhs(ElementType.F32)),
        bad("S32", () -> CONV.withRhs(ElementType.S32)),
        bad(
            "F32",
            () -> Output.Requantized.of(ElementType.F32, Recipe.FLOAT32_NEAREST_EVEN, HALF, 0)),
        bad("F32", () -> new RequantizeSpec(1, ElementType.F32, 0, Bias.none(), requantized(HALF))),
        bad("S32", () -> QuantizeSpec.of(ElementType.S32, Scales.ONE, ZeroPoints.ZERO)),
        bad("F32", () -> new DequantizeSpec(ElementType.F32, Scales.ONE, ZeroPoints.ZERO)),
        bad(
            "U8",
            () ->
                new DynamicQuantizeSpec(
                    ElementType.U8, DynamicQuantizeSpec.Range.SYMMETRIC, false)),
        bad("row", () -> CONV.withLhs(ElementType.U8, new LhsQuantization.PerRow())),
        missing(() -> GEMM.withLhs(null, 0)),
        missing(() -> GEMM.withLhs(ElementType.U8, null)),
        missing(() -> GEMM.withRhs(ElementType.U8, null)),
        missing(() -> GEMM.withOutput(null)),
        missing(() -> ConvSpec.of(1, 1, null)),
        missing(() -> new Output.Dequantized(null)),
        missing(() -> new Output.Requantized(ElementType.U8, null, HALF, 0, 0, 255)),
        missing(
            () ->
                new Output.Requantized(
                    ElementType.U8, Recipe.FLOAT32_NEAREST_EVEN, null, 0, 0, 255)),
        missing(() -> new QuantizeSpec(ElementType.U8, Scales.ONE, ZeroPoints.ZERO, 0, 255, null)),
        missing(() -> new Weights(null, 0, 0, 0, 0, Bias.none())),
        missing(() -> new Weights(NONE, 0, 0, 0, 0, null)));
  }

  @TestFactory
  Stream<DynamicTest> zeroPointsAndClamps() {
    return Stream.of(
        bad("256", () -> GEMM.withLhs(ElementType.U8, 256)),
        bad("-1", () -> GEMM.withLhs(ElementType.U8, -1)),
        bad("128", () -> GEMM.withLhs(ElementType.S8, 128)),
        bad("-129", () -> GEMM.withRhs(ElementType.S8, ZeroPoints.of(0, 0, -129, 0))),
        bad("1 or 4", () -> GEMM.withRhs(ElementType.S8, ZeroPoints.of(0, 0, 0))),
        bad("empty", () -> ZeroPoints.of()),
        bad(
            "300",
            () -> Output.Requantized.of(ElementType.U8, Recipe.FLOAT32_NEAREST_EVEN, HALF, 300)),
        bad("above maximum 3", () -> requantized(HALF).withClamp(4, 3)),
        bad("-1", () -> requantized(HALF).withClamp(-1, 3)),
        bad("256", () -> requantized(HALF).withClamp(0, 256)),
        bad(
            "5",
            () -> QuantizeSpec.of(ElementType.U8, Scales.ONE, ZeroPoints.ZERO).withClamp(5, 4)),
        bad("400", () -> new DequantizeSpec(ElementType.U8, Scales.ONE, ZeroPoints.of(400))),
        bad("9", () -> fakeQuantize(0, 7, 9)),
        bad("-70000", () -> fakeQuantize(-70000, 7, 0)),
        bad("65537", () -> new FakeQuantizeSpec.Levels(one(0), one(1), one(0), one(1), 65537)),
        bad("1", () -> new FakeQuantizeSpec.Levels(one(0), one(1), one(0), one(1), 1)),
        bad("2.0", () -> new FakeQuantizeSpec.Levels(one(2), one(2), one(0), one(1), 4)),
        bad("NaN", () -> new FakeQuantizeSpec.Levels(one(0), one(Float.NaN), one(0), one(1), 4)),
        bad("length", () -> new FakeQuantizeSpec.Levels(one(0), new float[2], one(0), one(1), 4)));
  }

  @TestFactory
  Stream<DynamicTest> scalesMultipliersAndBiases() {
    return Stream.of(
        bad("NaN", () -> Scales.of(1f, Float.NaN)),
        bad("Infinity", () -> Scales.of(Float.POSITIVE_INFINITY)),
        bad("0.0", () -> Scales.of(0f)),
        bad("-0.5", () -> Scales.of(-0.5f)),
        bad("empty", () -> Scales.of()),
        bad("NaN", () -> new LhsQuantization.Fixed(0, Float.NaN)),
        bad("-1.0", () -> new LhsQuantization.Fixed(0, -1f)),
        bad("Infinity", () -> Multipliers.Float32.of(Float.POSITIVE_INFINITY)),
        bad("0.0", () -> Multipliers.Float64.of(0.0)),
        bad("NaN", () -> Multipliers.FixedPoint.of(Double.NaN)),
        bad("5", () -> Multipliers.FixedPoint.of(new int[] {5}, new int[] {0})),
        bad("-1073741824", () -> Multipliers.FixedPoint.of(new int[] {-(1 << 30)}, new int[] {0})),
        bad("31", () -> Multipliers.FixedPoint.of(new int[] {1 << 30}, new int[] {31})),
        bad("-32", () -> Multipliers.FixedPoint.of(new int[] {1 << 30}, new int[] {-32})),
        bad("2", () -> Multipliers.FixedPoint.of(new int[] {1 << 30}, new int[2])),
        bad("1 or 4", () -> GEMM.withOutput(requantized(Multipliers.Float32.of(1f, 1f)))),
        bad("1 or 6", () -> CONV.withOutput(new Output.Dequantized(Scales.of(1f, 1f)))),
        bad(
            "FixedPoint",
            () ->
                Output.Requantized.of(ElementType.U8, Recipe.FIXED_POINT_SINGLE_ROUNDING, HALF, 0)),
        bad(
            "Float64",
            () -> Output.Requantized.of(ElementType.U8, Recipe.FLOAT64_HALF_AWAY, HALF, 0)),
        bad(
            "2 scales but 3",
            () -> QuantizeSpec.of(ElementType.U8, Scales.of(1, 1), ZeroPoints.of(0, 0, 0))),
        bad("NaN", () -> Bias.of(1f, Float.NaN)),
        bad("Infinity", () -> Bias.of(Float.NEGATIVE_INFINITY)),
        bad(
            "float",
            () -> new RequantizeSpec(1, ElementType.S32, 0, Bias.of(1f), requantized(HALF))),
        bad(
            "2 values",
            () -> new RequantizeSpec(1, ElementType.S32, 0, Bias.of(1, 2), requantized(HALF))),
        bad("ascending", () -> Quantization.asymmetric(ElementType.U8, 2f, 1f)),
        bad("NaN", () -> Quantization.symmetric(Float.NaN, 1f)));
  }

  private static Output.Requantized requantized(Multipliers multipliers) {
    return Output.Requantized.of(ElementType.U8, Recipe.FLOAT32_NEAREST_EVEN, multipliers, 0);
  }

  private static FakeQuantizeSpec.Affine fakeQuantize(int min, int max, int zeroPoint) {
    return new FakeQuantizeSpec.Affine(
        Scales.ONE, ZeroPoints.of(zeroPoint), min, max, QuantizeRule.MULTIPLY_ZERO_POINT_FIRST);
  }

  private static float[] one(float value) {
    return new float[] {value};
  }

  private static DynamicTest bad(String mention, Executable call) {
    return dynamicTest(mention, () -> check(IllegalArgumentException.class, mention, call));
  }

  private static DynamicTest missing(Executable call) {
    return dynamicTest("null", () -> check(NullPointerException.class, "", call));
  }

  private static void check(Class<? extends Exception> expected, String mention, Executable call) {
    Exception thrown = assertThrows(expected, call);
    assertNotNull(thrown.getMessage(), () -> thrown + " has no message");
    assertTrue(
        thrown.getMessage().contains(mention),
        () -> thrown.getMessage() + " does not say " + mention);
  }
}
