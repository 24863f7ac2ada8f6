package dev.octavo.conformance;

import dev.octavo.conformance.GuardArena.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pages one of which is a wall. Small ones are used again: three system calls for every operand
 * cost more than the kernel under test, and hold up the other threads of the process. Every
 * sixty-fourth is given back all the same, so that whoever keeps a stale address meets a hole
 * sooner or later.
 *
 * @param base address of the first page
 * @param mapped bytes from there to the end of the last
 * @param wall address of the inaccessible page
 * @param spares where it goes when it is free; null if it is given back
 */
record Stretch(long base, long mapped, long wall, Queue<Stretch> spares) {
  /** Sizes that are kept: 1, 2, 4 … 1024 pages. */
  private static final int SIZES = 11;

  private static final int GIVEN_BACK = 64;
  private static final AtomicLong FREED = new AtomicLong();
  private static final List<Queue<Stretch>> SPARES = queues();

  private static List<Queue<Stretch>> queues() {
    List<Queue<Stretch>> queues = new ArrayList<>();
    for (int i = 0; i < SIZES * Edge.values().length; i++) {
      queues.add(new ConcurrentLinkedQueue<>());
    }
    return queues;
  }

  /** A stretch with room for that many bytes next to its wall, dirty. */
  static Stretch of(Edge edge, long bytes, long alignment) {
    long page = Pages.size();
    int size = 0;
    while (size < SIZES && bytes > page << size) {
      size++;
    }
    if (size == SIZES || alignment > page) {
      return map(edge, -(-(bytes + Math.max(alignment, page)) & -page), alignment, null);
    }
    Queue<Stretch> spares = SPARES.get(size * Edge.values().length + edge.ordinal());
    Stretch spare = spares.poll();
    return spare != null ? spare : map(edge, page << size, page, spares);
  }

  private static Stretch map(Edge edge, long room, long alignment, Queue<Stretch> spares) {
    long page = Pages.size();
    long mapped = room + page;
    long base = Pages.map(mapped);
    // Before a start that is aligned, or behind everything.
    long wall = edge == Edge.END ? base + room : -(-(base + page) & -alignment) - page;
    Pages.forbid(wall, page);
    return new Stretch(base, mapped, wall, spares);
  }

  /** Somebody else may have it. */
  void free() {
    if (spares == null || FREED.incrementAndGet() % GIVEN_BACK == 0) {
      Pages.unmap(base, mapped);
    } else {
      spares.add(this);
    }
  }
}
