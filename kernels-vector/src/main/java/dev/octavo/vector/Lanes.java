package dev.octavo.vector;

/** The plain moves between the arrays of a {@link Workspace}, a vector at a time. */
interface Lanes {
  /** Elements of a vector of ints or floats. */
  int count();

  /**
   * to[t + i] = from[f + i] xor flip, as a signed byte, for i &lt; n; up to a vector more is read
   * and written.
   */
  void widen(byte[] from, int f, int flip, float[] to, int t, int n);

  /**
   * The same of rows: to[t + r · Gemm.PITCH + i] = from[f + r · step + i] xor flip, for r &lt;
   * rows.
   */
  void widenRows(byte[] from, int f, int step, int flip, float[] to, int t, int n, int rows);

  /**
   * Pixels of channels side by side to blocks of as many channels as a vector has, the pixels of a
   * block side by side:
   *
   * <pre>
   *   to[t + c · width + (x % phases · each + x / phases) · L + i] = from[x · channels + c + i] xor flip
   *
   *   x &lt; columns,  c = 0, L, 2L … &lt; channels,  i &lt; L,  each = ⌈columns / phases⌉,  width = phases · each
   * </pre>
   *
   * @param phases of the pixels that are neighbours: every so many of a line
   */
  void widenBlocks(byte[] from, int channels, int flip, float[] to, int t, int columns, int phases);

  /** The sum of values[v … v + n): integers whose sum is below 2<sup>24</sup>. */
  int sum(float[] values, int v, int n);

  /** acc[a + i] += factor · column[c + i], for i &lt; n, a multiple of a vector. */
  void addProduct(int factor, int[] column, int c, int[] acc, int a, int n);
}
