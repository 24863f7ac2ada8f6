package dev.octavo.vector;

/**
 * Accumulators to elements of the output, a row of channels at a time. The arithmetic is {@link
 * dev.octavo.Norm}'s, bit for bit; how a vector does it is said at each recipe.
 */
interface Requantizer {
  /**
   * out[at + i] = recipe(acc[at + i], channel c + i), for i &lt; n; up to a vector more is read and
   * written. May destroy acc. Made with a step of 0, it takes the parameters of one channel for
   * all, which the table holds a vector of.
   *
   * @param c entry of the table
   */
  void requantize(RequantizeTable table, int c, int[] acc, byte[] out, int at, int n);

  /**
   * out[at + i] = f32(f32(f32(acc[at + i]) · f32(lhsScale · scales[c + i])) + bias[c + i]), without
   * the addition if bias is null.
   */
  void dequantize(
      float[] scales, float[] bias, int c, float lhsScale, int[] acc, float[] out, int at, int n);
}
