package dev.octavo.conformance;

import java.lang.foreign.MemorySegment;

/**
 * Everything that a run writes.
 *
 * @param output the whole output; what lies between its cells counts too
 * @param scales that a dynamic quantization wrote, else none
 * @param zeroPoints that a dynamic quantization wrote, else none
 */
public record Answer(byte[] output, float[] scales, int[] zeroPoints) {
  /** The byte that lies between cells before a run, and must lie there after it. */
  static final byte BETWEEN = 0x5A;

  MemorySegment segment() {
    return MemorySegment.ofArray(output);
  }
}
