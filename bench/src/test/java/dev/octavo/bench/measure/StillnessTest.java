package dev.octavo.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A process that others keep busy for some time, on clocks of the test's own. */
class StillnessTest {

  private static final long MILLISECOND = 1_000_000;

  /** Milliseconds waited for a process that uses {@code processors} of them until {@code end}. */
  private static long waited(double processors, long end) {
    long[] now = {0};
    Stillness.await(
        () -> (long) (processors * Math.min(now[0], end * MILLISECOND)),
        () -> now[0],
        () -> now[0] += MILLISECOND);
    return now[0] / MILLISECOND;
  }

  @Test
  void looksOnceWhereNothingRuns() {
    assertEquals(1, waited(0, 100));
    assertEquals(1, waited(0.2, 100), "a helper that looks out for its next run");
  }

  @Test
  void waitsForThreadsThatSpin() {
    assertEquals(6, waited(1, 5));
    assertEquals(13, waited(3, 12));
  }

  @Test
  void givesUpOnThreadsThatNeverStop() {
    assertEquals(50, waited(1, 10_000));
  }

  @Test
  void processorTimeThatIsUnknownIsNoReasonToWait() {
    long[] now = {0};
    Stillness.await(() -> -1, () -> now[0], () -> now[0] += MILLISECOND);
    assertEquals(MILLISECOND, now[0]);
  }
}
