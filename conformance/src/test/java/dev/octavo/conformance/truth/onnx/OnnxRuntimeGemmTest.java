package dev.octavo.conformance.truth.onnx;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.conformance.truth.Operands.RhsZeroPoints.PER_CHANNEL;
import static dev.octavo.conformance.truth.Operands.RhsZeroPoints.PER_TENSOR;
import static dev.octavo.conformance.truth.onnx.OnnxModel.CONTRIB;
import static dev.octavo.conformance.truth.onnx.OnnxModel.STANDARD;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Operands;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Products;
import dev.octavo.conformance.truth.Tensor;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * ONNX Runtime's matrix multiplies. Weights are given with each run, or stored in the model, where
 * ONNX Runtime packs them in advance: two paths of its code.
 */
class OnnxRuntimeGemmTest {
  @Property(tries = 150)
  void matMulInteger(@ForAll("anyTypes") GemmProduct p, @ForAll boolean constant) {
    OnnxModel model =
        new OnnxModel(STANDARD, "MatMulInteger")
            .input(p.lhs())
            .argument(p.rhs(), constant)
            .input(Tensor.scalar(p.lhs().type(), p.lhsZeroPoint()))
            .argument(rhsZeroPoints(p), constant);
    OnnxRuntime.claim("MatMulInteger", "none (s32)")
        .check(
            OnnxRuntime.run(model, S32),
            p.output(p.accumulators()),
            p.problem(Output.ACCUMULATORS, Bias.none()),
            p);
  }

  @Property(tries = 150)
  void qLinearMatMul(
      @ForAll("sameSigns") GemmProduct p, @ForAll boolean perChannel, @ForAll boolean constant) {
    int[] acc = p.accumulators();
    ElementType type = p.lhs().type();
    Aim aim = Aim.at(acc, p.n(), perChannel, type, p.random());
    OnnxModel model =
        quantized("QLinearMatMul", STANDARD, p, aim, constant)
            .input(Tensor.scalar(aim.outputScale()))
            .input(Tensor.scalar(type, aim.zeroPoint()));
    Output.Requantized out = Output.Requantized.onnx(aim.lhs(p), aim.rhs(p), aim.output(type));
    OnnxRuntime.claim("QLinearMatMul", "Requantized.onnx")
        .check(
            OnnxRuntime.run(model, type),
            p.output(acc, out),
            p.problem(out, Bias.none()),
            p + " " + aim);
  }

  @Property(tries = 150)
  void qGemm(@ForAll("sameSignsRowsOfK") GemmProduct p, @ForAll boolean constant) {
    boolean perChannel = p.rhsZeroPoints().length > 1; // QGemm wants as many scales
    int[] bias = Aim.bias(p.n(), p.random());
    int[] acc = p.accumulators(bias);
    ElementType type = p.lhs().type();
    Aim aim = Aim.at(acc, p.n(), perChannel, type, p.random());
    OnnxModel model =
        withBias(quantized("QGemm", CONTRIB, p, aim, constant), bias)
            .input(Tensor.scalar(aim.outputScale()))
            .input(Tensor.scalar(type, aim.zeroPoint()))
            .attribute("transB", 1);
    Output.Requantized out = Output.Requantized.onnx(aim.lhs(p), aim.rhs(p), aim.output(type));
    OnnxRuntime.claim("com.microsoft QGemm", "Requantized.onnx")
        .check(
            OnnxRuntime.run(model, type),
            p.output(acc, out),
            p.problem(out, Product.bias(bias)),
            p + " " + aim);
  }

  @Property(tries = 150)
  void qGemmToFloat(@ForAll("sameSignsRowsOfK") GemmProduct p, @ForAll boolean constant) {
    boolean perChannel = p.rhsZeroPoints().length > 1; // QGemm wants as many scales
    int[] bias = Aim.bias(p.n(), p.random());
    int[] acc = p.accumulators(bias);
    Aim aim = Aim.at(acc, p.n(), perChannel, p.lhs().type(), p.random());
    OnnxModel model =
        withBias(quantized("QGemm", CONTRIB, p, aim, constant), bias).attribute("transB", 1);
    OnnxRuntime.claim("com.microsoft QGemm to float", "f32 output")
        .check(
            OnnxRuntime.run(model, F32),
            p.output(acc, aim.lhsScale(), aim.scales(), null),
            dequantized(p, aim, Product.bias(bias)),
            p + " " + aim);
  }

  @Property(tries = 150)
  void matMulIntegerToFloat(
      @ForAll("sameSigns") GemmProduct p,
      @ForAll boolean perChannel,
      @ForAll boolean biased,
      @ForAll boolean constant) {
    int[] acc = p.accumulators();
    Aim aim = Aim.at(acc, p.n(), perChannel, p.lhs().type(), p.random());
    float[] bias = biased ? aim.floatBias(p.n(), p.random()) : null;
    OnnxModel model =
        new OnnxModel(CONTRIB, "MatMulIntegerToFloat")
            .input(p.lhs())
            .argument(p.rhs(), constant)
            .input(Tensor.scalar(aim.lhsScale()))
            .argument(Tensor.floats(aim.rhsScales(), aim.rhsScales().length), constant)
            .input(Tensor.scalar(p.lhs().type(), p.lhsZeroPoint()))
            .argument(rhsZeroPoints(p), constant);
    if (biased) {
      model.constant(Tensor.floats(bias, p.n()));
    }
    OnnxRuntime.claim("com.microsoft MatMulIntegerToFloat", "f32 output")
        .check(
            OnnxRuntime.run(model, F32),
            p.output(acc, aim.lhsScale(), aim.scales(), bias),
            dequantized(p, aim, biased ? Bias.of(bias) : Bias.none()),
            p + " " + aim);
  }

  private static Problem dequantized(GemmProduct p, Aim aim, Bias bias) {
    return p.problem(
        new LhsQuantization.Fixed(p.lhsZeroPoint(), aim.lhsScale()),
        new Output.Dequantized(aim.scales()),
        bias);
  }

  private static OnnxModel quantized(
      String operator, String domain, GemmProduct p, Aim aim, boolean constant) {
    return new OnnxModel(domain, operator)
        .input(p.lhs())
        .input(Tensor.scalar(aim.lhsScale()))
        .input(Tensor.scalar(p.lhs().type(), p.lhsZeroPoint()))
        .argument(p.rhs(), constant)
        .argument(Tensor.floats(aim.rhsScales(), aim.rhsScales().length), constant)
        .argument(rhsZeroPoints(p, aim.rhsScales().length), constant);
  }

  private static OnnxModel withBias(OnnxModel model, int[] bias) {
    return bias == null ? model.absent() : model.constant(Tensor.integers(S32, bias, bias.length));
  }

  private static Tensor rhsZeroPoints(GemmProduct p) {
    int[] zr = p.rhsZeroPoints();
    return Tensor.integers(p.rhs().type(), zr, zr.length);
  }

  /** As many zero points as scales where there are more of these. */
  private static Tensor rhsZeroPoints(GemmProduct p, int scales) {
    Tensor zr = rhsZeroPoints(p);
    if (zr.count() >= scales) {
      return zr;
    }
    Tensor repeated = Tensor.of(zr.type(), scales);
    for (int c = 0; c < scales; c++) {
      repeated.put(c, zr.integer(0));
    }
    return repeated;
  }

  @Provide
  Arbitrary<GemmProduct> anyTypes() {
    return Products.gemms(
        true,
        Operands.of(U8, S8, PER_CHANNEL),
        Operands.of(U8, U8, PER_TENSOR),
        Operands.of(S8, S8, PER_TENSOR),
        Operands.of(S8, U8, PER_CHANNEL));
  }

  @Provide
  Arbitrary<GemmProduct> sameSigns() {
    return Products.gemms(true, SAME_SIGNS);
  }

  @Provide
  Arbitrary<GemmProduct> sameSignsRowsOfK() {
    return Products.gemms(false, SAME_SIGNS);
  }

  private static final Operands[] SAME_SIGNS = {
    Operands.of(U8, S8, PER_TENSOR),
    Operands.of(U8, S8, PER_CHANNEL),
    Operands.of(U8, U8, PER_TENSOR),
    Operands.of(U8, U8, PER_CHANNEL),
    Operands.of(S8, S8, PER_TENSOR),
    Operands.of(S8, S8, PER_CHANNEL)
  };
}
