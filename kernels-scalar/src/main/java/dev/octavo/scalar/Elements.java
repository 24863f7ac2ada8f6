package dev.octavo.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.octavo.ElementType;
import java.lang.foreign.MemorySegment;

/** 8-bit elements to and from segments. */
final class Elements {
  private Elements() {}

  /** bytes[i] = the byte at offset + i · stride of a segment, i = 0 … count − 1. */
  static void read(MemorySegment from, long offset, long stride, int count, byte[] bytes) {
    if (stride == 1 && count > 0) { // a row of nothing may lie outside its segment
      MemorySegment.copy(from, JAVA_BYTE, offset, bytes, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        bytes[i] = from.get(JAVA_BYTE, offset + i * stride);
      }
    }
  }

  /** to[at + i] = bytes[i] − zeroPoint, i = 0 … count − 1; the bytes are U8 or S8. */
  static void widen(ElementType type, byte[] bytes, int count, int zeroPoint, int[] to, int at) {
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
}
