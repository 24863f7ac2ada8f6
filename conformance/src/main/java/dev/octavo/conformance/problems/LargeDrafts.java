package dev.octavo.conformance.problems;

import dev.octavo.ConvSpec;
import dev.octavo.conformance.Grid;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Problems of the sizes that networks have: several strips, several cache blocks. The oracles would
 * take seconds for them; {@link dev.octavo.conformance.Problem#areProducts} takes milliseconds.
 */
public final class LargeDrafts {
  /** Multiplications of one problem, at most: a tenth of a second on the slowest backend. */
  private static final long BUDGET = 1 << 25;

  private LargeDrafts() {}

  /** Any large problem. */
  public static Arbitrary<Draft> any() {
    Arbitrary<Rows> rows = rows();
    return Arbitraries.frequencyOf(
        Tuple.of(3, gemms()),
        Tuple.of(3, convs()),
        Tuple.of(1, Drafts.requantizations(rows)),
        Tuple.of(2, Drafts.conversions(rows)));
  }

  /** GEMMs of many rows and columns, of one row, deep ones, and sums that leave 32 bits. */
  public static Arbitrary<GemmDraft> gemms() {
    Arbitrary<Integer> one = Arbitraries.of(1, 2, 3);
    Arbitrary<Integer> many = Arbitraries.integers().between(50, 400);
    Arbitrary<Integer> huge = Arbitraries.integers().between(1000, 5000);
    Arbitrary<Integer> endless = Arbitraries.integers().between(33_000, 140_000);
    Arbitrary<int[]> sizes =
        Arbitraries.oneOf(
                List.of(
                    Combinators.combine(many, many, many).as((m, n, k) -> new int[] {m, n, k}),
                    Combinators.combine(one, one, endless).as((m, n, k) -> new int[] {m, n, k}),
                    Combinators.combine(one, huge, huge).as((m, n, k) -> new int[] {m, n, k}),
                    Combinators.combine(many, many, huge).as((m, n, k) -> new int[] {m, n, k})))
            .filter(mnk -> (long) mnk[0] * mnk[1] * mnk[2] <= BUDGET);
    return Drafts.gemms(sizes, Drafts.operands(true), Drafts.stages());
  }

  /** Convolutions of images of 10 to 60 pixels a side: dense, grouped and depthwise. */
  public static Arbitrary<ConvDraft> convs() {
    Arbitrary<Integer> side = Arbitraries.integers().between(10, 60);
    Arbitrary<ConvDraft.Extents> extents =
        Combinators.combine(Arbitraries.of(1, 1, 2), side, side).as(ConvDraft.Extents::new);
    Arbitrary<Integer> one = Arbitraries.just(1);
    Arbitrary<Integer> many = Arbitraries.integers().between(3, 130);
    Arbitrary<ConvDraft.Channels> channels =
        Arbitraries.oneOf(
            List.of(
                Combinators.combine(one, many, many).as(ConvDraft.Channels::new),
                Combinators.combine(many, one, Arbitraries.of(1, 1, 2)).as(ConvDraft.Channels::new),
                Combinators.combine(Arbitraries.of(2, 4), many, many).as(ConvDraft.Channels::new)));
    return Combinators.combine(
            extents,
            channels,
            Drafts.windows(),
            Drafts.operands(false),
            Drafts.stages(),
            Drafts.layouts(),
            Drafts.seeds())
        .as(ConvDraft::new)
        .filter(LargeDrafts::affordable);
  }

  private static boolean affordable(ConvDraft draft) {
    ConvSpec spec = draft.spec();
    long products = (long) spec.k() * Grid.output(spec, draft.shape()).count();
    return products <= BUDGET && products / spec.groupOutChannels() <= BUDGET / 16;
  }

  private static Arbitrary<Rows> rows() {
    Arbitrary<Integer> outer = Arbitraries.integers().between(1, 64);
    Arbitrary<Integer> channels = Arbitraries.oneOf(Arbitraries.just(1), outer);
    Arbitrary<Integer> inner = Arbitraries.oneOf(outer, Arbitraries.integers().between(1, 70_000));
    Arbitrary<Integer> gap = Arbitraries.of(0, 0, 1, 7);
    return Combinators.combine(outer, channels, inner, gap, gap)
        .as(Rows::new)
        .filter(r -> (long) r.outer() * r.channels() * r.inner() <= 70_000);
  }
}
