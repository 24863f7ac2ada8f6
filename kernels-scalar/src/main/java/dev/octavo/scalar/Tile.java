package dev.octavo.scalar;

/**
 * The register tile, 4×1: four rows of the lhs meet one filter.
 *
 * <pre>
 *   acc[r][c] = bias + Σ_i lhs[r][i] · filter[i]
 * </pre>
 *
 * <p>Products and sums are Java ints, so they wrap modulo 2<sup>32</sup> and nothing saturates,
 * −128 · −128 included.
 *
 * <p>The shape is what the JIT compiler does well. It vectorizes sums over int arrays, and four of
 * them in one loop share each load of the filter. Bytes and shorts it would multiply one at a time,
 * several times slower, and with eight sums in the loop it gives up on vectors.
 */
final class Tile {
  static final int MR = 4;

  private Tile() {}

  /** Rows r … r + 3. */
  static void multiply(int[][] lhs, int[] filter, int k, int bias, int[][] acc, int r, int c) {
    int[] lhs0 = lhs[r];
    int[] lhs1 = lhs[r + 1];
    int[] lhs2 = lhs[r + 2];
    int[] lhs3 = lhs[r + 3];
    int acc0 = bias;
    int acc1 = bias;
    int acc2 = bias;
    int acc3 = bias;
    for (int i = 0; i < k; i++) {
      int weight = filter[i];
      acc0 += lhs0[i] * weight;
      acc1 += lhs1[i] * weight;
      acc2 += lhs2[i] * weight;
      acc3 += lhs3[i] * weight;
    }
    acc[r][c] = acc0;
    acc[r + 1][c] = acc1;
    acc[r + 2][c] = acc2;
    acc[r + 3][c] = acc3;
  }

  /** Row r alone: the rows that four do not divide. */
  static void multiplyRow(int[][] lhs, int[] filter, int k, int bias, int[][] acc, int r, int c) {
    int[] row = lhs[r];
    int sum = bias;
    for (int i = 0; i < k; i++) {
      sum += row[i] * filter[i];
    }
    acc[r][c] = sum;
  }
}
