package dev.octavo.conformance.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.conformance.Cells;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Ways to run the strips of a kernel, all of which must come to the same. */
final class Strips {
  /** More strips than this are not looked at one by one. */
  private static final int FEW = 16;

  private Strips() {}

  /** A random partition, in random order. */
  static void inPieces(Host host, MemorySegment output, RandomGenerator random) {
    List<long[]> pieces = new ArrayList<>();
    long longest = Math.max(1, host.strips() / 5);
    for (long from = 0, to; from < host.strips(); from = to) {
      to = Math.min(host.strips(), from + random.nextLong(1, longest + 1));
      pieces.add(new long[] {from, to});
    }
    Collections.shuffle(pieces, Random.from(random));
    pieces.forEach(piece -> host.run(output, piece[0], piece[1]));
  }

  /** Two threads that take strips from a counter, each on scratch of its own. */
  static void onTwoThreads(Host host, MemorySegment output) {
    AtomicLong next = new AtomicLong();
    Runnable work =
        () -> {
          for (long s = next.getAndIncrement(); s < host.strips(); s = next.getAndIncrement()) {
            host.run(output, s, s + 1);
          }
        };
    CompletableFuture.allOf(CompletableFuture.runAsync(work), CompletableFuture.runAsync(work))
        .join();
  }

  /** Runs each strip over two different backgrounds: what comes out alike is what it wrote. */
  static void checkDisjoint(Host host, Problem problem, Supplier<String> what) {
    Grid grid = problem.outputGrid();
    long strips = Math.min(host.strips(), FEW);
    int[] offsets = grid.offsets();
    int[] owner = new int[offsets.length];
    MemorySegment dark = host.output((byte) 0);
    MemorySegment light = host.output((byte) -1);
    for (int s = 0; s < strips; s++) {
      host.run(dark.fill((byte) 0), s, s + 1);
      host.run(light.fill((byte) -1), s, s + 1);
      for (int cell = 0; cell < owner.length; cell++) {
        if (Cells.same(grid.type(), dark, light, offsets[cell])) {
          int[] index = grid.index(cell);
          int strip = s;
          assertEquals(
              0,
              owner[cell],
              () -> "strip " + strip + " writes " + grid.describe(index) + " again: " + what.get());
          owner[cell] = s + 1;
        }
      }
    }
    for (int cell = 0; cell < owner.length && strips == host.strips(); cell++) {
      int[] index = grid.index(cell);
      assertTrue(
          owner[cell] != 0, () -> "no strip writes " + grid.describe(index) + ": " + what.get());
    }
  }
}
