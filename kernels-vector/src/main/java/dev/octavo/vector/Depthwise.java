package dev.octavo.vector;

/**
 * Depthwise convolution of one line of output pixels:
 *
 * <pre>
 *   acc[x, c] = base[c] + Σ_tap lines[offset[tap] + x · step + c] · filter[tap, c]      c &lt; channels
 * </pre>
 *
 * <p>By float32 multiply-adds, exact as at {@link Gemm}: |lhs| ≤ 128, |filter| ≤ 255 (its zero
 * point is subtracted), so 128 products stay within 2<sup>22</sup>; with more taps the sums are
 * folded into acc in between.
 */
interface Depthwise {
  /** Most taps between two folds. */
  int TAPS = 128;

  /**
   * One line. All rows of arrays are padded to whole vectors of channels.
   *
   * @param offsets where the taps of pixel 0 begin in lines
   * @param step floats from one pixel to the next
   * @param filter [tap][channels]
   * @param acc [pixel][channels]
   */
  void line(
      float[] lines,
      int[] offsets,
      int step,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int channels);
}
