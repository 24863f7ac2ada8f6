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
   * to[t + x · L + i] = from[f + x · step + i] xor flip, for x &lt; n and i &lt; L, as many as a
   * vector has; the narrowest vector writes a little more.
   */
  void spread(byte[] from, int f, int step, int flip, byte[] to, int t, int n);

  /** The sum of values[v … v + n): integers whose sum is below 2<sup>24</sup>. */
  int sum(float[] values, int v, int n);

  /** acc[a + i] += factor · column[c + i], for i &lt; n, a multiple of a vector. */
  void addProduct(int factor, int[] column, int c, int[] acc, int a, int n);
}
