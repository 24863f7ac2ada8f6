package dev.octavo.conformance.oracle;

/**
 * {@code acc[m,n] = Σ_k (lhs[m,k] − lhsZeroPoint[m])·(rhs[n,k] − rhsZeroPoint[n])}, modulo 2^32:
 * the three loops of the definition, summed in 64 bits and reduced once at the end.
 */
public final class GemmOracle {
  private GemmOracle() {}

  /** One element of a matrix that the oracle reads, whatever way it is stored. */
  @FunctionalInterface
  public interface Matrix {
    int at(int row, int column);
  }

  /** One number per row or per column. */
  @FunctionalInterface
  public interface Vector {
    int at(int index);
  }

  /** The accumulators, row after row, without bias. */
  public static int[] accumulators(
      int m, int n, int k, Matrix lhs, Vector lhsZeroPoint, Matrix rhs, Vector rhsZeroPoint) {
    int[] acc = new int[Math.multiplyExact(m, n)];
    for (int row = 0; row < m; row++) {
      int zl = lhsZeroPoint.at(row);
      for (int column = 0; column < n; column++) {
        int zr = rhsZeroPoint.at(column);
        long sum = 0;
        for (int depth = 0; depth < k; depth++) {
          long left = lhs.at(row, depth) - zl;
          long right = rhs.at(column, depth) - zr;
          sum += left * right;
        }
        acc[row * n + column] = (int) sum;
      }
    }
    return acc;
  }
}
