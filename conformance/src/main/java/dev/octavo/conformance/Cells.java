package dev.octavo.conformance;

import dev.octavo.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reading and writing one cell of an operand, in native byte order. */
public final class Cells {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private Cells() {}

  /** An integer cell. */
  public static int integer(ElementType type, MemorySegment data, long offset) {
    return switch (type) {
      case U8 -> data.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
      case S8 -> data.get(ValueLayout.JAVA_BYTE, offset);
      case S32, F32 -> data.get(INT, offset);
    };
  }

  /** A float32 cell. */
  public static float real(MemorySegment data, long offset) {
    return data.get(FLOAT, offset);
  }

  /** Writes the low bits of an integer into a cell. */
  public static void put(ElementType type, MemorySegment data, long offset, int value) {
    if (type.bytes() == 1) {
      data.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    } else {
      data.set(INT, offset, value);
    }
  }

  /** Writes a float32 cell. */
  public static void put(MemorySegment data, long offset, float value) {
    data.set(FLOAT, offset, value);
  }

  /** A cell for people: the integer, or the float with its bits. */
  public static String show(ElementType type, MemorySegment data, long offset) {
    return type == ElementType.F32
        ? real(data, offset) + " (0x" + Integer.toHexString(integer(type, data, offset)) + ")"
        : Integer.toString(integer(type, data, offset));
  }

  /** Whether two cells are the same bits; a NaN equals every NaN, whose payload nobody promises. */
  public static boolean same(ElementType type, MemorySegment a, MemorySegment b, long offset) {
    int left = integer(type, a, offset);
    int right = integer(type, b, offset);
    return left == right
        || type == ElementType.F32
            && Float.isNaN(Float.intBitsToFloat(left))
            && Float.isNaN(Float.intBitsToFloat(right));
  }
}
