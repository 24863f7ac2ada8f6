package dev.octavo.conformance.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Output;
import dev.octavo.Shape;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.Trial;
import dev.octavo.conformance.problems.ConvDraft;
import dev.octavo.conformance.problems.ConvDraft.FilterOrder;
import dev.octavo.conformance.problems.ConvDraft.Layout;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.Stage;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Convolution: the oracle's bits, and the laws that tie it to GEMM and to itself. */
public interface ConvContract extends Contract {
  /** The main promise, on every kind of problem. */
  @Property(tries = 3000)
  default void everyBackendGivesTheOraclesBits(
      @ForAll("convs") ConvDraft draft, @ForAll("circumstances") Circumstances circumstances) {
    Trial.run(draft.problem(), circumstances, backends());
  }

  /** A 1×1 convolution of channels-last pixels is a GEMM whose rows are the pixels. */
  @Property(tries = 200)
  default void oneByOneIsGemm(@ForAll("convs") ConvDraft any) {
    ConvDraft draft = any.oneByOne();
    Problem conv = draft.problem();
    ConvSpec c = (ConvSpec) conv.spec();
    GemmSpec spec =
        new GemmSpec(
            c.outChannels(),
            c.inChannels(),
            c.lhsType(),
            c.rhsType(),
            c.lhs(),
            c.rhsZeroPoints(),
            c.output());
    Filter filter = conv.filter();
    int pixels = conv.outputGrid().count() / c.outChannels();
    Problem gemm =
        new Problem(
            spec, filter, spec.rows(pixels), conv.input(), conv.lhsScales(), conv.lhsZeroPoints());
    for (Backend backend : Host.able(Host.able(backends(), c), spec)) {
      byte[] expected = Host.run(backend, gemm);
      Host.same("1×1 convolution is GEMM", backend, conv, expected, Host.run(backend, conv));
    }
  }

  /** Channels-last or channels-first, dense or not: the cells are the same. */
  @Property(tries = 200)
  default void layoutsAreEqual(@ForAll("convs") ConvDraft draft) {
    Problem problem = draft.problem();
    Problem dense =
        moved(problem, draft.with(new Layout(true, true, FilterOrder.OHWI, 0, 0)).shape());
    for (Backend backend : Host.able(backends(), problem.spec())) {
      byte[] expected = problem.outputGrid().gather(Host.run(backend, dense), dense.outputGrid());
      Host.same("layouts are equal", backend, problem, expected, Host.run(backend, problem));
    }
  }

  /** The same problem with its input and output cells elsewhere. */
  private static Problem moved(Problem problem, Shape shape) {
    Grid to = Grid.input(problem.spec(), shape);
    byte[] input = to.gather(problem.input(), problem.inputGrid());
    return new Problem(
        problem.spec(),
        problem.filter(),
        shape,
        input,
        problem.lhsScales(),
        problem.lhsZeroPoints());
  }

  /** A batch is its images one by one. */
  @Property(tries = 100)
  default void imagesAreIndependent(@ForAll("convs") ConvDraft draft) {
    Problem batch = draft.problem();
    Shape.Image shape = (Shape.Image) batch.shape();
    Shape.Image single =
        new Shape.Image(1, shape.height(), shape.width(), shape.input(), shape.output());
    int images = (int) shape.batch();
    for (Backend backend : Host.able(backends(), batch.spec())) {
      byte[] whole = Host.run(backend, batch);
      for (int image = 0; image < images; image++) {
        int from = batch.inputGrid().offset(image, 0, 0, 0);
        byte[] input =
            Arrays.copyOfRange(
                batch.input(), from, from + Grid.input(batch.spec(), single).bytes());
        Problem one =
            new Problem(
                batch.spec(),
                batch.filter(),
                single,
                input,
                batch.lhsScales(),
                batch.lhsZeroPoints());
        int at = batch.outputGrid().offset(image, 0, 0, 0);
        byte[] expected = Arrays.copyOfRange(whole, at, at + one.outputGrid().bytes());
        assertArrayEquals(
            expected, Host.run(backend, one), () -> backend + ", one image of " + batch);
      }
    }
  }

  /** Requantizing inside the convolution is requantizing its accumulators afterwards. */
  @Property(tries = 200)
  default void fusedIsUnfused(@ForAll("requantized") ConvDraft draft) {
    Problem fused = draft.problem();
    ConvSpec sums = ((ConvSpec) fused.spec()).withOutput(Output.ACCUMULATORS);
    Shape.Image shape = (Shape.Image) fused.shape();
    Shape.Image dense =
        new Shape.Image(
            shape.batch(),
            shape.height(),
            shape.width(),
            shape.input(),
            sums.nhwc(shape.batch(), shape.height(), shape.width()).output());
    Fusion.check(backends(), fused, sums, dense);
  }

  @Provide
  default Arbitrary<ConvDraft> convs() {
    return Drafts.convs(tiles(), Drafts.stages());
  }

  @Provide
  default Arbitrary<ConvDraft> requantized() {
    return Drafts.convs(tiles(), Drafts.stages(Stage.Kind.REQUANTIZED));
  }

  @Provide
  default Arbitrary<Circumstances> circumstances() {
    return Drafts.circumstances();
  }
}
