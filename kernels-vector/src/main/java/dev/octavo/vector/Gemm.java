package dev.octavo.vector;

/**
 * The register tile of GEMM and convolution:
 *
 * <pre>
 *   acc[i, j] += Σ_p lhs[i, p] · rhs[p, j]     i &lt; mr, j &lt; nr, p &lt; k ≤ DEPTH     exactly
 * </pre>
 *
 * <p><b>The multiply.</b> The Vector API of JDK 25 has no integer dot product, and its compiler
 * makes {@code vpmaddwd} only of loops that a register tile is not (docs/PERFORMANCE.md). So the
 * products are made by float32 multiply-adds, which are exact as long as every partial sum is an
 * integer that float32 can hold. Operands are signed bytes (unsigned ones are shifted by 128
 * beforehand), so |lhs · rhs| ≤ 128 · 128 = 2<sup>14</sup>, −128 · −128 included, and after DEPTH =
 * 256 of them |sum| ≤ 2<sup>22</sup>.
 *
 * <p><b>The way back to integers.</b> A sum starts at MAGIC = 1.5 · 2<sup>23</sup> rather than 0
 * and therefore stays within [2<sup>23</sup>, 2<sup>24</sup>], where neighbouring floats are 1
 * apart: nothing is ever rounded, and the bits of the float <em>are</em> the integer, displaced by
 * MAGIC_BITS. No conversion is needed, only a subtraction.
 *
 * <p>The lhs panel is row by row, PITCH floats from one to the next; the rhs panel is depth by
 * depth, nr floats each; both hold integers. The pitch is a constant so that the rows need no
 * registers for their addresses, and not a power of two so that they do not share cache sets.
 */
interface Gemm {
  /** The deepest panel. */
  int DEPTH = 256;

  /** Floats from one row of an lhs panel to the next. */
  int PITCH = DEPTH + 16;

  /** 1.5 · 2<sup>23</sup>. */
  float MAGIC = 0x1.8p23f;

  /** The bits of {@link #MAGIC}. */
  int MAGIC_BITS = 0x4B400000;

  /** Where, behind the rhs panel, there is room for the sums of a tile. */
  int SUMS = DEPTH * 32;

  /** Rows of the tile. */
  int mr();

  /** Columns of the tile: two vectors. */
  int nr();

  /**
   * One tile. Always the whole tile: panels are padded, and accumulators have room for it.
   *
   * @param l where the lhs panel begins
   * @param r where the rhs panel begins
   * @param k depth, at most {@link #DEPTH}
   * @param a where the tile of accumulators begins
   * @param pitch ints from one row of accumulators to the next
   */
  void tile(float[] lhs, int l, float[] rhs, int r, int k, int[] acc, int a, int pitch);
}
