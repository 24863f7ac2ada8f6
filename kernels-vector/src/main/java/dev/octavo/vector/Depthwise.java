package dev.octavo.vector;

/**
 * Depthwise convolution of one line of output pixels:
 *
 * <pre>
 *   acc[x, c + i] = base[c + i] + Σ_tap lines[offset[tap] + c · width + x · L + i] · filter[tap, c + i]
 *
 *   c = 0, L, 2L … &lt; channels,  i &lt; L
 * </pre>
 *
 * <p>Channels come in blocks of L, as many as a vector has, and the pixels of a block lie side by
 * side: see {@link Lanes#widenBlocks}. With all channels of a pixel side by side a block would be
 * scattered over few sets of the cache, and the distance of two pixels no constant, which leaves a
 * check of the bounds at every load.
 *
 * <p>By float32 multiply-adds, exact as at {@link Gemm}: |lhs| ≤ 128, |filter| ≤ 255 (its zero
 * point is subtracted), so 128 products stay within 2<sup>22</sup>; with more taps the sums are
 * folded into acc in between.
 */
interface Depthwise {
  /** Most taps between two folds. */
  int TAPS = 128;

  /**
   * One line. Channels are padded to whole vectors; up to three pixels more are read.
   *
   * @param offsets where the taps of pixel 0 begin in lines
   * @param width pixels of a block
   * @param filter [tap][channels]
   * @param acc [pixel][channels]
   */
  void line(
      float[] lines,
      int[] offsets,
      int width,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int channels);
}
