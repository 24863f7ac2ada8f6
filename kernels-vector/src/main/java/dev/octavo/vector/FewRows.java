package dev.octavo.vector;

/**
 * The tile for so few rows that widening the weights ahead of the multiplication would cost more
 * than the multiplication: reads them as bytes, and widens them in registers.
 *
 * <p>Exact for the reasons given at {@link Gemm}: no partial sum has more than 256 products.
 */
interface FewRows {
  /** The deepest panel. */
  int DEPTH = 4096;

  /** Floats from one row of the lhs panel to the next. */
  int PITCH = DEPTH + 16;

  /** Rows at a time in {@link #four}. */
  int ROWS = 4;

  /** The most rows for which this is worth it, and only where the weights come from afar. */
  int MOST = 8;

  /** Where, behind the lhs panel, there is room for the sums of a tile. */
  int SUMS = MOST * PITCH;

  /** acc[i, j] += Σ_p lhs[i, p] · rhs[p, j], i &lt; 4, j &lt; nr, p &lt; k ≤ {@link #DEPTH}. */
  void four(float[] lhs, int l, byte[] rhs, int r, int k, int[] acc, int a, int pitch);

  /** acc[j] += Σ_p lhs[p] · rhs[p, j], j &lt; nr, p &lt; k ≤ {@link #DEPTH}. */
  void one(float[] lhs, byte[] rhs, int r, int k, int[] acc, int a);
}
