package dev.octavo.conformance.truth.pytorch;

import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.conformance.truth.Operands.RhsZeroPoints.PER_CHANNEL;
import static dev.octavo.conformance.truth.Operands.RhsZeroPoints.PER_TENSOR;
import static dev.octavo.conformance.truth.Operands.RhsZeroPoints.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Bias;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Quantization;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Operands;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Products;
import dev.octavo.conformance.truth.Products.Kind;
import dev.octavo.conformance.truth.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * PyTorch's quantized linear and convolution, half of them with a bias, some with the fused ReLU.
 *
 * <p>The engine X86 is FBGEMM, except that convolutions whose weights have no zero points go to
 * oneDNN on machines with AVX512-VNNI; so those with zero points are compared.
 */
@AddLifecycleHook(PyTorch.Absent.class)
class PyTorchProductsTest {
  @Property(tries = 150)
  void linear(@ForAll("gemms") GemmProduct p) {
    everyEngine("quantized::linear", p, false);
  }

  @Property(tries = 150)
  void linearPerChannel(@ForAll("gemms") GemmProduct p) {
    everyEngine("quantized::linear per channel", p, true);
  }

  @Property(tries = 150)
  void conv2d(@ForAll("dense") ConvProduct p) {
    everyEngine("quantized::conv2d", p, false);
  }

  @Property(tries = 150)
  void conv2dPerChannel(@ForAll("dense") ConvProduct p) {
    everyEngine("quantized::conv2d per channel", p, true);
  }

  @Property(tries = 150)
  void conv2dGroups(@ForAll("groups") ConvProduct p, @ForAll boolean perChannel) {
    everyEngine("quantized::conv2d groups", p, perChannel);
  }

  @Property(tries = 150)
  void conv2dDepthwise(@ForAll("depthwise") ConvProduct p, @ForAll boolean perChannel) {
    everyEngine("quantized::conv2d depthwise", p, perChannel);
  }

  @Property(tries = 150)
  void conv1d(@ForAll("lines") ConvProduct p, @ForAll boolean perChannel) {
    everyEngine("quantized::conv1d", p, perChannel);
  }

  private static void everyEngine(String operator, Product p, boolean perChannel) {
    SplittableRandom random = p.random();
    int[] counts = counts(p, random);
    Aim aim = Aim.at(p.accumulators(counts), p.channels(), perChannel, U8, random);
    float[] bias = counts == null ? null : aim.realBias(counts, random);
    check(PyTorch.FBGEMM, operator, p, aim, bias);
    check(PyTorch.QNNPACK, operator, p, aim, bias);
    if (p instanceof GemmProduct) {
      check(PyTorch.X86, operator, p, aim, bias);
    } else if (Arrays.stream(p.rhsZeroPoints()).allMatch(z -> z != 0)) {
      check(PyTorch.X86, operator + ", weights with zero points", p, aim, bias);
    }
  }

  /** The bias in accumulator units, now and then beyond the 24 bits of a float; null for none. */
  private static int[] counts(Product p, SplittableRandom random) {
    if (random.nextBoolean()) {
      return null;
    }
    int bound = random.nextBoolean() ? 1 << 12 : 1 << 26;
    int[] counts = new int[p.channels()];
    Arrays.setAll(counts, c -> random.nextInt(-bound, bound));
    return counts;
  }

  private static void check(PyTorch engine, String operator, Product p, Aim aim, float[] bias) {
    boolean relu = p.seed() % 3 == 0;
    Quantization lhs = aim.lhs(p);
    Quantization rhs = aim.rhs(p);
    Quantization output = aim.output(U8);
    boolean qnnpack = engine == PyTorch.QNNPACK;
    Output.Requantized whole =
        qnnpack
            ? Output.Requantized.qnnpack(lhs, rhs, output)
            : Output.Requantized.fbgemm(lhs, rhs, output);
    Output.Requantized out = relu ? whole.withClamp(whole.zeroPoint(), whole.max()) : whole;
    Bias ours =
        bias == null
            ? Bias.none()
            : qnnpack ? Bias.qnnpack(bias, lhs, rhs) : Bias.fbgemm(bias, lhs, rhs);
    Tensor theirs = PyTorchOps.run(engine, p, aim, bias, relu);
    Object context = p + " " + aim + " bias " + Arrays.toString(bias);
    if (!qnnpack && bias != null && rhs.scales().count() == 1) {
      fused(engine, p, aim, bias, out, theirs, context);
      return;
    }
    engine
        .claim(operator, qnnpack ? "Requantized.qnnpack" : "Requantized.fbgemm")
        .check(theirs, p.output(out, ours), p.problem(out, ours), context);
  }

  /**
   * FBGEMM with a bias and one scale for all weights: the compiler fused its multiplication of the
   * bias and its addition. We do not fuse, and differ where that decides a tie.
   */
  private static void fused(
      PyTorch engine,
      Product p,
      Aim aim,
      float[] bias,
      Output.Requantized out,
      Tensor theirs,
      Object context) {
    float m = ((Multipliers.Float32) out.multipliers()).at(0);
    float reciprocal = 1 / (aim.lhsScale() * aim.rhsScales()[0]);
    int[] acc = p.accumulators();
    Tensor fused =
        p.output(
            U8,
            acc,
            (to, at, a, c) -> {
              double t = Math.rint(Math.fma(bias[c], reciprocal, (float) a) * m);
              to.put(at, Math.clamp((long) t + out.zeroPoint(), out.min(), out.max()));
            });
    String name = "linear and convolution with a bias, weights per tensor";
    assertEquals(
        0,
        engine.claim(name, "none: f32(fma(bias, 1/(sx·sw), acc)·m)").count("norm", theirs, fused));
    Bias ours = Bias.fbgemm(bias, aim.lhs(p), aim.rhs(p));
    Tensor norm = p.output(out, ours);
    engine
        .claim(name, "Requantized.fbgemm, off by 1 at ties")
        .check(
            theirs,
            norm,
            i -> Math.abs(theirs.integer(i) - norm.integer(i)) == 1,
            p.problem(out, ours),
            context);
  }

  @Provide
  Arbitrary<GemmProduct> gemms() {
    return Products.gemms(false, OPERANDS);
  }

  @Provide
  Arbitrary<ConvProduct> dense() {
    return convs(Kind.DENSE);
  }

  @Provide
  Arbitrary<ConvProduct> groups() {
    return convs(Kind.GROUPED);
  }

  @Provide
  Arbitrary<ConvProduct> depthwise() {
    return convs(Kind.DEPTHWISE);
  }

  @Provide
  Arbitrary<ConvProduct> lines() {
    return convs(Kind.ONE_DIMENSIONAL);
  }

  private static Arbitrary<ConvProduct> convs(Kind kind) {
    return Products.convs(kind, ConvProduct.Layout.FIRST, Products.Padding.SYMMETRIC, OPERANDS);
  }

  private static final Operands[] OPERANDS = {
    Operands.of(U8, S8, ZERO), Operands.of(U8, S8, PER_TENSOR), Operands.of(U8, S8, PER_CHANNEL)
  };
}
