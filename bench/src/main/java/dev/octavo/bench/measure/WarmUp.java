package dev.octavo.bench.measure;

import java.util.HashMap;
import java.util.Map;

/**
 * Runs a kernel until it is as fast as it will be.
 *
 * <p>The JIT compiler makes this long: code that it has never seen runs a hundred times slower
 * where it consists of vector operations, for as long as it takes to be noticed and compiled. A
 * kernel that has run before may meet it again, because another shape takes another way through its
 * loops. So what a kernel has reached is kept, and one that falls far behind that is taken for new.
 * Native kernels are called by Java code, which counts where a run takes less than a microsecond.
 */
public final class WarmUp {

  /** Seconds that kernels are warmed up at most which the JIT compiler has never seen. */
  private static final double LONGEST_FIRST = 5;

  /** Seconds at most for those that it has to compile again, because their shape is a new one. */
  private static final double LONGEST = 0.5;

  /** A kernel is taken for new when it is so many times slower than it was on another task, */
  private static final double FAR_BEHIND = 3;

  /** and a run takes longer than this: short ones are slow because they are short. Seconds. */
  private static final double SHORT = 2e-5;

  /** Calls after which HotSpot has compiled a caller, and then some. */
  private static final long CALLS = 20_000;

  /**
   * What a run may take on average for so many to be made: seconds. Of longer ones a caller is 1 %.
   */
  private static final double TINY = 5e-6;

  /** What the first few, interpreted, may take besides. */
  private static final double GRACE = 2e-3;

  /** As fast again: not so many times slower. */
  private static final double ABOUT = 1.25;

  /** Seconds that are spent on becoming it. */
  private static final double LONGEST_AGAIN = 0.3;

  private final Map<String, Double> rates = new HashMap<>();

  /**
   * Warms up until nothing has become faster for a while and, for code of the JIT compiler, until
   * that has nothing left to do; says how long a whole run takes by then, roughly. Runs what will
   * be sampled, whole runs as soon as they fit the budget: parts of them are other code.
   *
   * @param kind names what the JIT compiler sees as the same code, more or less
   * @param multiplyAdds of a run
   * @param samples that will be taken
   */
  double run(
      Prepared prepared, String kind, long multiplyAdds, Stopwatch.Budget budget, int samples) {
    boolean jit = budget.firstWarmUp() > 0;
    boolean unknown = !rates.containsKey(kind);
    double known = rates.getOrDefault(kind, 0.0);
    long strips = Math.max(1, prepared.strips());
    boolean whole = !budget.parts();
    long part = Math.ceilDiv(strips, 32);
    long start = System.nanoTime();
    long since = start;
    long from = 0;
    long runs = 0;
    double best = Double.POSITIVE_INFINITY;
    double still;
    double longest;
    do {
      if (!whole && runs > 0 && Stopwatch.chunk(prepared, best, budget, samples) == 0) {
        whole = true;
        best = Double.POSITIVE_INFINITY;
      }
      long to = Math.min(from + part, strips);
      double took =
          whole
              ? Stopwatch.time(prepared)
              : Stopwatch.time(prepared, from, to) * strips / (to - from);
      from = to == strips ? 0 : to;
      runs++;
      if (took < 0.95 * best) {
        since = System.nanoTime();
      }
      best = Math.min(best, took);
      boolean fresh = jit && (unknown || best > SHORT && multiplyAdds / best < known / FAR_BEHIND);
      still = fresh ? Math.max(budget.firstWarmUp(), budget.warmUp()) : budget.warmUp();
      longest = fresh ? LONGEST_FIRST : jit ? LONGEST : 0;
      if (seconds(since) >= still && seconds(start) < longest && JitCompiler.isBusy()) {
        since = System.nanoTime();
      }
    } while (runs < CALLS && seconds(start) < GRACE + runs * TINY
        || seconds(since) < still && seconds(start) < Math.max(still, longest));
    rates.merge(kind, multiplyAdds / best, Math::max);
    return best;
  }

  /**
   * Runs a kernel until it is about as fast again as its warm-up left it: the JVM throws compiled
   * code away when another's warm-up, or a check, shows that it had been compiled for too little.
   *
   * @param chunk strips of a sample; 0 if it is a whole run
   * @param estimate what the warm-up said
   */
  static void again(Prepared prepared, long chunk, double estimate) {
    long start = System.nanoTime();
    double took;
    do {
      took = chunk == 0 ? Stopwatch.time(prepared) : Stopwatch.part(prepared, chunk, 0);
    } while (took > ABOUT * estimate && seconds(start) < LONGEST_AGAIN);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }
}
