package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Stopwatch.Budget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How time is spent. The quick pace shares what is left of a total among the steps that are left,
 * so that the whole ends in time on a slow machine too; the full pace gives each step what a
 * careful measurement takes.
 */
public final class Pace {

  /** Seconds of warm-up for code that the JIT compiler has yet to compile. */
  private static final double JIT = 0.4;

  private final double total;
  private final int steps;
  private final boolean whole;
  private final long start = System.nanoTime();
  private int taken;

  private Pace(double total, int steps, boolean whole) {
    this.total = total;
    this.steps = steps;
    this.whole = whole;
  }

  /** About {@code seconds} in all for {@code steps} measurements. */
  public static Pace quick(double seconds, int steps) {
    return new Pace(seconds, steps, false);
  }

  /** As long as it takes: whole runs only, whole outputs checked. */
  public static Pace full(int steps) {
    return new Pace(Double.POSITIVE_INFINITY, steps, true);
  }

  /** Whether only whole runs are timed and whole outputs compared. */
  public boolean whole() {
    return whole;
  }

  /** The part of the steps that is behind us. */
  public double done() {
    return steps == 0 ? 1 : taken / (double) steps;
  }

  /**
   * The budgets of the next steps, one for each contender.
   *
   * @param threads if more than one, only whole runs can be timed
   */
  public Map<Contender, Budget> next(List<Contender> contenders, int threads) {
    double left = total - (System.nanoTime() - start) * 1e-9;
    double slot = Math.max(0, left / Math.max(1, steps - taken));
    taken += contenders.size();
    Map<Contender, Budget> budgets = new HashMap<>();
    for (Contender c : contenders) {
      double jit = c.isJitCompiled() ? JIT : 0;
      // What is left of a slot goes into laying out the weights and checking the result.
      budgets.put(
          c,
          whole
              ? new Budget(5 * jit, 0.2, 1, false)
              : new Budget(jit, 0.1 * slot, 0.5 * slot, threads == 1));
    }
    return budgets;
  }

  /** So many steps will not be taken after all. */
  public void skip(int count) {
    taken += count;
  }
}
