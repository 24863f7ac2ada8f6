package dev.octavo.conformance;

import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Shape;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.conformance.oracle.ConvCheck;
import dev.octavo.conformance.oracle.ConvOracle;
import dev.octavo.conformance.oracle.GemmOracle;
import dev.octavo.conformance.oracle.ProductCheck;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * The accumulators of a GEMM or convolution before its bias, in the order of its output's cells: of
 * a problem to the oracles, and back. A line is a row of a GEMM or a pixel of a convolution.
 */
final class Products {
  private final Problem problem;
  private final Grid in;
  private final Grid out;
  private final Grid filter;
  private final MemorySegment input;
  private final Weights weights;

  Products(Problem problem) {
    this.problem = problem;
    this.in = problem.inputGrid();
    this.out = problem.outputGrid();
    this.input = MemorySegment.ofArray(problem.input());
    this.weights = problem.filter().onHeap();
    this.filter = Grid.weights(problem.spec(), weights);
  }

  /** All of them. */
  int[] all() {
    return switch (problem.spec()) {
      case GemmSpec g -> rows(g, 0, out.extents()[0]);
      case ConvSpec c ->
          ConvOracle.accumulators(
              extents(c), this::pixel, zeroPoint(c.lhs(), 0), this::tap, c.rhsZeroPoints()::at);
      default -> throw new IllegalArgumentException(problem + " has no products");
    };
  }

  /** Those of one line. */
  int[] line(int line) {
    return problem.spec() instanceof GemmSpec g
        ? rows(g, line, 1)
        : pixel((ConvSpec) problem.spec(), line);
  }

  /** Whether these can be all of them, see {@link ProductCheck} and {@link ConvCheck}. */
  boolean agree(int[] acc, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] probe = random.ints(out.extents()[out.extents().length - 1]).map(i -> i | 1).toArray();
    return switch (problem.spec()) {
      case GemmSpec g ->
          ProductCheck.agrees(
              out.extents()[0],
              g.n(),
              g.k(),
              (row, depth) -> Cells.integer(in.type(), input, in.offset(row, depth)),
              row -> zeroPoint(g.lhs(), row),
              this::rhs,
              g.rhsZeroPoints()::at,
              (row, column) -> acc[row * g.n() + column],
              column -> probe[column]);
      case ConvSpec c ->
          ConvCheck.agrees(
              extents(c),
              this::pixel,
              zeroPoint(c.lhs(), 0),
              this::tap,
              c.rhsZeroPoints()::at,
              acc,
              channel -> probe[channel]);
      default -> throw new IllegalArgumentException(problem + " has no products");
    };
  }

  private int zeroPoint(LhsQuantization lhs, int row) {
    return switch (lhs) {
      case LhsQuantization.Fixed fixed -> fixed.zeroPoint();
      case LhsQuantization.PerTensor t -> problem.lhsZeroPoints()[0];
      case LhsQuantization.PerRow r -> problem.lhsZeroPoints()[row];
    };
  }

  private int pixel(int b, int y, int x, int channel) {
    return Cells.integer(in.type(), input, in.offset(b, y, x, channel));
  }

  private int tap(int out, int y, int x, int channel) {
    return Cells.integer(filter.type(), weights.data(), filter.offset(out, y, x, channel));
  }

  private int rhs(int column, int depth) {
    return Cells.integer(filter.type(), weights.data(), filter.offset(column, depth));
  }

  private int[] rows(GemmSpec g, int from, int count) {
    return GemmOracle.accumulators(
        count,
        g.n(),
        g.k(),
        (row, depth) -> Cells.integer(in.type(), input, in.offset(from + row, depth)),
        row -> zeroPoint(g.lhs(), from + row),
        this::rhs,
        g.rhsZeroPoints()::at);
  }

  private ConvOracle.Extents extents(ConvSpec c) {
    Window w = c.window();
    Shape.Image image = (Shape.Image) problem.shape();
    return new ConvOracle.Extents(
        out.extents()[0],
        new ConvOracle.Axis(
            image.height(),
            w.kernelHeight(),
            w.strideHeight(),
            w.dilationHeight(),
            w.padTop(),
            w.padBottom()),
        new ConvOracle.Axis(
            image.width(),
            w.kernelWidth(),
            w.strideWidth(),
            w.dilationWidth(),
            w.padLeft(),
            w.padRight()),
        c.groupInChannels(),
        c.outChannels(),
        c.groups());
  }

  /** The image moved so that the window has one position, on this pixel. */
  private int[] pixel(ConvSpec c, int line) {
    int[] at = out.index(line * c.outChannels());
    ConvOracle.Extents all = extents(c);
    ConvOracle.Extents one =
        new ConvOracle.Extents(
            1,
            only(all.h(), at[1]),
            only(all.w(), at[2]),
            all.inGroup(),
            c.outChannels(),
            c.groups());
    return ConvOracle.accumulators(
        one,
        (b, y, x, channel) -> pixel(at[0], y, x, channel),
        zeroPoint(c.lhs(), 0),
        this::tap,
        c.rhsZeroPoints()::at);
  }

  private static ConvOracle.Axis only(ConvOracle.Axis axis, int position) {
    int before = axis.padBefore() - position * axis.stride();
    int reach = axis.dilation() * (axis.kernel() - 1) + 1;
    return new ConvOracle.Axis(
        axis.extent(), axis.kernel(), 1, axis.dilation(), before, reach - axis.extent() - before);
  }
}
