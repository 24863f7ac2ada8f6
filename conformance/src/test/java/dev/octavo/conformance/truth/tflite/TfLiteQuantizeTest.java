package dev.octavo.conformance.truth.tflite;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Bias;
import dev.octavo.DequantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.Multipliers;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.truth.Tensor;
import dev.octavo.conformance.truth.Values;
import dev.octavo.conformance.truth.tflite.TfLiteModel.Operator;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.tensorflow.lite.schema.QuantizationParametersT;

/** TensorFlow Lite's ways in and out of 8 bits, and from 8 bits to 8 bits. */
@AddLifecycleHook(TfLite.Absent.class)
class TfLiteQuantizeTest {
  @Property(tries = 100)
  void quantize(@ForAll("perTensor") Values v) {
    quantize(TfLite.REFERENCE, "QUANTIZE", v, QuantizeRule.DIVIDE_HALF_AWAY);
    quantize(TfLite.XNNPACK, "QUANTIZE", v, QuantizeRule.MULTIPLY_HALF_EVEN);
    quantizeBuiltin(v);
  }

  @Property(tries = 100)
  void quantizePerChannel(@ForAll("perChannel") Values v) {
    quantize(TfLite.REFERENCE, "QUANTIZE per channel", v, QuantizeRule.DIVIDE_HALF_AWAY);
    quantize(TfLite.BUILTIN, "QUANTIZE per channel", v, QuantizeRule.DIVIDE_HALF_AWAY);
  }

  private static void quantize(TfLite engine, String operator, Values v, QuantizeRule rule) {
    Tensor x = v.floats(false);
    QuantizeSpec spec =
        QuantizeSpec.of(v.type(), v.scaleParameters(), v.zeroPointParameters()).withRule(rule);
    engine
        .claim(operator, rule.toString())
        .check(quantized(engine, v, x), v.quantized(rule, x), v.problem(spec, x), v);
  }

  /** It divides in binary64 and rounds half away: no rule of ours, the last bits differ. */
  private static void quantizeBuiltin(Values v) {
    Tensor x = v.floats(false);
    Tensor expected = Tensor.of(v.type(), v.extents());
    for (int i = 0; i < x.count(); i++) {
      double real = (double) x.real(i) / v.scales()[0];
      long rounded = (long) Math.copySign(Math.floor(Math.abs(real) + 0.5), real);
      expected.put(
          i, (int) Math.clamp(rounded + v.zeroPoints()[0], (long) v.type().min(), v.type().max()));
    }
    long differing =
        TfLite.BUILTIN
            .claim("QUANTIZE", "none: halfAway(f64(x / s))")
            .count("norm", quantized(TfLite.BUILTIN, v, x), expected);
    assertEquals(0, differing, v::toString);
  }

  private static Tensor quantized(TfLite engine, Values v, Tensor x) {
    Tensor output = Tensor.of(v.type(), v.extents());
    engine.run(
        new TfLiteModel(Operator.QUANTIZE)
            .tensor(F32, v.extents(), null)
            .tensor(v.type(), v.extents(), parameters(v)),
        x,
        output);
    return output;
  }

  @Property(tries = 100)
  void dequantize(@ForAll("perTensor") Values v) {
    for (TfLite engine : TfLite.values()) {
      dequantize(engine, "DEQUANTIZE", v);
    }
  }

  @Property(tries = 100)
  void dequantizePerChannel(@ForAll("perChannel") Values v) {
    dequantize(TfLite.REFERENCE, "DEQUANTIZE per channel", v);
    dequantize(TfLite.BUILTIN, "DEQUANTIZE per channel", v);
  }

  private static void dequantize(TfLite engine, String operator, Values v) {
    Tensor x = v.integers(v.type());
    Tensor theirs = Tensor.of(F32, v.extents());
    engine.run(
        new TfLiteModel(Operator.DEQUANTIZE)
            .tensor(v.type(), v.extents(), parameters(v))
            .tensor(F32, v.extents(), null),
        x,
        theirs);
    DequantizeSpec spec =
        new DequantizeSpec(v.type(), v.scaleParameters(), v.zeroPointParameters());
    engine
        .claim(operator, "Norm.dequantize")
        .check(theirs, v.dequantized(x), v.problem(spec, x), v);
  }

  /** The 256 integers of one quantization to another. */
  @Property(tries = 200)
  void requantize(@ForAll long seed, @ForAll boolean unsigned, @ForAll boolean flip) {
    SplittableRandom random = new SplittableRandom(seed);
    ElementType from = unsigned ? U8 : S8;
    ElementType to = unsigned == flip ? S8 : U8;
    float outputScale = scale(random);
    float inputScale = random.nextInt(4) == 0 ? outputScale : scale(random);
    int inputZero = random.nextInt(from.min(), from.max() + 1);
    int outputZero = random.nextInt(to.min(), to.max() + 1);
    Multipliers real = Multipliers.FixedPoint.of((double) inputScale / outputScale);
    Output.Requantized twice =
        Output.Requantized.of(to, Recipe.FIXED_POINT_DOUBLE_ROUNDING, real, outputZero);
    requantize(TfLite.REFERENCE, inputScale, outputScale, from, inputZero, twice);
    requantize(TfLite.BUILTIN, inputScale, outputScale, from, inputZero, twice);
    // XNNPACK takes it only within one type, with a multiplier of eight fractional bits.
    double eighths = Math.rint(inputScale / outputScale * 256);
    if (from == to && eighths >= 1 && eighths <= 1 << 15) {
      Output.Requantized once =
          Output.Requantized.of(
              to,
              Recipe.FIXED_POINT_SINGLE_ROUNDING,
              Multipliers.FixedPoint.of(eighths / 256),
              outputZero);
      requantize(TfLite.XNNPACK, inputScale, outputScale, from, inputZero, once);
    }
  }

  private static float scale(SplittableRandom random) {
    float power = Math.scalb(1f, -random.nextInt(4));
    return random.nextBoolean()
        ? power * (1 + random.nextInt(9))
        : power * (float) random.nextDouble(1, 2);
  }

  private static void requantize(
      TfLite engine,
      float inputScale,
      float outputScale,
      ElementType from,
      int inputZero,
      Output.Requantized out) {
    Tensor x = Tensor.of(from, 1, 256);
    Tensor norm = Tensor.of(out.type(), 1, 256);
    for (int i = 0; i < 256; i++) {
      x.put(i, from.min() + i);
      norm.put(i, Norm.requantize(out, from.min() + i - inputZero, 0));
    }
    Tensor theirs = Tensor.of(out.type(), 1, 256);
    engine.run(
        new TfLiteModel(Operator.QUANTIZE)
            .tensor(from, x.extents(), TfLiteModel.quantization(inputScale, inputZero))
            .tensor(
                out.type(),
                theirs.extents(),
                TfLiteModel.quantization(outputScale, out.zeroPoint())),
        x,
        theirs);
    RequantizeSpec spec = new RequantizeSpec(1, from, inputZero, Bias.none(), out);
    engine
        .claim("QUANTIZE 8 bits to 8 bits", out.recipe().toString())
        .check(
            theirs,
            norm,
            new Problem(spec, spec.elements(1, 256), x.bytes()),
            inputScale + " to " + out);
  }

  private static QuantizationParametersT parameters(Values v) {
    return TfLiteModel.quantization(v.scales(), v.zeroPoints(), v.perChannel() ? 1 : 0);
  }

  @Provide
  Arbitrary<Values> perTensor() {
    return Values.of(false, U8, S8);
  }

  @Provide
  Arbitrary<Values> perChannel() {
    return Values.of(true, U8, S8);
  }
}
