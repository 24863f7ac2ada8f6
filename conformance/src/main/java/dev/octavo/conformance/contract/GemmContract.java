package dev.octavo.conformance.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backend;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Shape;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.Trial;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.GemmDraft;
import dev.octavo.conformance.problems.Stage;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** GEMM: the oracle's bits, and the laws that hold among GEMMs. */
public interface GemmContract extends Contract {
  /** The main promise, on every kind of problem. */
  @Property(tries = 3000)
  default void everyBackendGivesTheOraclesBits(
      @ForAll("gemms") GemmDraft draft, @ForAll("circumstances") Circumstances circumstances) {
    Trial.run(draft.problem(), circumstances, backends());
  }

  /** Sums so long that they leave 32 bits wrap, everywhere alike. */
  @Property(tries = 20)
  default void sumsWrapModuloTwoToThe32(@ForAll("endless") GemmDraft draft) {
    Trial.run(draft.problem(), Circumstances.PLAIN, backends());
  }

  /** Problems too big for the oracle are multiplied by a random vector instead. */
  @Property(tries = 20)
  default void bigProductsPassTheModularCheck(@ForAll("big") GemmDraft draft) {
    Problem problem = draft.problem();
    for (Backend backend : Host.able(backends(), problem.spec())) {
      byte[] output = Host.run(backend, problem);
      for (int probe = 0; probe < 3; probe++) {
        assertTrue(
            problem.areProducts(problem.outputGrid().integers(output), draft.seed() + probe),
            () -> backend + " multiplies " + problem + " wrong, " + backend.plan(problem.spec()));
      }
    }
  }

  /** m rows at once are m rows one by one, though one row may have a kernel of its own. */
  @Property(tries = 200)
  default void rowsAreIndependent(@ForAll("gemms") GemmDraft draft) {
    Problem problem = draft.problem();
    Assume.that(draft.n() > 0);
    int rows = problem.outputGrid().extents()[0];
    for (Backend backend : Host.able(backends(), problem.spec())) {
      byte[] whole = Host.run(backend, problem);
      for (int row = 0; row < rows; row++) {
        Problem one = row(problem, row);
        int from = problem.outputGrid().offset(row, 0);
        byte[] expected = Arrays.copyOfRange(whole, from, from + one.outputGrid().bytes());
        Host.same("one row alone is the same row", backend, one, expected, Host.run(backend, one));
      }
    }
  }

  private static Problem row(Problem problem, int row) {
    Shape.Rows rows = (Shape.Rows) problem.shape();
    GemmSpec spec = (GemmSpec) problem.spec();
    int from = problem.inputGrid().offset(row, 0);
    boolean perRow = spec.lhs() instanceof LhsQuantization.PerRow;
    return new Problem(
        spec,
        problem.filter(),
        new Shape.Rows(1, rows.lhsStride(), rows.dstStride()),
        spec.k() == 0 ? new byte[0] : Arrays.copyOfRange(problem.input(), from, from + spec.k()),
        perRow ? new float[] {problem.lhsScales()[row]} : problem.lhsScales(),
        perRow ? new int[] {problem.lhsZeroPoints()[row]} : problem.lhsZeroPoints());
  }

  /** Requantizing inside the product is requantizing its accumulators afterwards. */
  @Property(tries = 200)
  default void fusedIsUnfused(@ForAll("requantized") GemmDraft draft) {
    Problem fused = draft.problem();
    GemmSpec spec = (GemmSpec) fused.spec();
    Fusion.check(
        backends(),
        fused,
        spec.withOutput(Output.ACCUMULATORS),
        new Shape.Rows(draft.m(), ((Shape.Rows) fused.shape()).lhsStride(), 4L * draft.n()));
  }

  @Provide
  default Arbitrary<GemmDraft> gemms() {
    return Drafts.gemms(tiles());
  }

  @Provide
  default Arbitrary<GemmDraft> requantized() {
    return Drafts.gemms(
            Drafts.sizes(tiles()), Drafts.operands(true), Drafts.stages(Stage.Kind.REQUANTIZED))
        .filter(draft -> draft.n() > 0);
  }

  @Provide
  default Arbitrary<GemmDraft> endless() {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 3);
    Arbitrary<Integer> endless = Arbitraries.integers().between(33_000, 140_000);
    Arbitrary<int[]> sizes =
        Combinators.combine(few, few, endless).as((m, n, k) -> new int[] {m, n, k});
    return Drafts.gemms(sizes, Drafts.operands(true), Drafts.stages());
  }

  @Provide
  default Arbitrary<GemmDraft> big() {
    Arbitrary<Integer> many = Arbitraries.integers().between(100, 400);
    Arbitrary<int[]> sizes =
        Combinators.combine(many, many, Arbitraries.integers().between(100, 1200))
            .as((m, n, k) -> new int[] {m, n, k});
    return Drafts.gemms(sizes, Drafts.operands(false), Drafts.stages(Stage.Kind.ACCUMULATORS))
        .filter(draft -> draft.spec().lhs() instanceof LhsQuantization.Fixed)
        .map(GemmDraft::withoutBias);
  }

  @Provide
  default Arbitrary<Circumstances> circumstances() {
    return Drafts.circumstances();
  }
}
