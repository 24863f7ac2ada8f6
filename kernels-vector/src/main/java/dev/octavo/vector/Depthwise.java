package dev.octavo.vector;

/**
 * Depthwise convolution of a strip of output pixels:
 *
 * <pre>
 *   acc[x, c + i] = base[c + i] + Σ_tap blocks[c / L · block + offset[tap] + x · L + i] · filter[tap, c + i]
 *
 *   c = 0, L, 2L … &lt; channels,  i &lt; L
 * </pre>
 *
 * <p>Channels come in blocks of L, as many as a vector has, and the pixels of a block lie side by
 * side: see {@link Planes}. With all channels of a pixel side by side the distance of two pixels
 * would be no constant, which leaves a check of the bounds at every load. Bytes are widened where
 * they are loaded: widened ahead they would not fit the first-level cache.
 *
 * <p>By float32 multiply-adds, exact as at {@link Gemm}: |lhs| ≤ 128, |filter| ≤ 255 (its zero
 * point is subtracted), so 128 products stay within 2<sup>22</sup>; with more taps the sums are
 * folded in between.
 */
interface Depthwise {
  /** Most taps between two folds. */
  int TAPS = 128;

  /**
   * One strip. Channels are padded to whole vectors; up to three pixels more are read.
   *
   * @param block bytes from one block of channels to the next
   * @param offsets where the taps of pixel 0 begin in a block
   * @param filter [tap][channel]
   * @param base of each channel
   * @param acc [pixel][channel]
   * @param pitch from one tap to the next, and from one pixel of acc to the next
   */
  void strip(
      byte[] blocks,
      int block,
      int[] offsets,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int pitch);
}
