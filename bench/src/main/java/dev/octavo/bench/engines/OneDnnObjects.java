package dev.octavo.bench.engines;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Owns what an operation makes in oneDNN and in native memory: all of it goes with {@link #close}.
 */
final class OneDnnObjects implements AutoCloseable {

  private final OneDnn dnn;
  private final Arena arena = Arena.ofShared();
  private final Deque<Runnable> undo = new ArrayDeque<>();

  OneDnnObjects(OneDnn dnn) {
    this.dnn = dnn;
  }

  /**
   * Makes an object.
   *
   * @param kind names the function that destroys it
   */
  MemorySegment make(String kind, String function, Object... parameters) {
    MemorySegment made = dnn.make(function, parameters);
    undo.push(() -> dnn.check("dnnl_" + kind + "_destroy", made));
    return made;
  }

  /** Memory for what a memory descriptor describes. */
  MemorySegment room(MemorySegment descriptor) {
    return bytes(Math.max(1, dnn.size("dnnl_memory_desc_get_size", descriptor)), 64);
  }

  MemorySegment bytes(long size, long alignment) {
    return arena.allocate(size, alignment);
  }

  MemorySegment floats(float[] values) {
    return arena.allocateFrom(JAVA_FLOAT, values);
  }

  MemorySegment ints(int... values) {
    return arena.allocateFrom(JAVA_INT, values);
  }

  MemorySegment longs(long... values) {
    return arena.allocateFrom(JAVA_LONG, values);
  }

  /** The last made goes first. */
  @Override
  public void close() {
    undo.forEach(Runnable::run);
    undo.clear();
    arena.close();
  }
}
