package dev.octavo.bench.peaks;

/** The fastest of many runs of a loop: whatever else the machine does only slows it. */
final class Best {

  /** Seconds without any gain, after which the JIT compiler is taken to be done; not counted. */
  static final double WARM_UP = 0.4;

  /** Seconds of runs that count. */
  private static final double COUNTED = 0.15;

  private Best() {}

  /** Runs for a while; seconds of the fastest run. */
  static double seconds(Runnable loop) {
    return seconds(loop, WARM_UP, COUNTED);
  }

  static double seconds(Runnable loop, double warmUp, double counted) {
    warmUp(loop, warmUp);
    long best = Long.MAX_VALUE;
    long from = System.nanoTime();
    for (int i = 0; i < 3 || (System.nanoTime() - from) * 1e-9 < counted; i++) {
      long begin = System.nanoTime();
      loop.run();
      best = Math.min(best, System.nanoTime() - begin);
    }
    return best * 1e-9;
  }

  /** Runs until nothing has become faster for a while: on a busy machine the compiler is late. */
  private static void warmUp(Runnable loop, double least) {
    long best = Long.MAX_VALUE;
    long since = System.nanoTime();
    long now;
    do {
      long begin = System.nanoTime();
      loop.run();
      now = System.nanoTime();
      if (now - begin < 0.95 * best) {
        best = now - begin;
        since = now;
      }
    } while ((now - since) * 1e-9 < least);
  }
}
