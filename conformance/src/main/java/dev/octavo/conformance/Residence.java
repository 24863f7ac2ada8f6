package dev.octavo.conformance;

import java.lang.foreign.MemorySegment;

/** Where an operand lives. It must not change a bit of any answer. */
public enum Residence {
  /** In a Java array, a few elements from its beginning, so that it is not aligned. */
  HEAP,
  /** In native memory that ends at an inaccessible page. */
  WALL_AFTER,
  /** In native memory that begins right after an inaccessible page. */
  WALL_BEFORE;

  /** Elements of the array that come before a heap operand: enough to misalign it. */
  private static final int LEAD = 3;

  private static final int WORD = Integer.BYTES;

  /**
   * A segment of that many bytes.
   *
   * @param elementBytes 1 or 4, the alignment that the elements need
   */
  MemorySegment allocate(Walls walls, long bytes, int elementBytes) {
    return switch (this) {
      case HEAP -> {
        int size = Math.toIntExact(bytes);
        yield elementBytes == 1
            ? MemorySegment.ofArray(new byte[LEAD + size]).asSlice(LEAD)
            : MemorySegment.ofArray(new int[LEAD + (size + WORD - 1) / WORD])
                .asSlice(LEAD * WORD, bytes);
      }
      case WALL_AFTER -> walls.after().allocate(bytes, elementBytes);
      case WALL_BEFORE -> walls.before().allocate(bytes, elementBytes);
    };
  }
}
