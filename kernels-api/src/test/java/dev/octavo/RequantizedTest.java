package dev.octavo;

import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The outputs that ecosystems mean, from the numbers that their models hold. */
class RequantizedTest {
  private static final Quantization LHS = Quantization.of(U8, 0.3f, 7);
  private static final Quantization RHS = Quantization.of(S8, 0.7f, 0);
  private static final Quantization CHANNELS = Quantization.ofChannels(S8, 0.7f, 0.9f);
  private static final Quantization SIGNED = Quantization.of(S8, 0.11f, -3);
  private static final Quantization UNSIGNED = Quantization.of(U8, 0.11f, 130);

  @Test
  void onnxFormsTheMultiplierInBinary32() {
    Output.Requantized out = Output.Requantized.onnx(LHS, CHANNELS, UNSIGNED);
    assertEquals(Recipe.FLOAT32_NEAREST_EVEN, out.recipe());
    assertEquals(
        Multipliers.Float32.of(0.3f * 0.7f / 0.11f, 0.3f * 0.9f / 0.11f), out.multipliers());
    assertEquals(130, out.zeroPoint());
    assertEquals(0, out.min());
    assertEquals(255, out.max());
  }

  @Test
  void tfliteFormsItInBinary64ForSignedOutputs() {
    Output.Requantized out = Output.Requantized.tflite(LHS, CHANNELS, SIGNED);
    assertEquals(Recipe.FIXED_POINT_DOUBLE_ROUNDING, out.recipe());
    assertEquals(
        Multipliers.FixedPoint.of((double) 0.3f * 0.7f / 0.11f, (double) 0.3f * 0.9f / 0.11f),
        out.multipliers());
  }

  @Test
  void tfliteFormsTheProductInBinary32ForUnsignedOutputs() {
    Output.Requantized out = Output.Requantized.tflite(LHS, RHS, UNSIGNED);
    assertEquals(Multipliers.FixedPoint.of((double) (0.3f * 0.7f) / 0.11f), out.multipliers());
    assertEquals(
        out.multipliers(), Output.Requantized.tflitePerTensor(LHS, RHS, UNSIGNED).multipliers());
    assertEquals(
        Multipliers.FixedPoint.of((double) (0.3f * 0.7f) / 0.11f),
        Output.Requantized.tflitePerTensor(LHS, RHS, SIGNED).multipliers());
    assertThrows(
        IllegalArgumentException.class,
        () -> Output.Requantized.tflite(LHS, CHANNELS, UNSIGNED),
        "an unsigned output has no per-channel weights there");
  }

  @Test
  void theOtherEcosystemsHaveTheirRecipes() {
    assertEquals(
        Recipe.FLOAT64_HALF_AWAY,
        Output.Requantized.tfliteFullyConnected(LHS, CHANNELS, SIGNED).recipe());
    assertEquals(
        Recipe.FLOAT32_FLOAT_BIAS, Output.Requantized.fbgemm(LHS, CHANNELS, UNSIGNED).recipe());
    Output.Requantized oneDnn = Output.Requantized.oneDnn(LHS, CHANNELS, UNSIGNED);
    assertEquals(Recipe.FLOAT32_ZERO_POINT_FIRST, oneDnn.recipe());
    assertEquals(
        Output.Requantized.onnx(LHS, CHANNELS, UNSIGNED).multipliers(), oneDnn.multipliers());
  }

  @Test
  void qnnpackMultipliesByReciprocals() {
    Output.Requantized out = Output.Requantized.qnnpack(LHS, CHANNELS, UNSIGNED);
    assertEquals(Recipe.FLOAT32_NEAREST_EVEN, out.recipe());
    assertEquals(
        Multipliers.Float32.of(0.3f * 0.7f * (1 / 0.11f), 0.3f * 0.9f * (1 / 0.11f)),
        out.multipliers());
    // A case in which the last bit differs, found against PyTorch 2.10: 4061 m is a tie or not.
    Scales rhs = Scales.of(0.019923072f);
    float divided = Multipliers.Float32.of(0.0053723454f, rhs, 0.018496323f).at(0);
    float multiplied = Multipliers.Float32.ofReciprocal(0.0053723454f, rhs, 0.018496323f).at(0);
    assertEquals(Math.nextUp(divided), multiplied);
  }

  @Test
  void pytorchsEnginesPrepareARealBiasEachInItsWay() {
    float[] bias = {0.5f, -1f};
    assertEquals(
        Bias.of(0.5f / (0.3f * 0.7f), -1f / (0.3f * 0.9f)), Bias.fbgemm(bias, LHS, CHANNELS));
    assertEquals(
        Bias.of(0.5f * (1 / (0.3f * 0.7f)), -1f * (1 / (0.3f * 0.7f))),
        Bias.fbgemm(bias, LHS, RHS));
    float third = 0.3333333f; // one that a quotient and a product with the reciprocal tell apart
    assertNotEquals(third / (0.3f * 0.7f), third * (1 / (0.3f * 0.7f)));
    assertEquals(Bias.of(third * (1 / (0.3f * 0.7f))), Bias.fbgemm(new float[] {third}, LHS, RHS));
    assertEquals(Bias.of(2, -4), Bias.qnnpack(bias, LHS, CHANNELS)); // 2.38, −3.70
    Quantization ones = Quantization.of(U8, 1f, 0);
    Quantization eighths = Quantization.of(S8, 0.125f, 0);
    assertEquals(
        Bias.of(0, 2, Integer.MAX_VALUE, Integer.MIN_VALUE),
        Bias.qnnpack(new float[] {0.0625f, 0.1875f, 1e30f, -1e30f}, ones, eighths));
    assertThrows(
        IllegalArgumentException.class, () -> Bias.qnnpack(new float[] {Float.NaN}, ones, eighths));
    assertThrows(IllegalArgumentException.class, () -> Bias.qnnpack(new float[3], LHS, CHANNELS));
  }

  @Test
  void activationsAndOutputsArePerTensor() {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> Output.Requantized.onnx(CHANNELS, RHS, UNSIGNED));
    assertTrue(error.getMessage().contains("2 channels"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Output.Requantized.onnx(LHS, RHS, CHANNELS));
  }

  @Test
  void aRealClampRoundsHalfAway() {
    Output.Requantized out = Output.Requantized.tflite(LHS, RHS, Quantization.of(S8, 12f, -3));
    Output.Requantized relu6 = out.withRealClamp(12f, 0, 6); // 6 / 12 = ½ rounds to 1
    assertEquals(-3, relu6.min());
    assertEquals(-2, relu6.max());
    Output.Requantized relu = out.withRealClamp(12f, 0, Float.POSITIVE_INFINITY);
    assertEquals(-3, relu.min());
    assertEquals(127, relu.max());
    assertEquals(-2, out.withRealClamp(12f, 6, 6).min(), "a range of one value is one");
    assertThrows(IllegalArgumentException.class, () -> out.withRealClamp(12f, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> out.withRealClamp(0f, 0, 6));
  }

  @Test
  void specsTakeWholeQuantizations() {
    GemmSpec gemm = GemmSpec.of(2, 5).withOperands(LHS, CHANNELS);
    assertEquals(U8, gemm.lhsType());
    assertEquals(new LhsQuantization.Fixed(7, 0.3f), gemm.lhs());
    assertEquals(ZeroPoints.of(0, 0), gemm.rhsZeroPoints());
    ConvSpec conv = ConvSpec.of(3, 2, Window.of(3, 3)).withOperands(SIGNED, RHS);
    assertEquals(S8, conv.lhsType());
    assertEquals(new LhsQuantization.Fixed(-3, 0.11f), conv.lhs());
    assertThrows(
        IllegalArgumentException.class, () -> GemmSpec.of(2, 5).withOperands(CHANNELS, RHS));
  }
}
