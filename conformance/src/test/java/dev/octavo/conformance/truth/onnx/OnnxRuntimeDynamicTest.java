package dev.octavo.conformance.truth.onnx;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.conformance.truth.onnx.OnnxModel.CONTRIB;
import static dev.octavo.conformance.truth.onnx.OnnxModel.STANDARD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Bias;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.Claim;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Operands;
import dev.octavo.conformance.truth.Operands.RhsZeroPoints;
import dev.octavo.conformance.truth.Products;
import dev.octavo.conformance.truth.Tensor;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** ONNX Runtime's dynamic quantization: scale and zero point come from the data of each run. */
class OnnxRuntimeDynamicTest {
  private static final DynamicQuantizeSpec SPEC = DynamicQuantizeSpec.onnx();

  @Property(tries = 300)
  void dynamicQuantizeLinear(@ForAll("matrices") GemmProduct p) {
    Tensor x = reals(p);
    Quantized norm = Quantized.of(x);
    Tensor[] theirs =
        OnnxRuntime.run(new OnnxModel(STANDARD, "DynamicQuantizeLinear").input(x), U8, F32, U8);
    Claim claim = OnnxRuntime.claim("DynamicQuantizeLinear", "DynamicQuantizeSpec.onnx()");
    assertEquals(theirs[1].real(0), norm.scale, () -> "scale of " + p);
    assertEquals(theirs[2].integer(0), norm.zeroPoint, () -> "zero point of " + p);
    Problem problem = new Problem(SPEC, SPEC.elements(1, x.count()), x.bytes());
    Answer answer =
        new Answer(
            theirs[0].bytes(), new float[] {theirs[1].real(0)}, new int[] {theirs[2].integer(0)});
    claim.check(theirs[0], norm.values, answer, problem, p);
  }

  @Property(tries = 200)
  void dynamicQuantizeMatMul(
      @ForAll("matrices") GemmProduct p,
      @ForAll boolean perChannel,
      @ForAll boolean biased,
      @ForAll boolean constant) {
    Tensor x = reals(p);
    Quantized lhs = Quantized.of(x);
    GemmProduct q = p.withLhs(lhs.values, lhs.zeroPoint);
    int[] acc = q.accumulators();
    Aim aim = Aim.at(acc, p.n(), perChannel, U8, p.random());
    float[] bias = biased ? aim.floatBias(p.n(), p.random()) : null;
    OnnxModel model =
        new OnnxModel(CONTRIB, "DynamicQuantizeMatMul")
            .input(x)
            .argument(p.rhs(), constant)
            .argument(Tensor.floats(aim.rhsScales(), aim.rhsScales().length), constant)
            .argument(
                Tensor.integers(p.rhs().type(), p.rhsZeroPoints(), p.rhsZeroPoints().length),
                constant);
    if (biased) {
      model.constant(Tensor.floats(bias, p.n()));
    }
    Problem fixed =
        q.problem(
            new LhsQuantization.PerTensor(),
            new Output.Dequantized(aim.scales()),
            biased ? Bias.of(bias) : Bias.none());
    Problem problem =
        new Problem(
            fixed.spec(),
            fixed.filter(),
            fixed.shape(),
            fixed.input(),
            new float[] {lhs.scale},
            new int[] {lhs.zeroPoint});
    OnnxRuntime.claim("com.microsoft DynamicQuantizeMatMul", "f32 output")
        .check(
            OnnxRuntime.run(model, F32),
            q.output(acc, lhs.scale, aim.scales(), bias),
            problem,
            p + " " + aim);
  }

  /** A matrix quantized from its own range, by the norm. */
  private record Quantized(Tensor values, float scale, int zeroPoint) {
    static Quantized of(Tensor x) {
      float lo = 0;
      float hi = 0;
      for (int i = 0; i < x.count(); i++) {
        lo = Math.min(lo, x.real(i));
        hi = Math.max(hi, x.real(i));
      }
      float scale = Norm.dynamicScale(SPEC, lo, hi);
      int zeroPoint = Norm.dynamicZeroPoint(SPEC, lo, scale);
      Tensor values = Tensor.of(U8, x.extents());
      for (int i = 0; i < x.count(); i++) {
        values.put(
            i, Norm.quantize(QuantizeRule.DIVIDE_HALF_EVEN, x.real(i), scale, zeroPoint, 0, 255));
      }
      return new Quantized(values, scale, zeroPoint);
    }
  }

  /**
   * Reals of all kinds of range: random, a grid of half steps (half of the values then lie at a
   * tie), of one sign, all zero.
   */
  private static Tensor reals(GemmProduct p) {
    SplittableRandom random = p.random();
    Tensor x = Tensor.of(F32, p.m(), p.k());
    int mode = random.nextInt(8);
    float unit = Math.scalb(1f, random.nextInt(-30, 20));
    int offset = random.nextInt(256);
    for (int i = 0; i < x.count(); i++) {
      x.put(
          i,
          switch (mode) {
            case 0 -> 0f;
            case 1 -> unit * (float) random.nextDouble();
            case 2 -> -unit * (float) random.nextDouble();
            case 3, 4 -> unit * (float) random.nextDouble(-1, 1);
            default -> unit * (random.nextInt(511) * 0.5f - offset);
          });
    }
    if (mode >= 5 && x.count() > 1) { // both ends of the grid, so that the scale is its unit
      x.put(0, unit * -offset);
      x.put(x.count() - 1, unit * (255 - offset));
    }
    return x;
  }

  @Provide
  Arbitrary<GemmProduct> matrices() {
    return Products.gemms(
        true,
        Operands.of(U8, S8, RhsZeroPoints.PER_TENSOR),
        Operands.of(U8, S8, RhsZeroPoints.ZERO),
        Operands.of(U8, U8, RhsZeroPoints.PER_TENSOR));
  }
}
