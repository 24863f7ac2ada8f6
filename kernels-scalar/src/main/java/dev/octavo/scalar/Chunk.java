package dev.octavo.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octavo.ElementType;
import java.lang.foreign.MemorySegment;

/**
 * Elements of an elementwise kernel at work. Integers come as {@link #ints}, 8-bit ones leave as
 * {@link #bytes}; float32 come and leave as {@link #floats}.
 */
final class Chunk {
  static final int SIZE = 4096;

  final byte[] bytes = new byte[SIZE];
  final int[] ints = new int[SIZE];
  final float[] floats = new float[SIZE];

  void load(ElementType type, MemorySegment input, long offset, int count) {
    switch (type) {
      case U8, S8 -> {
        Elements.read(input, offset, 1, count, bytes);
        Elements.widen(type, bytes, count, 0, ints, 0);
      }
      case S32 -> MemorySegment.copy(input, JAVA_INT, offset, ints, 0, count);
      case F32 -> MemorySegment.copy(input, JAVA_FLOAT, offset, floats, 0, count);
    }
  }

  void store(ElementType type, MemorySegment output, long offset, int count) {
    switch (type) {
      case U8, S8 -> MemorySegment.copy(bytes, 0, output, JAVA_BYTE, offset, count);
      case S32 -> MemorySegment.copy(ints, 0, output, JAVA_INT, offset, count);
      case F32 -> MemorySegment.copy(floats, 0, output, JAVA_FLOAT, offset, count);
    }
  }
}
