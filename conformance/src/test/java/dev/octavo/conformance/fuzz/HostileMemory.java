package dev.octavo.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.conformance.GuardArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Operands with something wrong about them now and then, and a memory of what was in them. */
final class HostileMemory implements AutoCloseable {
  private static final int MARGIN = 16;

  /** Memory that a call may touch, and what it held before. */
  private record Area(String name, MemorySegment all, MemorySegment before) {}

  private final Bytes b;
  private final GuardArena arena = GuardArena.ofShared(GuardArena.Edge.END);
  private final List<Area> areas = new ArrayList<>();

  HostileMemory(Bytes b) {
    this.b = b;
  }

  /** Memory that lives to the end, for a kernel. */
  Arena arena() {
    return arena;
  }

  /** A segment for an operand of that many bytes; perhaps. */
  MemorySegment segment(String name, long bytes, int alignment, byte fill) {
    MemorySegment good = good(name, bytes, alignment, fill);
    return b.hostile() ? spoiled(good, alignment) : good;
  }

  private MemorySegment good(String name, long bytes, int alignment, byte fill) {
    int size = Math.toIntExact(bytes);
    int margin = b.flag() ? MARGIN : 0;
    MemorySegment all =
        switch (b.below(3)) {
          case 0 -> arena.allocate(size + 2L * margin, alignment);
          case 1 -> MemorySegment.ofArray(new int[(size + 2 * margin + 3) / 4]);
          default ->
              alignment == 1
                  ? MemorySegment.ofArray(new byte[size + 2 * margin])
                  : MemorySegment.ofArray(new float[(size + 2 * margin + 3) / 4]);
        };
    all.fill(fill);
    MemorySegment slice = all.asSlice(margin, size);
    for (int i = 0; fill == 0 && i < size; i += 1 + b.below(4)) {
      slice.set(java.lang.foreign.ValueLayout.JAVA_BYTE, i, (byte) (b.one() * 31 + i));
    }
    areas.add(new Area(name, all, null));
    return slice;
  }

  private MemorySegment spoiled(MemorySegment good, int alignment) {
    return switch (b.below(9)) {
      case 0 -> null;
      case 1 -> MemorySegment.NULL;
      case 2 -> good.asReadOnly();
      case 3 -> good.asSlice(0, Math.max(0, good.byteSize() - 1 - b.below(8)));
      case 4 -> closed(good.byteSize(), alignment);
      case 5 -> ofAnotherThread(good.byteSize(), alignment);
      case 6 -> good.asSlice(Math.min(1, good.byteSize()));
      case 7 -> MemorySegment.ofArray(new long[(int) (good.byteSize() / 8 + 1)]);
      default -> overlapping(good.byteSize());
    };
  }

  /** A part of an operand that is there already. */
  private MemorySegment overlapping(long bytes) {
    MemorySegment other = areas.get(b.below(areas.size())).all;
    long offset = Math.min(other.byteSize(), b.below(32));
    return other.asSlice(offset, Math.min(bytes, other.byteSize() - offset));
  }

  private static MemorySegment closed(long bytes, int alignment) {
    try (Arena arena = Arena.ofConfined()) {
      return arena.allocate(bytes, alignment);
    }
  }

  private static MemorySegment ofAnotherThread(long bytes, int alignment) {
    MemorySegment[] segment = new MemorySegment[1];
    Thread thread =
        new Thread(() -> segment[0] = Arena.ofConfined().allocate(bytes, alignment), "another");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return segment[0];
  }

  /** Remembers what is in every operand. */
  void remember() {
    areas.replaceAll(
        area -> {
          MemorySegment copy = MemorySegment.ofArray(new byte[(int) area.all.byteSize()]);
          return new Area(area.name, area.all, copy.copyFrom(area.all));
        });
  }

  /** Fails if a byte has changed that lies in none of these segments. */
  void requireUnchangedBut(String when, MemorySegment... written) {
    for (Area area : areas) {
      for (MemorySegment segment : written) {
        if (segment != null) {
          area.all.asOverlappingSlice(segment).ifPresent(same -> same.copyFrom(was(area, same)));
        }
      }
      long first = area.all.mismatch(area.before);
      assertEquals(-1, first, () -> when + ", byte " + first + " around " + area.name + " changed");
    }
  }

  private static MemorySegment was(Area area, MemorySegment part) {
    // The address of a part of an array is an offset, too.
    return area.before.asSlice(part.address() - area.all.address(), part.byteSize());
  }

  @Override
  public void close() {
    arena.close();
  }
}
