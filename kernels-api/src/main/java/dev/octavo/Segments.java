package dev.octavo;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Checks on memory segments: there, big enough, aligned, alive, ours, and apart. */
final class Segments {
  private Segments() {}

  /** Size, alignment, life and thread of a segment; overflow of bytes was checked before. */
  static void check(String what, MemorySegment segment, long bytes, int alignment) {
    Objects.requireNonNull(segment, what);
    checkAccess(what, segment);
    if (segment.byteSize() < bytes) {
      throw new IndexOutOfBoundsException(
          "the "
              + what
              + " segment has "
              + segment.byteSize()
              + " bytes; "
              + bytes
              + " are needed");
    }
    if (bytes > 0 && segment.maxByteAlignment() < alignment) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " segment is aligned to "
              + segment.maxByteAlignment()
              + " bytes; 4-byte elements need 4"
              + (segment.isNative() ? "" : " (an int[] or float[], not a byte[])"));
    }
  }

  static void checkAccess(String what, MemorySegment segment) {
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("the arena of the " + what + " segment is closed");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException(
          "the "
              + what
              + " segment is confined to another thread than "
              + Thread.currentThread().getName());
    }
  }

  static void checkApart(String what, MemorySegment a, String other, MemorySegment b) {
    if (a.asOverlappingSlice(b).isPresent()) {
      throw new IllegalArgumentException("the " + what + " segment overlaps the " + other);
    }
  }
}
