package dev.octavo.conformance.truth;

import dev.octavo.Bias;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.oracle.GemmOracle;

/**
 * A matrix multiply.
 *
 * @param lhs [m, k]
 * @param rhs [k, n] if {@code rowsOfN}, else [n, k]
 */
public record GemmProduct(
    int m,
    int n,
    int k,
    Tensor lhs,
    int lhsZeroPoint,
    Tensor rhs,
    boolean rowsOfN,
    int[] rhsZeroPoints,
    long seed)
    implements Product {

  /** The same with other activations. */
  public GemmProduct withLhs(Tensor other, int zeroPoint) {
    return new GemmProduct(m, n, k, other, zeroPoint, rhs, rowsOfN, rhsZeroPoints, seed);
  }

  @Override
  public int channels() {
    return n;
  }

  @Override
  public int[] accumulators() {
    ZeroPoints zr = ZeroPoints.of(rhsZeroPoints);
    return GemmOracle.accumulators(
        m,
        n,
        k,
        (row, depth) -> lhs.integer(row * k + depth),
        row -> lhsZeroPoint,
        (column, depth) -> rhs.integer(rowsOfN ? depth * n + column : column * k + depth),
        zr::at);
  }

  @Override
  public int position(int cell, int channel) {
    return cell * n + channel;
  }

  @Override
  public long[] outputExtents() {
    return new long[] {m, n};
  }

  @Override
  public Spec spec(LhsQuantization quantization, Output output) {
    return new GemmSpec(
        n, k, lhs.type(), rhs.type(), quantization, ZeroPoints.of(rhsZeroPoints), output);
  }

  @Override
  public Weights weights(Bias bias) {
    Weights weights = rowsOfN ? Weights.rowsOfN(rhs.data(), n) : Weights.rowsOfK(rhs.data(), k);
    return weights.withBias(bias);
  }

  @Override
  public Shape shape(Spec spec) {
    return ((GemmSpec) spec).rows(m);
  }

  @Override
  public String toString() {
    return "gemm m=" + m + " n=" + n + " k=" + k + " " + Operands.describe(this);
  }
}
