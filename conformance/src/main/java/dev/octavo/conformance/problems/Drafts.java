package dev.octavo.conformance.problems;

import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.QuantizeRule;
import dev.octavo.Recipe;
import dev.octavo.Window;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Residence;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Arbitrary problems. Each choice is an arbitrary of its own, simplest value first, so that jqwik
 * shrinks a failure to the smallest and plainest problem on which anyone still disagrees.
 */
public final class Drafts {
  /**
   * Multiplications that the oracle does for one problem, at most: about ten milliseconds of its
   * time.
   */
  private static final long BUDGET = 1 << 20;

  private Drafts() {}

  /** GEMM problems of every kind. */
  public static Arbitrary<GemmDraft> gemms(Tiles tiles) {
    return gemms(sizes(tiles), operands(true), stages());
  }

  /** GEMM problems with the given parts. */
  public static Arbitrary<GemmDraft> gemms(
      Arbitrary<int[]> sizes, Arbitrary<Operands> operands, Arbitrary<Stage> stages) {
    return Combinators.combine(sizes, operands, stages, flag(), gaps(), seeds())
        .as(
            (mnk, o, s, kn, gaps, seed) ->
                new GemmDraft(mnk[0], mnk[1], mnk[2], o, s, kn, gaps, seed));
  }

  /** {m, n, k}: around tiles, deep, shallow, narrow, one row, beyond every chunk, empty. */
  public static Arbitrary<int[]> sizes(Tiles tiles) {
    Arbitrary<Integer> small = Arbitraries.integers().between(1, 9);
    Arbitrary<Integer> middling = Arbitraries.integers().between(1, 150);
    // Backends fold partial sums every 256, 512 or 1024 products, or cut k in cache blocks of such
    // sizes.
    Arbitrary<Integer> deep =
        Arbitraries.oneOf(
            Arbitraries.of(255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 2047, 2049, 4097),
            Arbitraries.integers().between(200, 5000));
    Arbitrary<Integer> m = Arbitraries.of(tiles.m());
    Arbitrary<Integer> n = Arbitraries.of(tiles.n());
    Arbitrary<Integer> k = Arbitraries.of(tiles.k());
    Arbitrary<Integer> maybeNone = Arbitraries.of(0, 1, 2);
    return Arbitraries.frequencyOf(
            Tuple.of(6, sizes(m, n, k)),
            Tuple.of(3, sizes(m, n, middling)),
            Tuple.of(3, sizes(small, small, deep)),
            Tuple.of(1, sizes(m, n, deep)),
            Tuple.of(1, sizes(middling, middling, small)),
            Tuple.of(1, sizes(middling, small, middling)),
            Tuple.of(2, sizes(Arbitraries.just(1), middling, middling)),
            Tuple.of(1, sizes(small, small, small)),
            Tuple.of(1, sizes(maybeNone, maybeNone, maybeNone)))
        .filter(mnk -> (long) mnk[0] * mnk[1] * mnk[2] <= BUDGET);
  }

  private static Arbitrary<int[]> sizes(
      Arbitrary<Integer> m, Arbitrary<Integer> n, Arbitrary<Integer> k) {
    return Combinators.combine(m, n, k).as((a, b, c) -> new int[] {a, b, c});
  }

  private static Arbitrary<GemmDraft.Gaps> gaps() {
    Arbitrary<Integer> gap = Arbitraries.of(0, 0, 0, 1, 3, 16, 61);
    return Combinators.combine(gap, gap, gap).as(GemmDraft.Gaps::new);
  }

  /** Operands of a product; a convolution has no rows to quantize one by one. */
  public static Arbitrary<Operands> operands(boolean rows) {
    Arbitrary<ElementType> type = Arbitraries.of(ElementType.U8, ElementType.S8);
    Arbitrary<LhsChoice> lhs =
        rows
            ? Arbitraries.of(
                LhsChoice.FIXED, LhsChoice.FIXED, LhsChoice.PER_TENSOR, LhsChoice.PER_ROW)
            : Arbitraries.of(LhsChoice.FIXED, LhsChoice.FIXED, LhsChoice.PER_TENSOR);
    Arbitrary<ZeroPointChoice> zero = Arbitraries.of(ZeroPointChoice.class);
    Arbitrary<Fill> fill =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.of(Fill.UNIFORM, Fill.SMALL)),
            Tuple.of(3, Arbitraries.of(Fill.class)));
    return Combinators.combine(type, type, lhs, zero, zero, flag(), fill, fill).as(Operands::new);
  }

  /** Every output, recipe, multiplier and bias. */
  public static Arbitrary<Stage> stages() {
    return Arbitraries.frequencyOf(
        Tuple.of(2, stages(Stage.Kind.ACCUMULATORS)),
        Tuple.of(6, stages(Stage.Kind.REQUANTIZED)),
        Tuple.of(2, stages(Stage.Kind.DEQUANTIZED)));
  }

  /** Every stage of one kind. */
  public static Arbitrary<Stage> stages(Stage.Kind kind) {
    Arbitrary<Stage.Clamp> clamp =
        Arbitraries.of(
            Stage.Clamp.FULL,
            Stage.Clamp.FULL,
            Stage.Clamp.RELU,
            Stage.Clamp.NARROW,
            Stage.Clamp.ONE_VALUE);
    Arbitrary<Stage.BiasChoice> bias =
        Combinators.combine(
                Arbitraries.frequencyOf(
                    Tuple.of(1, Arbitraries.just(Stage.BiasChoice.Kind.NONE)),
                    Tuple.of(2, Arbitraries.just(Stage.BiasChoice.Kind.INT32)),
                    Tuple.of(2, Arbitraries.just(Stage.BiasChoice.Kind.FLOAT32))),
                aims())
            .as(Stage.BiasChoice::new);
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(Recipe.FLOAT32_NEAREST_EVEN)),
                Tuple.of(4, Arbitraries.of(Recipe.class))),
            Arbitraries.of(ElementType.U8, ElementType.S8),
            Arbitraries.of(ZeroPointChoice.class),
            clamp,
            multipliers(),
            flag(),
            bias)
        .as(
            (recipe, type, zero, c, multiplier, perChannel, b) ->
                new Stage(kind, recipe, type, zero, c, multiplier, perChannel, b));
  }

  private static Arbitrary<MultiplierChoice> multipliers() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.of(MultiplierChoice.POWER_OF_TWO, MultiplierChoice.ORDINARY)),
        Tuple.of(1, Arbitraries.of(MultiplierChoice.class)));
  }

  /** Convolutions of every kind: dense, grouped, depthwise, 1×1, 1-D. */
  public static Arbitrary<ConvDraft> convs(Tiles tiles, Arbitrary<Stage> stages) {
    Arbitrary<Integer> small = Arbitraries.integers().between(1, 4);
    Arbitrary<Integer> tile = Arbitraries.of(tiles.n());
    Arbitrary<Integer> depth = Arbitraries.of(tiles.k());
    Arbitrary<ConvDraft.Channels> channels =
        Arbitraries.frequencyOf(
            Tuple.of(3, channels(Arbitraries.just(1), depth, tile)),
            Tuple.of(1, channels(Arbitraries.just(1), small, small)),
            Tuple.of(3, channels(tile, Arbitraries.just(1), Arbitraries.of(1, 1, 1, 2, 3))),
            Tuple.of(2, channels(small, small, Arbitraries.integers().between(1, 20))),
            Tuple.of(1, channels(small, Arbitraries.integers().between(1, 70), small)));
    return Combinators.combine(
            extents(), channels, windows(), operands(false), stages, layouts(), seeds())
        .as(ConvDraft::new)
        .filter(Drafts::affordable);
  }

  static Arbitrary<ConvDraft.Layout> layouts() {
    return Combinators.combine(
            Arbitraries.of(true, true, false),
            Arbitraries.of(true, true, false),
            Arbitraries.of(ConvDraft.FilterOrder.class),
            Arbitraries.of(0, 0, 0, 1),
            Arbitraries.of(0, 0, 1, 5))
        .as(ConvDraft.Layout::new);
  }

  private static Arbitrary<ConvDraft.Channels> channels(
      Arbitrary<Integer> groups, Arbitrary<Integer> in, Arbitrary<Integer> out) {
    return Combinators.combine(groups, in, out).as(ConvDraft.Channels::new);
  }

  private static Arbitrary<ConvDraft.Extents> extents() {
    Arbitrary<Integer> extent =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 6), Arbitraries.integers().between(1, 20));
    return Combinators.combine(
            Arbitraries.of(1, 1, 1, 2, 3, 0),
            Arbitraries.oneOf(Arbitraries.just(1), extent, extent),
            extent)
        .as(ConvDraft.Extents::new);
  }

  static Arbitrary<Window> windows() {
    Arbitrary<Integer> kernel = Arbitraries.of(1, 1, 2, 3, 3, 5, 7);
    Arbitrary<Integer> step = Arbitraries.of(1, 1, 1, 2, 3);
    Arbitrary<Integer> pad = Arbitraries.of(0, 0, 1, 2, 3);
    Arbitrary<int[]> two = Combinators.combine(kernel, kernel).as((h, w) -> new int[] {h, w});
    return Combinators.combine(
            two,
            step,
            step,
            step,
            step,
            pad,
            pad,
            Combinators.combine(pad, pad).as((b, r) -> new int[] {b, r}))
        .as(
            (k, sh, sw, dh, dw, top, left, br) ->
                new Window(k[0], k[1], sh, sw, dh, dw, top, left, br[0], br[1]));
  }

  private static boolean affordable(ConvDraft draft) {
    ConvSpec spec = draft.spec();
    return (long) spec.k() * Grid.output(spec, draft.shape()).count() <= BUDGET;
  }

  /** Requantization by itself. */
  public static Arbitrary<ElementwiseDraft> requantizations() {
    return requantizations(rows());
  }

  static Arbitrary<ElementwiseDraft> requantizations(Arbitrary<Rows> rows) {
    Arbitrary<ElementType> type =
        Arbitraries.of(ElementType.S32, ElementType.S32, ElementType.U8, ElementType.S8);
    return Combinators.combine(rows, type, stages(Stage.Kind.REQUANTIZED), aims(), seeds())
        .as(ElementwiseDraft.Requantize::new);
  }

  private static Arbitrary<Aim> aims() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.just(Aim.TIE)), Tuple.of(2, Arbitraries.of(Aim.class)));
  }

  /** Quantize, dequantize, dynamic quantize, fake quantize. */
  public static Arbitrary<ElementwiseDraft> conversions() {
    return conversions(rows());
  }

  static Arbitrary<ElementwiseDraft> conversions(Arbitrary<Rows> rows) {
    Arbitrary<ElementType> bytes = Arbitraries.of(ElementType.U8, ElementType.S8);
    Arbitrary<ElementType> integers =
        Arbitraries.of(ElementType.U8, ElementType.S8, ElementType.S32);
    Arbitrary<QuantizeRule> rule = Arbitraries.of(QuantizeRule.class);
    Arbitrary<Reals> reals = Arbitraries.of(Reals.class);
    Arbitrary<Integer> levels = Arbitraries.of(2, 3, 15, 16, 255, 256, 65536);
    Arbitrary<ElementwiseDraft.Affine> affine =
        Combinators.combine(multipliers(), Arbitraries.of(ZeroPointChoice.class), flag())
            .as(ElementwiseDraft.Affine::new);
    return Arbitraries.oneOf(
        List.of(
            Combinators.combine(rows, bytes, affine, rule, flag(), reals, seeds())
                .as(ElementwiseDraft.Quantize::new),
            Combinators.combine(rows, integers, affine, seeds())
                .as(ElementwiseDraft.Dequantize::new),
            Combinators.combine(rows, bytes, flag(), flag(), reals, seeds())
                .as(ElementwiseDraft.DynamicQuantize::new),
            Combinators.combine(rows, levels, affine, rule, reals, seeds())
                .as(ElementwiseDraft.FakeQuantize::new),
            Combinators.combine(rows, levels, flag(), reals, seeds())
                .as(ElementwiseDraft.FakeQuantizeLevels::new)));
  }

  /** Rows whose lengths have every remainder of a vector, and long ones. */
  private static Arbitrary<Rows> rows() {
    Arbitrary<Integer> outer = Arbitraries.of(1, 2, 3, 7, 0);
    Arbitrary<Integer> inner =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.integers().between(1, 70)),
            Tuple.of(1, Arbitraries.integers().between(100, 700)),
            Tuple.of(1, Arbitraries.just(0)));
    Arbitrary<Integer> channels =
        Arbitraries.oneOf(Arbitraries.just(1), Arbitraries.integers().between(1, 40));
    Arbitrary<Integer> gap = Arbitraries.of(0, 0, 1, 7);
    Arbitrary<Rows> perAxis = Combinators.combine(outer, channels, inner, gap, gap).as(Rows::new);
    Arbitrary<Rows> channelsLast =
        Combinators.combine(outer, channels, Arbitraries.just(1), gap, gap).as(Rows::new);
    return Arbitraries.oneOf(perAxis, channelsLast)
        .filter(r -> r.outer() * r.channels() * r.inner() <= 4000);
  }

  /** Any problem at all. */
  public static Arbitrary<Draft> any(Tiles tiles) {
    return Arbitraries.oneOf(
        List.of(gemms(tiles), convs(tiles, stages()), requantizations(), conversions()));
  }

  /** Every residence of every operand, in pieces or not, now and then on several threads. */
  public static Arbitrary<Circumstances> circumstances() {
    Arbitrary<Residence> residence = Arbitraries.of(Residence.class);
    Arbitrary<Integer> threads =
        Arbitraries.frequencyOf(
            Tuple.of(15, Arbitraries.just(1)), Tuple.of(1, Arbitraries.of(2, 3)));
    return Combinators.combine(residence, residence, residence, residence, flag(), threads, seeds())
        .as(Circumstances::new);
  }

  private static Arbitrary<Boolean> flag() {
    return Arbitraries.of(false, true);
  }

  static Arbitrary<Long> seeds() {
    return Arbitraries.longs().between(0, Integer.MAX_VALUE);
  }
}
