package dev.octavo.conformance.truth.onednn;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.Claim;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Machine;
import dev.octavo.conformance.truth.Operands;
import dev.octavo.conformance.truth.Operands.RhsZeroPoints;
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
 * oneDNN's matmul and convolution. Accumulators are ours bit for bit. From there it goes its own
 * way, one binary32 operation at a time (where this could be seen, with AVX512-VNNI):
 *
 * <pre>
 *   x = f32(f32(f32(acc) · sx) · sw[c]) + bias[c]
 *   q = nearestEven(clamp(f32(f32(x · f32(1 / sy)) + zy)))
 * </pre>
 *
 * FLOAT32_ZERO_POINT_FIRST rounds in the same order with fewer roundings before, and so gives the
 * same integer except where the last bits decide a tie.
 *
 * <p>The seeds are fixed: what oneDNN gets wrong in rare shapes is no reason for a build of ours to
 * fail one day and pass the next. Whoever looks for more of it takes them out.
 */
@AddLifecycleHook(OneDnn.Absent.class)
class OneDnnProductsTest {
  /** Of a dnnl_cpu_isa_t: AMX, whose kernels are others. */
  private static final int AMX = 0xe00;

  @Property(tries = 150, seed = "1")
  void matmul(@ForAll("gemms") GemmProduct p) {
    check("matmul", p);
  }

  @Property(tries = 100, seed = "2")
  void convolution(@ForAll("dense") ConvProduct p) {
    check("convolution", p);
  }

  @Property(tries = 100, seed = "3")
  void convolutionGroups(@ForAll("groups") ConvProduct p) {
    check("convolution groups", p);
  }

  @Property(tries = 100, seed = "4")
  void convolutionDepthwise(@ForAll("depthwise") ConvProduct p) {
    check("convolution depthwise", p);
  }

  private static void check(String operator, Product p) {
    OneDnn.BEST
        .claim(operator + " to s32", "none (s32)")
        .check(
            OneDnnOps.accumulators(OneDnn.BEST, p),
            p.output(p.accumulators()),
            p.problem(Output.ACCUMULATORS, Bias.none()),
            p);
    SplittableRandom random = p.random();
    boolean perChannel = random.nextBoolean();
    ElementType type = random.nextBoolean() ? U8 : S8;
    int[] counts = new int[p.channels()];
    Aim plain = Aim.at(p.accumulators(), p.channels(), perChannel, type, random);
    toEightBits(operator, p, type, plain);
    toFloat(operator, p, plain);
    Arrays.setAll(counts, c -> random.nextInt(-1 << 12, 1 << 12));
    Aim aim = Aim.at(p.accumulators(counts), p.channels(), perChannel, type, random);
    exactly(p, type, aim, aim.realBias(counts, random));
    exactly(p, F32, aim, aim.realBias(counts, random));
  }

  /** No bias: the recipe adds it to the accumulators, oneDNN to reals. */
  private static void toEightBits(String operator, Product p, ElementType type, Aim aim) {
    Tensor theirs = exactly(p, type, aim, null);
    Output.Requantized out = Output.Requantized.oneDnn(aim.lhs(p), aim.rhs(p), aim.output(type));
    Tensor norm = p.output(out, Bias.none());
    Tensor distance = distances(p, aim);
    OneDnn.BEST
        .claim(operator + " to 8 bits", "Requantized.oneDnn, off by 1 within 4 ulps of a tie")
        .check(
            theirs,
            norm,
            i -> Math.abs(theirs.integer(i) - norm.integer(i)) == 1 && distance.real(i) <= 4,
            p.problem(out, Bias.none()),
            p + " " + aim);
  }

  /** How far acc · sx · sw / sy + zy lies from the next tie, in ulps of its largest term. */
  private static Tensor distances(Product p, Aim aim) {
    return p.output(
        F32,
        p.accumulators(),
        (to, at, a, c) -> {
          double sw = aim.rhsScales()[aim.rhsScales().length == 1 ? 0 : c];
          double t = (double) a * aim.lhsScale() * sw / aim.outputScale() + aim.zeroPoint();
          double tie = Math.abs(Math.abs(t - Math.rint(t)) - 0.5);
          float largest = (float) Math.max(Math.abs(t), Math.abs(t - aim.zeroPoint()));
          to.put(at, (float) (tie / Math.ulp(largest)));
        });
  }

  private static void toFloat(String operator, Product p, Aim aim) {
    Tensor theirs = exactly(p, F32, aim, null);
    Tensor norm = p.output(p.accumulators(), aim.lhsScale(), aim.scales(), null);
    OneDnn.BEST
        .claim(operator + " to f32", "f32 output, within 2 ulps")
        .check(
            theirs,
            norm,
            i -> Math.abs(theirs.real(i) - norm.real(i)) <= 2 * Math.ulp(theirs.real(i)),
            p.problem(
                new LhsQuantization.Fixed(p.lhsZeroPoint(), aim.lhsScale()),
                new Output.Dequantized(aim.scales()),
                Bias.none()),
            p + " " + aim);
  }

  /** What oneDNN gives; checked against the formula above where we know it to hold. */
  private static Tensor exactly(Product p, ElementType type, Aim aim, float[] bias) {
    Tensor theirs = OneDnnOps.run(OneDnn.BEST, p, type, aim, bias);
    if (formulaKnown()) {
      float reciprocal = 1 / aim.outputScale();
      Tensor formula =
          p.output(
              type,
              p.accumulators(),
              (to, at, a, c) -> {
                float sw = aim.rhsScales()[aim.rhsScales().length == 1 ? 0 : c];
                float x = (float) a * aim.lhsScale() * sw;
                float biased = bias == null ? x : x + bias[c];
                if (type == F32) {
                  to.put(at, biased);
                } else {
                  double q = Math.rint(biased * reciprocal + aim.zeroPoint());
                  to.put(at, Math.clamp((long) q, type.min(), type.max()));
                }
              });
      assertEquals(0, Claim.differing(theirs, formula), () -> p + " " + aim);
    }
    return theirs;
  }

  private static boolean formulaKnown() {
    int isa = OneDnn.BEST.isa();
    return (isa & OneDnn.AVX512_VNNI) == OneDnn.AVX512_VNNI && (isa & AMX) == 0;
  }

  /** So short that accumulators stay within 24 bits, see OneDnnBugsTest. */
  @Provide
  Arbitrary<GemmProduct> gemms() {
    return Products.gemms(
            true,
            Operands.of(U8, S8, RhsZeroPoints.ZERO),
            Operands.of(U8, S8, RhsZeroPoints.PER_TENSOR),
            Operands.of(S8, S8, RhsZeroPoints.ZERO),
            Operands.of(S8, S8, RhsZeroPoints.PER_TENSOR))
        .filter(p -> p.k() <= 250);
  }

  @Provide
  Arbitrary<ConvProduct> dense() {
    return convs(Kind.DENSE);
  }

  @Provide
  Arbitrary<ConvProduct> groups() {
    return convs(Kind.GROUPED);
  }

  /** Padding as wide as the kernel goes astray, even where no window lies in it: see NUMERICS. */
  @Provide
  Arbitrary<ConvProduct> depthwise() {
    return convs(Kind.DEPTHWISE).filter(ConvProduct::padsLessThanTheKernel);
  }

  /**
   * Signed inputs only where they do not halve the weights, and no window in the padding alone, see
   * OneDnnBugsTest.
   */
  private static Arbitrary<ConvProduct> convs(Kind kind) {
    return Products.convs(
            kind,
            ConvProduct.Layout.LAST,
            Products.Padding.EXPLICIT,
            Operands.of(U8, S8, RhsZeroPoints.ZERO),
            Operands.of(Machine.SATURATES ? U8 : S8, S8, RhsZeroPoints.ZERO))
        .filter(ConvProduct::everyWindowSeesInput);
  }
}
