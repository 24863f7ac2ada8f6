package dev.octavo.conformance.contract;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Memory with something wrong about it. */
final class Segments {
  private Segments() {}

  /** The same but for its last byte. */
  static MemorySegment shortened(MemorySegment segment) {
    return segment.asSlice(0, segment.byteSize() - 1);
  }

  /** Input and output as slices of one piece of memory that share at least a byte. */
  static void overlapInput(Scene s) {
    overlap(s, s.allocate(s.input.byteSize() + s.output.byteSize() + 8));
  }

  /** The same in a Java array. */
  static void overlapInputOnHeap(Scene s) {
    int words = (int) ((s.input.byteSize() + s.output.byteSize()) / 4 + 2);
    overlap(s, MemorySegment.ofArray(new int[words]));
  }

  private static void overlap(Scene s, MemorySegment both) {
    long in = s.input.byteSize();
    long out = s.output.byteSize();
    s.input = both.asSlice(0, in);
    s.output = both.asSlice(in - 1 & ~3L, out);
  }

  /** Scratch that shares its first or last bytes with an operand, which moves there. */
  static MemorySegment grown(Scene s, MemorySegment operand, boolean input) {
    MemorySegment both = s.allocate(s.scratchBytes + operand.byteSize() + 64);
    MemorySegment moved = both.asSlice(0, operand.byteSize());
    if (input) {
      s.input = moved;
    } else {
      s.output = moved;
    }
    return both.asSlice(operand.byteSize() - 1 & ~3L);
  }

  /** Memory off the alignment of an int. */
  static MemorySegment misaligned(Scene s, long bytes) {
    return s.allocate(bytes + 1).asSlice(1);
  }

  /** A byte[], which the JVM aligns to nothing. */
  static MemorySegment bytes(long size) {
    return MemorySegment.ofArray(new byte[(int) size]);
  }

  /** Memory whose arena is closed. */
  static MemorySegment closed(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      return arena.allocate(bytes, 4);
    }
  }

  /** Memory confined to another thread. */
  static MemorySegment foreign(long bytes) {
    MemorySegment[] segment = new MemorySegment[1];
    onAnotherThread(arena -> segment[0] = arena.allocate(bytes, 4));
    return segment[0];
  }

  /** Does something with an arena that is confined to another thread, which then ends. */
  static void onAnotherThread(Consumer<Arena> action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                action.accept(Arena.ofConfined());
                done.complete(null);
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    done.join();
  }
}
