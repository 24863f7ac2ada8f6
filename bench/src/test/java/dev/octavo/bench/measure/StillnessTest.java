package dev.octavo.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that others keep busy for some time, on a clock of the test's own; and this one. */
class StillnessTest {

  private static final long MILLISECOND = 1_000_000;

  /** Milliseconds waited for a process in which {@code threads} run until {@code end}. */
  private static long waited(int threads, long end) {
    long[] now = {0};
    Stillness.await(
        () -> now[0] < end * MILLISECOND ? threads : 0, () -> now[0], () -> now[0] += MILLISECOND);
    return now[0] / MILLISECOND;
  }

  @Test
  void looksAFewTimesWhereNothingRuns() {
    assertEquals(3, waited(0, 100));
    assertEquals(3, waited(-1, 100), "a system that tells nothing");
  }

  @Test
  void waitsForThreadsThatSpin() {
    assertEquals(7, waited(1, 5));
    assertEquals(14, waited(3, 12));
  }

  @Test
  void givesUpOnThreadsThatNeverStop() {
    assertEquals(100, waited(1, 10_000));
  }

  @Test
  @Timeout(60)
  void seesAThreadThatSpins() throws InterruptedException {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "needs Linux");
    CountDownLatch begun = new CountDownLatch(1);
    Thread spins =
        new Thread(
            () -> {
              begun.countDown();
              while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
            });
    spins.start();
    begun.await();
    assertTrue(Stillness.running() >= 1);
    spins.interrupt();
    spins.join();
  }
}
