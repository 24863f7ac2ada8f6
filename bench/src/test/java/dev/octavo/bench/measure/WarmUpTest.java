package dev.octavo.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WarmUpTest {

  private static final double SLOW = 2e-3;

  /** Compiled code gets 0.2 s when it is new, else the warm-up ends with the first run or two. */
  private static final Stopwatch.Budget JIT = new Stopwatch.Budget(0.2, 0, 0, false);

  private static final Stopwatch.Budget NATIVE = new Stopwatch.Budget(0, 0, 0, false);

  /** As slow as interpreted code for the first runs, then fast. */
  private static class Becoming extends FakePrepared {
    final int slowRuns;
    int runs;

    Becoming(int slowRuns) {
      this.slowRuns = slowRuns;
    }

    @Override
    public void run() {
      runs++;
      if (runs <= slowRuns) {
        LockSupport.parkNanos((long) (SLOW * 1e9));
      } else {
        long until = System.nanoTime() + 20_000; // too long a run for WarmUp's least count
        while (System.nanoTime() - until < 0) {
          Thread.onSpinWait();
        }
      }
    }
  }

  @Test
  void newCodeIsRunUntilItStopsBecomingFaster() {
    double best = new WarmUp().run(new Becoming(20), "kernel", 1_000_000, JIT, 7);
    assertTrue(best < SLOW / 2, () -> best + " s");
  }

  /** Another shape can lead a known kernel through code that nobody compiled yet. */
  @Test
  void aKernelFarBehindWhatItReachedIsTakenForNew() {
    WarmUp warmUp = new WarmUp();
    warmUp.run(new Becoming(0), "kernel", 1_000_000, JIT, 7);
    double best = warmUp.run(new Becoming(20), "kernel", 1_000_000, JIT, 7);
    assertTrue(best < SLOW / 2, () -> best + " s");
  }

  @Test
  void aKnownKernelThatIsAboutAsFastAsBeforeIsNot() {
    WarmUp warmUp = new WarmUp();
    warmUp.run(new Becoming(0), "kernel", 1_000_000, JIT, 7);
    Becoming again = new Becoming(0);
    Stopwatch.Budget patient = new Stopwatch.Budget(4, 0, 0, false); // seconds, if it were new
    long start = System.nanoTime();
    warmUp.run(again, "kernel", 1_000_000, patient, 7);
    // a compiler at work may hold it up to half a second, nobody for longer
    assertTrue((System.nanoTime() - start) * 1e-9 < 2, () -> again.runs + " runs");
  }

  /** As when the JVM throws compiled code away between warm-up and samples. */
  @Test
  void aKernelThatBecameSlowIsRunUntilItIsFastAgain() {
    Becoming slow = new Becoming(20);
    WarmUp.again(slow, 0, 25e-6);
    assertTrue(slow.runs > 20, () -> slow.runs + " runs");
  }

  /** What calls a native kernel is compiled, too, and outweighs the smallest of them before. */
  @Test
  void aTinyRunIsRepeatedUntilItsCallerIsCompiled() {
    Becoming tiny =
        new Becoming(0) {
          @Override
          public void run() {
            runs++;
          }
        };
    new WarmUp().run(tiny, "kernel", 10, NATIVE, 7);
    assertEquals(20_000, tiny.runs);
  }
}
