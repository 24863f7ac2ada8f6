package dev.octavo.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.octavo.ElementType;
import java.lang.foreign.MemorySegment;

/** Bytes from a segment to ints, zero point subtracted. */
final class Elements {
  private Elements() {}

  /**
   * to[at + i] = element[i] − zeroPoint, i = 0 … count − 1.
   *
   * @param type U8 or S8
   * @param bytes room for count bytes on their way
   */
  static void widen(
      ElementType type,
      MemorySegment from,
      long offset,
      int count,
      int zeroPoint,
      byte[] bytes,
      int[] to,
      int at) {
    if (count == 0) {
      return; // a row of nothing may lie outside its segment
    }
    MemorySegment.copy(from, JAVA_BYTE, offset, bytes, 0, count);
    if (type == ElementType.U8) {
      for (int i = 0; i < count; i++) {
        to[at + i] = Byte.toUnsignedInt(bytes[i]) - zeroPoint;
      }
    } else {
      for (int i = 0; i < count; i++) {
        to[at + i] = bytes[i] - zeroPoint;
      }
    }
  }

  static int toInt(ElementType type, byte element) {
    return type == ElementType.U8 ? Byte.toUnsignedInt(element) : element;
  }
}
