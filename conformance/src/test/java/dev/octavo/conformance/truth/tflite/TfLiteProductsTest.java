package dev.octavo.conformance.truth.tflite;

import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.ElementType;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Quantization;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.Claim;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.ConvProduct.Layout;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Operands;
import dev.octavo.conformance.truth.Operands.RhsZeroPoints;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Products;
import dev.octavo.conformance.truth.Products.Kind;
import dev.octavo.conformance.truth.Products.Padding;
import dev.octavo.conformance.truth.Tensor;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * TensorFlow Lite's convolutions and fully connected layers, each problem on all three engines,
 * with and without a fused activation. Which recipe an engine computes depends on the operator and
 * the type, see {@link #requantized}.
 */
@AddLifecycleHook(TfLite.Absent.class)
class TfLiteProductsTest {
  /** Weights are symmetric and never −128 there, by TensorFlow Lite's own specification. */
  private static final Operands SIGNED =
      Operands.of(S8, S8, RhsZeroPoints.ZERO).withRhsRange(-127, 127);

  private static final Operands UNSIGNED = Operands.of(U8, U8, RhsZeroPoints.PER_TENSOR);

  @Property(tries = 80)
  void conv2d(@ForAll("conv") ConvProduct p) {
    everyEngine("CONV_2D int8", p, false);
  }

  @Property(tries = 80)
  void conv2dPerChannel(@ForAll("conv") ConvProduct p) {
    everyEngine("CONV_2D int8 per channel", p, true);
  }

  @Property(tries = 80)
  void conv2dUnsigned(@ForAll("convUnsigned") ConvProduct p) {
    everyEngine("CONV_2D uint8", p, false);
  }

  @Property(tries = 80)
  void depthwise(@ForAll("depthwiseConv") ConvProduct p) {
    everyEngine("DEPTHWISE_CONV_2D int8", p, false);
  }

  @Property(tries = 80)
  void depthwisePerChannel(@ForAll("depthwiseConv") ConvProduct p) {
    everyEngine("DEPTHWISE_CONV_2D int8 per channel", p, true);
  }

  @Property(tries = 80)
  void depthwiseUnsigned(@ForAll("depthwiseConvUnsigned") ConvProduct p) {
    everyEngine("DEPTHWISE_CONV_2D uint8", p, false);
  }

  @Property(tries = 80)
  void fullyConnected(@ForAll("gemm") GemmProduct p) {
    everyEngine("FULLY_CONNECTED int8", p, false);
  }

  @Property(tries = 80)
  void fullyConnectedPerChannel(@ForAll("gemm") GemmProduct p) {
    everyEngine("FULLY_CONNECTED int8 per channel", p, true);
  }

  @Property(tries = 80)
  void fullyConnectedUnsigned(@ForAll("gemmUnsigned") GemmProduct p) {
    everyEngine("FULLY_CONNECTED uint8", p, false);
  }

  /** Padding SAME where the stride exceeds the kernel: XNNPACK fails there, see TfLiteBugsTest. */
  @Property(tries = 40)
  void conv2dWithGaps(@ForAll("convWithGaps") ConvProduct p) {
    check(TfLite.REFERENCE, "CONV_2D int8 (any stride)", p, true);
    check(TfLite.BUILTIN, "CONV_2D int8 (any stride)", p, true);
  }

  /** Scales at which the limit of the activation is a tie. */
  @Property(tries = 150)
  void activations(@ForAll("gemmUnsigned") GemmProduct p) {
    SplittableRandom random = p.random();
    Activation activation = random.nextBoolean() ? Activation.RELU6 : Activation.RELU_N1_TO_1;
    int[] bias = Aim.bias(p.channels(), random);
    float tie = activation.hi() / (random.nextInt(120) + 0.5f);
    float scale = Float.intBitsToFloat(Float.floatToRawIntBits(tie) + random.nextInt(-1, 2));
    Aim aim = Aim.at(p.accumulators(bias), p.channels(), false, U8, random).withOutputScale(scale);
    for (TfLite engine : TfLite.values()) {
      check(engine, "fused activations", p, aim, bias, activation);
    }
  }

  private static void everyEngine(String operator, Product p, boolean perChannel) {
    for (TfLite engine : TfLite.values()) {
      check(engine, operator, p, perChannel);
    }
  }

  private static void check(TfLite engine, String operator, Product p, boolean perChannel) {
    ElementType type = p.lhs().type();
    int[] bias = Aim.bias(p.channels(), p.random());
    int[] acc = p.accumulators(bias);
    Aim aim = Aim.at(acc, p.channels(), perChannel, type, p.random());
    check(engine, operator, p, aim, bias, Activation.of(p.seed()));
  }

  private static void check(
      TfLite engine, String operator, Product p, Aim aim, int[] bias, Activation activation) {
    ElementType type = p.lhs().type();
    int[] acc = p.accumulators(bias);
    Tensor theirs = Tensor.of(type, p.outputExtents());
    engine.run(TfLiteOps.model(p, aim, bias, activation), p.lhs(), theirs);
    Quantization lhs = aim.lhs(p);
    Quantization output = aim.output(type);
    if (engine == TfLite.BUILTIN && type == S8 && !depthwise(p)) {
      boolean perTensor = p instanceof GemmProduct && aim.rhsScales().length == 1;
      Output.Requantized out =
          perTensor
              ? Output.Requantized.tflitePerTensor(lhs, aim.rhs(p), output)
              : Output.Requantized.tflite(lhs, aim.rhs(p), output);
      ruy(operator, p, acc, activation.clamp(engine, out, aim), theirs);
      return;
    }
    Output.Requantized out =
        activation.clamp(engine, requantized(engine, p, lhs, aim.rhs(p), output), aim);
    engine
        .claim(operator, name(engine, p))
        .check(
            theirs,
            p.output(acc, out),
            p.problem(out, Product.bias(bias)),
            p + " " + aim + " " + activation);
  }

  /** The recipe of an engine. */
  private static Output.Requantized requantized(
      TfLite engine, Product p, Quantization lhs, Quantization rhs, Quantization output) {
    return switch (engine) {
      case XNNPACK -> Output.Requantized.onnx(lhs, rhs, output);
      case REFERENCE ->
          p instanceof GemmProduct
              ? Output.Requantized.tfliteFullyConnected(lhs, rhs, output)
              : Output.Requantized.tflite(lhs, rhs, output);
      case BUILTIN -> Output.Requantized.tflite(lhs, rhs, output);
    };
  }

  private static String name(TfLite engine, Product p) {
    return switch (engine) {
      case XNNPACK -> "Requantized.onnx";
      case REFERENCE ->
          p instanceof GemmProduct ? "Requantized.tfliteFullyConnected" : "Requantized.tflite";
      case BUILTIN -> "Requantized.tflite";
    };
  }

  /**
   * The kernels of ruy, of which its authors say that they are no norm: two roundings, both half
   * up, on the x86 machines where we ran it; one rounding in its portable code. The whole of an
   * output must be one or the other.
   */
  private static void ruy(
      String operator, Product p, int[] acc, Output.Requantized out, Tensor theirs) {
    Multipliers.FixedPoint m = (Multipliers.FixedPoint) out.multipliers();
    Tensor halfUpTwice =
        p.output(
            out.type(),
            acc,
            (to, at, a, c) -> {
              long x = a << Math.max(m.shift(c), 0);
              long high = (x * m.mantissa(c) + (1L << 30)) >> 31;
              int right = Math.max(-m.shift(c), 0);
              long q = (high + (right == 0 ? 0 : 1L << (right - 1))) >> right;
              to.put(at, (int) Math.clamp(q + out.zeroPoint(), (long) out.min(), out.max()));
            });
    Output.Requantized once =
        new Output.Requantized(
            out.type(),
            dev.octavo.Recipe.FIXED_POINT_SINGLE_ROUNDING,
            m,
            out.zeroPoint(),
            out.min(),
            out.max());
    long twice =
        TfLite.BUILTIN
            .claim(operator, "none: 31-bit fixed point, two roundings, both half up")
            .count("norm", theirs, halfUpTwice);
    assertTrue(
        twice == 0 || Claim.differing(theirs, p.output(acc, once)) == 0,
        () -> operator + " is neither of ruy's roundings: " + p);
  }

  private static boolean depthwise(Product p) {
    return p instanceof ConvProduct c && c.layout() == Layout.LAST_HWIO;
  }

  @Provide
  Arbitrary<ConvProduct> conv() {
    return convs(Kind.DENSE, Layout.LAST, SIGNED);
  }

  @Provide
  Arbitrary<ConvProduct> convUnsigned() {
    return convs(Kind.DENSE, Layout.LAST, UNSIGNED);
  }

  @Provide
  Arbitrary<ConvProduct> convWithGaps() {
    return Products.convs(Kind.DENSE, Layout.LAST, Padding.SAME_OR_VALID, SIGNED);
  }

  @Provide
  Arbitrary<ConvProduct> depthwiseConv() {
    return convs(Kind.DEPTHWISE, Layout.LAST_HWIO, SIGNED);
  }

  @Provide
  Arbitrary<ConvProduct> depthwiseConvUnsigned() {
    return convs(Kind.DEPTHWISE, Layout.LAST_HWIO, UNSIGNED);
  }

  @Provide
  Arbitrary<GemmProduct> gemm() {
    return Products.gemms(false, SIGNED);
  }

  @Provide
  Arbitrary<GemmProduct> gemmUnsigned() {
    return Products.gemms(false, UNSIGNED);
  }

  private static Arbitrary<ConvProduct> convs(Kind kind, Layout layout, Operands operands) {
    return Products.convs(kind, layout, Padding.SAME_WITHOUT_GAPS_OR_VALID, operands);
  }
}
