package dev.octavo.bench.measure;

import dev.octavo.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** What the output of a task must be. */
public sealed interface Expected {

  /**
   * All bits of an int8 task's output.
   *
   * @param bytes the whole output
   * @param type of its elements
   * @param channels elements of a row, for messages
   */
  record Bits(MemorySegment bytes, ElementType type, int channels) implements Expected {

    /** Says which element is wrong first, or nothing. */
    public Optional<String> compare(MemorySegment output) {
      long at = output.mismatch(bytes);
      if (at < 0) {
        return Optional.empty();
      }
      long element = at / type.bytes();
      return Optional.of(
          "row %d channel %d is %s, should be %s"
              .formatted(
                  element / channels, element % channels, at(output, element), at(bytes, element)));
    }

    /**
     * For engines that round by another rule than the task's: when the output has 8 bits, none of
     * them is off by more than one, and no more than one in a thousand is off at all, says how many
     * are. A wrong sum moves far more than that.
     */
    public Optional<String> roundingOnly(MemorySegment output) {
      if (!type.is8Bit()) {
        return Optional.empty();
      }
      long off = 0;
      for (long i = 0; i < bytes.byteSize(); i++) {
        int difference = number(output, i) - number(bytes, i);
        if (Math.abs(difference) > 1) {
          return Optional.empty();
        }
        off += Math.abs(difference);
      }
      return off == 0 || off * 1000 > bytes.byteSize()
          ? Optional.empty()
          : Optional.of("rounding: %d of %d off by 1".formatted(off, bytes.byteSize()));
    }

    private int number(MemorySegment segment, long element) {
      return Exact.number(segment, element, type == ElementType.U8);
    }

    private String at(MemorySegment segment, long element) {
      return switch (type) {
        case U8 -> "" + Byte.toUnsignedInt(segment.get(ValueLayout.JAVA_BYTE, element));
        case S8 -> "" + segment.get(ValueLayout.JAVA_BYTE, element);
        case S32 -> "" + segment.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, element);
        case F32 -> "" + segment.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, element);
      };
    }
  }

  /**
   * For each row of a float32 task's output, the sum of its elements with pseudo-random signs, in
   * float64, and how far rounding may take a float32 result from it.
   */
  record Sums(double[] rows, double tolerance) implements Expected {

    /** Says which row is wrong first, or nothing. */
    Optional<String> compare(float[] output) {
      int channels = output.length / rows.length;
      for (int row = 0; row < rows.length; row++) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
          sum += sign(c) * output[row * channels + c];
        }
        if (!(Math.abs(sum - rows[row]) <= tolerance)) {
          return Optional.of(
              "row %d adds up to %s, should be %s ± %.1g"
                  .formatted(row, sum, rows[row], tolerance));
        }
      }
      return Optional.empty();
    }

    /** The sign with which channel {@code c} counts: pseudo-random, the same in every run. */
    static int sign(int c) {
      return (c * 0x9E3779B1) < 0 ? -1 : 1;
    }
  }
}
