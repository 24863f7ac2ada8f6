package dev.octavo.vector;

/**
 * The register tile where 16-bit integers are faster than floats; it gives the same sums as {@link
 * Gemm}:
 *
 * <pre>
 *   acc[i, j] += Σ_p lhs[i, p] · rhs[p, j]     i &lt; 4, j &lt; 2 · nr, p &lt; k ≤ Gemm.DEPTH     exactly
 * </pre>
 *
 * <p><b>The multiply</b> is that of 16-bit lanes, twice as many to a vector as floats. The rhs
 * comes negated, within [−127, 128], so that the product of two signed bytes lies within
 * [−2<sup>14</sup>, 16256], and s, the sum of the products at two successive depths, within
 * [−2<sup>15</sup>, 32512]: 16 bits hold it, −128 · −128 twice included, which they would not
 * without the negation.
 *
 * <p><b>Two sums</b> of s are kept, both in 16 bits: c = Σ s modulo 2<sup>16</sup>, and h = Σ ⌊s /
 * 256⌋. What the floor drops is in [0, 255], so Σ s = 256 · h + r with 0 ≤ r ≤ 255 · DEPTH / 2 &lt;
 * 2<sup>16</sup>, and c says which r it is: (c − 256 · h) modulo 2<sup>16</sup>. |h| ≤ 128 · DEPTH
 * / 2 fits. Six instructions make 64 products of 512 bits. Float32 multiply-adds need four, but a
 * core has only two units for those; it pays where it has four for integers.
 *
 * <p>The lhs panel is that of {@link Gemm} with an int for each float, which holds the value twice;
 * the rhs panel is two panels of shorts. An odd depth is padded with a zero in the lhs.
 */
interface Pairs {
  /** Rows of the tile. */
  int MR = 4;

  /** Shorts from the first panel of the rhs to the second. */
  int PANEL = Gemm.DEPTH * 32;

  /** Where, behind the two panels, there is room for the sums of a tile. */
  int SUMS = 2 * PANEL;

  /** Ints from one row of an lhs panel to the next. */
  int PITCH = Gemm.PITCH;

  /** to[t + i] = −from[f + i], for i &lt; n; up to a vector more is read and written. */
  void widen(byte[] from, int f, short[] to, int t, int n);

  /**
   * to[t + r · PITCH + i] = from[f + r · step + i] xor flip, as a signed byte widened to 16 bits,
   * in both halves of an int; for i &lt; n, likewise, and r &lt; rows.
   */
  void widenTwice(byte[] from, int f, int step, int flip, int[] to, int t, int n, int rows);

  /** The sum of what values[v … v + n) hold twice. */
  int sum(int[] values, int v, int n);

  /** One tile, two panels wide. */
  void two(int[] lhs, int l, short[] rhs, int k, int[] acc, int a, int pitch);

  /** One tile, one panel wide. */
  void one(int[] lhs, int l, short[] rhs, int k, int[] acc, int a, int pitch);
}
