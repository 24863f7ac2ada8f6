package dev.octavo.conformance.problems;

import dev.octavo.GemmSpec;
import dev.octavo.Shape;
import dev.octavo.Weights;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Problem;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A GEMM problem in a few words, small enough to print and to shrink; the rest follows from the
 * seed.
 *
 * @param m rows
 * @param n output channels
 * @param k length of the sums
 * @param operands what is multiplied
 * @param stage what becomes of the sums
 * @param rhsRowsOfN whether the weights are k rows of n, else n rows of k
 * @param gaps bytes between the rows of lhs, rhs and dst (of dst in elements)
 * @param seed of everything else
 */
public record GemmDraft(
    int m, int n, int k, Operands operands, Stage stage, boolean rhsRowsOfN, Gaps gaps, long seed)
    implements Draft {
  /** What lies between the rows of each operand. */
  public record Gaps(int lhs, int rhs, int dst) {}

  /** The same without a bias. */
  public GemmDraft withoutBias() {
    return new GemmDraft(m, n, k, operands, stage.withoutBias(), rhsRowsOfN, gaps, seed);
  }

  /** The spec: everything but the data. */
  public GemmSpec spec() {
    RandomGenerator random = new SplittableRandom(seed);
    return new GemmSpec(
        n,
        k,
        operands.lhsType(),
        operands.rhsType(),
        operands.lhs().quantization(operands.lhsType(), operands.lhsZero(), random),
        operands.rhsZeroPoints(n, random),
        stage.output(n, random));
  }

  /** Where the rows lie. */
  public Shape.Rows shape() {
    int element = spec().outputType().bytes();
    return new Shape.Rows(m, k + gaps.lhs, (long) (n + gaps.dst) * element);
  }

  @Override
  public Problem problem() {
    GemmSpec spec = spec();
    RandomGenerator random = new SplittableRandom(~seed);
    Filter filter = filter(spec, random);
    byte[] lhs = Operands.bytes(Grid.input(spec, shape()), operands.lhsFill(), random);
    float[] scales = operands.lhs().scales(m, random);
    int[] zeroPoints = operands.lhs().zeroPoints(m, operands.lhsType(), operands.lhsZero(), random);
    Problem unbiased = new Problem(spec, filter, shape(), lhs, scales, zeroPoints);
    Optional<int[]> row = m == 0 ? Optional.empty() : Optional.of(row(unbiased, random.nextInt(m)));
    Filter biased = filter.withBias(stage.bias(spec.output(), n, row, random));
    return new Problem(spec, biased, shape(), lhs, scales, zeroPoints);
  }

  private Filter filter(GemmSpec spec, RandomGenerator random) {
    Weights weights =
        rhsRowsOfN
            ? Weights.rowsOfN(MemorySegment.NULL, n + gaps.rhs)
            : Weights.rowsOfK(MemorySegment.NULL, k + gaps.rhs);
    byte[] bytes = Operands.bytes(Grid.weights(spec, weights), operands.rhsFill(), random);
    return new Filter(
        bytes, new long[] {weights.outStride(), 0, 0, weights.inStride()}, weights.bias());
  }

  private int[] row(Problem unbiased, int row) {
    boolean needed =
        stage.bias().kind() != Stage.BiasChoice.Kind.NONE && stage.bias().aim() != Aim.NONE;
    return needed ? unbiased.products(row) : new int[n];
  }
}
