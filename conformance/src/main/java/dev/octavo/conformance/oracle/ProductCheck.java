package dev.octavo.conformance.oracle;

/**
 * Checks the accumulators of a GEMM too big for {@link GemmOracle}, as BLIS checks its own, but
 * exactly.
 */
public final class ProductCheck {
  private ProductCheck() {}

  /**
   * Whether {@code acc} can be that product, in O(m·n + m·k + n·k) steps instead of m·n·k: both
   * sides are multiplied by the vector {@code probe[n]} modulo 2^32. With a random probe a wrong
   * entry passes unseen with probability at most 1/2, when it is off by 2^31, and typically 2^-32.
   */
  public static boolean agrees(
      int m,
      int n,
      int k,
      GemmOracle.Matrix lhs,
      GemmOracle.Vector lhsZeroPoint,
      GemmOracle.Matrix rhs,
      GemmOracle.Vector rhsZeroPoint,
      GemmOracle.Matrix acc,
      GemmOracle.Vector probe) {
    int[] right = new int[k];
    for (int column = 0; column < n; column++) {
      int zr = rhsZeroPoint.at(column);
      for (int depth = 0; depth < k; depth++) {
        right[depth] += (rhs.at(column, depth) - zr) * probe.at(column);
      }
    }
    for (int row = 0; row < m; row++) {
      int zl = lhsZeroPoint.at(row);
      int difference = 0;
      for (int depth = 0; depth < k; depth++) {
        difference += (lhs.at(row, depth) - zl) * right[depth];
      }
      for (int column = 0; column < n; column++) {
        difference -= acc.at(row, column) * probe.at(column);
      }
      if (difference != 0) {
        return false;
      }
    }
    return true;
  }
}
