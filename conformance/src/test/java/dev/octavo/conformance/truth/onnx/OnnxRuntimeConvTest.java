package dev.octavo.conformance.truth.onnx;

import static dev.octavo.ElementType.S32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.conformance.truth.Operands.RhsZeroPoints.PER_TENSOR;
import static dev.octavo.conformance.truth.Operands.RhsZeroPoints.ZERO;
import static dev.octavo.conformance.truth.onnx.OnnxModel.STANDARD;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.Output;
import dev.octavo.Window;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.Operands;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Products;
import dev.octavo.conformance.truth.Products.Kind;
import dev.octavo.conformance.truth.Tensor;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * ONNX Runtime's convolutions, channels first. Constant s8 weights with zero point 0 take a path of
 * their own there, depthwise ones yet another.
 */
class OnnxRuntimeConvTest {
  @Property(tries = 100)
  void convInteger(@ForAll("dense") ConvProduct p, @ForAll boolean constant) {
    convInteger("ConvInteger", p, constant);
  }

  @Property(tries = 50)
  void convIntegerGrouped(@ForAll("groups") ConvProduct p, @ForAll boolean constant) {
    convInteger("ConvInteger (groups)", p, constant);
  }

  @Property(tries = 50)
  void convIntegerOneDimensional(@ForAll("lines") ConvProduct p, @ForAll boolean constant) {
    convInteger("ConvInteger (1-D)", p, constant);
  }

  private static void convInteger(String name, ConvProduct p, boolean constant) {
    OnnxModel model =
        new OnnxModel(STANDARD, "ConvInteger")
            .input(image(p))
            .argument(filter(p), constant)
            .input(Tensor.scalar(p.lhs().type(), p.lhsZeroPoint()))
            .argument(Tensor.scalar(p.rhs().type(), p.rhsZeroPoints()[0]), constant);
    OnnxRuntime.claim(name, "none (s32)")
        .check(
            OnnxRuntime.run(window(model, p), S32),
            p.output(p.accumulators()),
            p.problem(Output.ACCUMULATORS, Bias.none()),
            p);
  }

  @Property(tries = 150)
  void qLinearConv(
      @ForAll("quantizedDense") ConvProduct p,
      @ForAll boolean perChannel,
      @ForAll boolean constant) {
    qLinearConv("QLinearConv", p, perChannel, constant);
  }

  @Property(tries = 100)
  void qLinearConvGrouped(
      @ForAll("quantizedGroups") ConvProduct p,
      @ForAll boolean perChannel,
      @ForAll boolean constant) {
    qLinearConv("QLinearConv (groups)", p, perChannel, constant);
  }

  @Property(tries = 100)
  void qLinearConvDepthwise(
      @ForAll("quantizedDepthwise") ConvProduct p,
      @ForAll boolean perChannel,
      @ForAll boolean constant) {
    qLinearConv("QLinearConv (depthwise)", p, perChannel, constant);
  }

  @Property(tries = 100)
  void qLinearConvOneDimensional(
      @ForAll("quantizedLines") ConvProduct p,
      @ForAll boolean perChannel,
      @ForAll boolean constant) {
    qLinearConv("QLinearConv (1-D)", p, perChannel, constant);
  }

  private static void qLinearConv(
      String name, ConvProduct p, boolean perChannel, boolean constant) {
    int[] bias = Aim.bias(p.channels(), p.random());
    int[] acc = p.accumulators(bias);
    ElementType type = p.lhs().type();
    Aim aim = Aim.at(acc, p.channels(), perChannel, type, p.random());
    long[] extents = perChannel ? new long[] {p.channels()} : new long[0];
    OnnxModel model =
        new OnnxModel(STANDARD, "QLinearConv")
            .input(image(p))
            .constant(Tensor.scalar(aim.lhsScale()))
            .constant(Tensor.scalar(type, p.lhsZeroPoint()))
            .argument(filter(p), constant)
            .constant(Tensor.floats(aim.rhsScales(), extents))
            .constant(Tensor.scalar(p.rhs().type(), p.rhsZeroPoints()[0]))
            .constant(Tensor.scalar(aim.outputScale()))
            .constant(Tensor.scalar(type, aim.zeroPoint()));
    if (bias != null) {
      model.constant(Tensor.integers(S32, bias, bias.length));
    }
    Output.Requantized out = Output.Requantized.onnx(aim.lhs(p), aim.rhs(p), aim.output(type));
    OnnxRuntime.claim(name, "Requantized.onnx")
        .check(
            OnnxRuntime.run(window(model, p), type),
            p.output(acc, out),
            p.problem(out, Product.bias(bias)),
            p + " " + aim);
  }

  /** Whether the problem is put as one of rank 3. */
  private static boolean line(ConvProduct p) {
    Window w = p.window();
    return p.height() == 1 && w.kernelHeight() == 1 && w.padTop() + w.padBottom() == 0;
  }

  private static Tensor image(ConvProduct p) {
    return line(p) ? p.lhs().reshaped(p.batch(), p.inChannels(), p.width()) : p.lhs();
  }

  private static Tensor filter(ConvProduct p) {
    return line(p)
        ? p.rhs().reshaped(p.channels(), p.groupInChannels(), p.window().kernelWidth())
        : p.rhs();
  }

  private static OnnxModel window(OnnxModel model, ConvProduct p) {
    Window w = p.window();
    model.attribute("group", p.groups());
    return line(p)
        ? model
            .attribute("kernel_shape", new long[] {w.kernelWidth()})
            .attribute("strides", new long[] {w.strideWidth()})
            .attribute("dilations", new long[] {w.dilationWidth()})
            .attribute("pads", new long[] {w.padLeft(), w.padRight()})
        : model
            .attribute("kernel_shape", new long[] {w.kernelHeight(), w.kernelWidth()})
            .attribute("strides", new long[] {w.strideHeight(), w.strideWidth()})
            .attribute("dilations", new long[] {w.dilationHeight(), w.dilationWidth()})
            .attribute("pads", new long[] {w.padTop(), w.padLeft(), w.padBottom(), w.padRight()});
  }

  @Provide
  Arbitrary<ConvProduct> dense() {
    return convs(Kind.DENSE, INTEGER);
  }

  @Provide
  Arbitrary<ConvProduct> groups() {
    return convs(Kind.GROUPED, INTEGER);
  }

  @Provide
  Arbitrary<ConvProduct> lines() {
    return convs(Kind.ONE_DIMENSIONAL, INTEGER);
  }

  @Provide
  Arbitrary<ConvProduct> quantizedDense() {
    return convs(Kind.DENSE, QUANTIZED);
  }

  @Provide
  Arbitrary<ConvProduct> quantizedGroups() {
    return convs(Kind.GROUPED, QUANTIZED);
  }

  @Provide
  Arbitrary<ConvProduct> quantizedDepthwise() {
    return convs(Kind.DEPTHWISE, QUANTIZED);
  }

  @Provide
  Arbitrary<ConvProduct> quantizedLines() {
    return convs(Kind.ONE_DIMENSIONAL, QUANTIZED);
  }

  private static Arbitrary<ConvProduct> convs(Kind kind, Operands... operands) {
    return Products.convs(kind, ConvProduct.Layout.FIRST, Products.Padding.EXPLICIT, operands);
  }

  private static final Operands[] INTEGER = {
    Operands.of(U8, S8, PER_TENSOR),
    Operands.of(U8, U8, PER_TENSOR),
    Operands.of(S8, S8, PER_TENSOR),
    Operands.of(S8, U8, PER_TENSOR)
  };

  private static final Operands[] QUANTIZED = {
    Operands.of(U8, S8, PER_TENSOR),
    Operands.of(U8, S8, ZERO),
    Operands.of(U8, U8, PER_TENSOR),
    Operands.of(S8, S8, PER_TENSOR),
    Operands.of(S8, S8, ZERO)
  };
}
