package dev.octavo.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where operands live, in the words of the parameter {@code residency}. */
enum Residence {
  HEAP,
  NATIVE;

  static Residence parse(String text) {
    return switch (text) {
      case "heap" -> HEAP;
      case "native" -> NATIVE;
      default ->
          throw new IllegalArgumentException(
              "residency is heap or native, not \"%s\"".formatted(text));
    };
  }

  /** A copy that lives there; native ones begin at a cache line. */
  MemorySegment copy(MemorySegment segment, Arena arena) {
    return room(segment.byteSize(), arena).copyFrom(segment);
  }

  MemorySegment room(long bytes, Arena arena) {
    return this == HEAP
        ? MemorySegment.ofArray(new byte[Math.toIntExact(bytes)])
        : arena.allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
  }

  /** The same for elements of four bytes, which must lie in an array of their own kind. */
  MemorySegment copy(float[] values, Arena arena) {
    return this == HEAP
        ? MemorySegment.ofArray(values.clone())
        : arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
  }

  /** The same for elements of four bytes, which must lie in an array of their own kind. */
  MemorySegment copy(int[] values, Arena arena) {
    return this == HEAP
        ? MemorySegment.ofArray(values.clone())
        : arena.allocateFrom(ValueLayout.JAVA_INT, values);
  }

  /** Room for elements of {@code width} bytes. */
  MemorySegment room(long elements, int width, Arena arena) {
    return this == HEAP && width == 4
        ? MemorySegment.ofArray(new int[Math.toIntExact(elements)])
        : room(elements * width, arena);
  }
}
