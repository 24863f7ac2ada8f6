package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Shape;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A shared arena that is closed while a kernel runs gives exceptions on both sides, no crash. */
class ClosingTest {
  private static final int SIZE = 96;

  @Test
  void nativeOperands() throws InterruptedException {
    closeUnderRuns(false);
  }

  @Test
  void heapOperandsAndNativeWeights() throws InterruptedException {
    closeUnderRuns(true);
  }

  private static void closeUnderRuns(boolean heap) throws InterruptedException {
    Built.assumeLoaded();
    for (Backend backend : new NativeProvider().backends()) {
      if (!(backend.availability() instanceof Availability.Unusable)) {
        for (int i = 0; i < 20; i++) {
          closeUnderRuns(backend, heap);
        }
      }
    }
  }

  private static void closeUnderRuns(Backend backend, boolean heap) throws InterruptedException {
    Arena arena = Arena.ofShared();
    GemmSpec spec = GemmSpec.of(SIZE, SIZE);
    MemorySegment weights = MemorySegment.ofArray(new byte[SIZE * SIZE]);
    Kernel kernel = backend.prepare(spec, Weights.rowsOfK(weights, SIZE), arena);
    Shape shape = spec.rows(SIZE);
    long strips = kernel.strips(shape);
    MemorySegment in = heap ? weights : arena.allocate(SIZE * SIZE);
    MemorySegment out =
        heap ? MemorySegment.ofArray(new int[SIZE * SIZE]) : arena.allocate(4L * SIZE * SIZE, 4);
    MemorySegment scratch = arena.allocate(Math.max(1, kernel.scratchBytes(shape)), 64);
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread runner =
        new Thread(
            () -> {
              try {
                while (true) {
                  kernel.run(shape, in, out, null, scratch, 0, strips);
                  running.countDown();
                }
              } catch (Throwable t) {
                end.set(t);
                running.countDown();
              }
            });
    runner.start();
    running.await();
    boolean open = true;
    while (open) {
      try {
        arena.close();
        open = false;
      } catch (IllegalStateException inUse) {
        assertTrue(runner.isAlive(), "in use by nobody");
        Thread.onSpinWait();
      }
    }
    runner.join(10_000);
    assertInstanceOf(IllegalStateException.class, end.get());
  }
}
