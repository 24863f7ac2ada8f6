package dev.octavo.scalar;

/**
 * The register tile, 4×1: four rows of the lhs meet one filter.
 *
 * <pre>
 *   acc[r] = bias + Σ_i lhs[r, i] · filter[i]      r = 0 … 3
 * </pre>
 *
 * <p>Products and sums are Java ints, so they wrap modulo 2<sup>32</sup> and nothing saturates,
 * −128 · −128 included.
 *
 * <p>The shape is what the JIT compiler does well. It vectorizes sums over int arrays, and four of
 * them in one loop share each load of the filter. Bytes and shorts it would multiply one at a time,
 * several times slower, and from eight sums in a loop on it gives up on vectors.
 */
final class Tile {
  static final int MR = 4;

  private Tile() {}

  /** The rows of as many tiles as hold so many rows. */
  static int roundUp(int rows) {
    return (rows + MR - 1) / MR * MR;
  }

  /**
   * Four sums of k products.
   *
   * @param lhs four rows of k, the first from {@code at}
   * @param acc receives the sums at {@code to}, {@code to + step}, …
   */
  static void multiply(
      int[] lhs, int at, int[] filter, int k, int bias, int[] acc, int to, int step) {
    int row1 = at + k;
    int row2 = row1 + k;
    int row3 = row2 + k;
    int acc0 = 0;
    int acc1 = 0;
    int acc2 = 0;
    int acc3 = 0;
    for (int i = 0; i < k; i++) {
      int weight = filter[i];
      acc0 += lhs[at + i] * weight;
      acc1 += lhs[row1 + i] * weight;
      acc2 += lhs[row2 + i] * weight;
      acc3 += lhs[row3 + i] * weight;
    }
    acc[to] = bias + acc0;
    acc[to + step] = bias + acc1;
    acc[to + 2 * step] = bias + acc2;
    acc[to + 3 * step] = bias + acc3;
  }
}
