package dev.octavo.conformance;

import dev.octavo.Bias;
import dev.octavo.Weights;
import java.lang.foreign.MemorySegment;

/**
 * Weights as a problem holds them: bytes that can be put on any segment.
 *
 * @param bytes all of them, whatever lies between the elements included
 * @param strides of {@link Weights}: out, height, width, in
 * @param bias as in {@link Weights}
 */
public record Filter(byte[] bytes, long[] strides, Bias bias) {
  /** What the elementwise specs take. */
  public static final Filter NONE = new Filter(new byte[0], new long[4], Bias.none());

  /** These weights, if their bytes lie in that segment. */
  public Weights on(MemorySegment data) {
    return new Weights(data, strides[0], strides[1], strides[2], strides[3], bias);
  }

  /** The same with another bias. */
  public Filter withBias(Bias other) {
    return new Filter(bytes, strides, other);
  }

  /** These weights on the heap. */
  public Weights onHeap() {
    return on(MemorySegment.ofArray(bytes));
  }
}
