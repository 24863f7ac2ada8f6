package dev.octavo.vector;

import dev.octavo.QuantizeRule;

/**
 * The elementwise operations between floats and integers; arithmetic as {@link dev.octavo.Norm} has
 * it. Element i takes entry c + step · i of the table, where step is 1 or 0; up to a vector more
 * than n elements are read and written. Everything begins at index 0 of its array.
 */
interface Quantizer {
  /** out = quantize(rule, in, s, z, min, max). */
  void quantize(
      QuantizeRule rule,
      QuantizeTable t,
      int c,
      int step,
      int[] limits,
      float[] in,
      int[] out,
      int n);

  /** out = in, which fits 8 bits. */
  void narrow(int[] in, byte[] out, int n);

  /** values = fakeQuantizeLevels(values, il, ih, ol, oh, levels): the four limits by entry. */
  void levels(float[][] limits, int levels, int c, int step, float[] values, int n);

  /** out = f32(f32(in − z) · s). */
  void dequantize(QuantizeTable t, int c, int step, int[] in, float[] out, int n);

  /** to = from. */
  void widen(byte[] from, boolean unsigned, int[] to, int n);

  /** acc += table. */
  void add(int[] table, int c, int step, int[] acc, int n);

  /** The smallest of lo and the values, NaNs not counted. */
  float min(float lo, float[] values, int n);

  /** The largest of hi and the values, NaNs not counted. */
  float max(float hi, float[] values, int n);
}
