package dev.octavo.bench.latency;

import java.util.function.LongConsumer;

/**
 * Something to do again and again.
 *
 * @param whole all of it
 * @param strips how many parts a kernel cuts it into; 0 where no kernel runs
 * @param strip does one of them
 */
record Job(Runnable whole, long strips, LongConsumer strip) {
  /** Strips that are timed, spread over all. */
  private static final int SAMPLED = 100;

  private static final int TIMES = 5;

  static Job of(Runnable whole) {
    return new Job(whole, 0, strip -> {});
  }

  /**
   * What the longest strip takes when nothing disturbs it, in nanoseconds: each is timed some
   * times, and its best counts. 0 if the work is one strip, which has other means not to be away
   * for long.
   */
  long longestStrip() {
    long longest = 0;
    long step = Math.max(1, strips / SAMPLED);
    for (long at = 0; at < strips && strips > 1; at += step) {
      long best = Long.MAX_VALUE;
      for (int time = 0; time < TIMES; time++) {
        long start = System.nanoTime();
        strip.accept(at);
        best = Math.min(best, System.nanoTime() - start);
      }
      longest = Math.max(longest, best);
    }
    return longest;
  }
}
