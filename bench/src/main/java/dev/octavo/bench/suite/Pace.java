package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Stopwatch.Budget;
import dev.octavo.bench.problem.Problem;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How time is spent. The quick pace sets aside what the measurements ahead will cost in any case,
 * as a {@link Forecast} has it, and shares the rest of a total among them for samples, so that the
 * last layer is measured as carefully as the first and the whole ends in time; the full pace gives
 * each what a careful measurement takes.
 */
public final class Pace {

  /** Seconds without any gain that end the first warm-up of code for the JIT compiler. */
  private static final double JIT = 0.3;

  /** Seconds for a measurement that are worth the trouble: below that it is mostly noise. */
  private static final double LEAST = 6e-3;

  /** What is asked for when nobody says how long it may take. */
  private static final double COMFORTABLE = 15e-3;

  /** What a measurement gets when as long as it takes is allowed: warm-up and samples. */
  private static final double FULL_WARM_UP = 0.2;

  private static final double FULL_SAMPLING = 1;

  /** The part of what is granted that goes into warming up. */
  private static final double WARM_UP = 0.15;

  private final boolean whole;
  private final long start = System.nanoTime();
  private final Forecast forecast = new Forecast();
  private double total;
  private int ahead;

  private Pace(boolean whole) {
    this.whole = whole;
  }

  /** Ends in time: see {@link #allow}. */
  public static Pace quick() {
    return new Pace(false);
  }

  /** As long as it takes: whole runs only, whole outputs checked. */
  public static Pace full() {
    return new Pace(true);
  }

  /** All that will be measured. */
  public void expect(List<Suite> suites, List<Contender> contenders, List<Integer> threads) {
    for (Suite suite : suites) {
      for (Item item : suite.items()) {
        for (Contender c : contenders) {
          if (!c.isFloat32() || item.float32() != null) {
            threads.forEach(any -> forecast.expect(c, item.problem()));
            ahead += threads.size();
          }
        }
      }
    }
  }

  /** Seconds from now below which measurements cannot be had, about. */
  public double least() {
    return forecast.seconds() + ahead * LEAST;
  }

  /** Seconds from now that allow for careful measurements, about. */
  public double comfortable() {
    return forecast.seconds() + ahead * COMFORTABLE;
  }

  /** So many seconds from the beginning are allowed in all. */
  public void allow(double seconds) {
    total = seconds;
  }

  /** Whether only whole runs are timed and whole outputs compared. */
  public boolean whole() {
    return whole;
  }

  /** Measurements to be taken. */
  public int ahead() {
    return ahead;
  }

  /** Seconds that have passed. */
  public double elapsed() {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Seconds that are left to do, about. */
  public double remaining() {
    return forecast.seconds() + ahead * granted();
  }

  /** Seconds that each measurement ahead is granted besides what it costs in any case. */
  private double granted() {
    if (whole) {
      return FULL_WARM_UP + FULL_SAMPLING;
    }
    double free = total - elapsed() - forecast.seconds();
    return Math.max(LEAST, free / Math.max(1, ahead));
  }

  /**
   * The budget of the next measurements.
   *
   * @param threads if more than one, only whole runs can be timed
   */
  Map<Contender, Budget> next(Collection<Contender> contenders, int threads) {
    Map<Contender, Budget> budgets = new HashMap<>();
    double granted = granted();
    for (Contender c : contenders) {
      double jit = c.isJitCompiled() ? JIT : 0;
      budgets.put(
          c,
          whole
              ? new Budget(2 * jit, FULL_WARM_UP, FULL_SAMPLING, false)
              : new Budget(jit, WARM_UP * granted, (1 - WARM_UP) * granted, threads == 1));
    }
    return budgets;
  }

  /** A measurement was taken, and took so long in all. */
  void took(Contender contender, Problem problem, Budget budget, double seconds) {
    ahead--;
    forecast.took(contender, problem, seconds - budget.warmUp() - budget.sampling());
  }

  /** A measurement will not be taken after all. */
  void skip(Contender contender, Problem problem) {
    ahead--;
    forecast.skip(contender, problem);
  }
}
