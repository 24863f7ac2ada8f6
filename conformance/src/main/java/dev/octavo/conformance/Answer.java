package dev.octavo.conformance;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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

  /** Whether another answer is the same bits, payloads of NaN apart. */
  boolean same(Answer other, Grid grid) {
    return Arrays.equals(scales, other.scales)
        && Arrays.equals(zeroPoints, other.zeroPoints)
        && (Arrays.equals(output, other.output) || differences(other, grid).isEmpty());
  }

  /** Offsets of differing cells, and of differing bytes between cells. */
  List<Integer> differences(Answer other, Grid grid) {
    List<Integer> offsets = new ArrayList<>();
    for (int offset = 0; offset < output.length; offset++) {
      if (output[offset] == other.output[offset]) {
        continue;
      }
      Optional<int[]> cell = grid.cellAt(offset);
      if (cell.isEmpty()) {
        offsets.add(offset);
      } else {
        int start = grid.offset(cell.get());
        if (!Cells.same(grid.type(), segment(), other.segment(), start)) {
          offsets.add(start);
        }
        offset = start + grid.type().bytes() - 1;
      }
    }
    return offsets;
  }
}
