package dev.octavo.scalar;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;

/**
 * Plain arrays to work in, kept by a kernel between runs: taken for a run and given back after it,
 * so that a run allocates nothing once there are as many sets as callers at a time.
 *
 * <p>Why not the caller's scratch? A {@link java.lang.foreign.MemorySegment} may be native or one
 * of several kinds of heap array. Once a JVM has met three kinds, its compiler can no longer tell
 * which one a loop reads, and every element costs a virtual call: measured two hundred times
 * slower. An array has one kind.
 */
final class Pool<T> {
  private final ArrayBlockingQueue<T> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());
  private final Supplier<T> maker;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  T take() {
    T set = idle.poll();
    return set == null ? maker.get() : set;
  }

  /** Keeps a set for the next run; drops it where there is one for every processor. */
  void giveBack(T set) {
    idle.offer(set);
  }
}
