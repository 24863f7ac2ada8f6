package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Bias;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.conformance.oracle.DequantizeOracle;
import dev.octavo.conformance.oracle.DynamicQuantizeOracle;
import dev.octavo.conformance.oracle.FakeQuantizeOracle;
import dev.octavo.conformance.problems.Aim;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.Reals;
import dev.octavo.conformance.problems.Stage;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The norm, which is short Java, against the oracles, which are exact arithmetic: the two say the
 * same.
 */
class NormTest {
  private static final int EACH = 20;

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void requantize(@ForAll("stages") Stage stage, @ForAll Aim aim, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Output.Requantized output = stage.requantized(1, random);
    for (int i = 0; i < EACH; i++) {
      int acc = aim.target(output, 0, random);
      float bias = random.nextInt(-1000, 1000) + random.nextFloat();
      assertEquals(
          Oracles.requantize(output, Bias.of(bias), acc, 0),
          Norm.requantize(output, acc, bias, 0),
          () -> acc + " by " + output + ", float bias " + bias);
      assertEquals(
          Oracles.requantize(output, Bias.none(), acc, 0),
          Norm.requantize(output, acc, 0),
          () -> acc + " by " + output);
    }
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void quantize(
      @ForAll("scales") Stage stage,
      @ForAll QuantizeRule rule,
      @ForAll Reals reals,
      @ForAll byte z,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float scale = stage.scales(1, random).at(0);
    for (int i = 0; i < EACH; i++) {
      float x = reals.value(scale, z, random);
      assertEquals(
          Oracles.quantize(rule, x, scale, z, -128, 127),
          Norm.quantize(rule, x, scale, z, -128, 127),
          () -> x + " by " + rule + ", scale " + scale + ", zero point " + z);
    }
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void dequantize(@ForAll("scales") Stage stage, @ForAll int x, @ForAll byte z, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float left = stage.scales(1, random).at(0);
    float right = random.nextFloat(0.01f, 2f);
    float bias = (float) random.nextGaussian();
    same(DequantizeOracle.element(x, z, left), Norm.dequantize(x, left, z));
    same(DequantizeOracle.accumulator(x, left, right), Norm.dequantizeAccumulator(x, left * right));
    same(
        DequantizeOracle.accumulator(x, left, right, bias),
        Norm.dequantizeAccumulator(x, left * right, bias));
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void dynamicQuantize(
      @ForAll Reals reals, @ForAll boolean symmetric, @ForAll boolean unsigned, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DynamicQuantizeSpec spec =
        new DynamicQuantizeSpec(
            unsigned && !symmetric ? ElementType.U8 : ElementType.S8,
            symmetric ? DynamicQuantizeSpec.Range.SYMMETRIC : DynamicQuantizeSpec.Range.ASYMMETRIC,
            false);
    float[] values = new float[random.nextInt(4)];
    float lo = 0;
    float hi = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = reals.value(random.nextFloat(0.01f, 10f), 0, random);
      lo = values[i] < lo ? values[i] : lo;
      hi = values[i] > hi ? values[i] : hi;
    }
    float scale = Norm.dynamicScale(spec, lo, hi);
    same(DynamicQuantizeOracle.scale(values, spec.min(), spec.max(), symmetric), scale);
    assertEquals(
        DynamicQuantizeOracle.zeroPoint(values, scale, spec.min(), spec.max(), symmetric),
        Norm.dynamicZeroPoint(spec, lo, scale));
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void fakeQuantizeLevels(@ForAll Reals reals, @ForAll boolean reversed, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float a = (float) random.nextGaussian() * 10;
    float b = a + random.nextFloat(0.1f, 30f);
    float ol = (float) random.nextGaussian();
    float oh = (float) random.nextGaussian();
    int levels = random.nextInt(2, 300);
    for (int i = 0; i < EACH; i++) {
      float x = reals.value((b - a) / (levels - 1), 0, random);
      float il = reversed ? b : a;
      float ih = reversed ? a : b;
      same(
          FakeQuantizeOracle.levels(x, il, ih, ol, oh, levels),
          Norm.fakeQuantizeLevels(x, il, ih, ol, oh, levels));
    }
  }

  private static void same(float expected, float actual) {
    assertEquals(
        Float.floatToIntBits(expected),
        Float.floatToIntBits(actual),
        () -> expected + " is not " + actual);
  }

  @Provide
  Arbitrary<Stage> stages() {
    return Drafts.stages(Stage.Kind.REQUANTIZED);
  }

  @Provide
  Arbitrary<Stage> scales() {
    return Drafts.stages(Stage.Kind.DEQUANTIZED);
  }
}
