package dev.octavo.bench.measure;

import java.util.List;

/**
 * Takes times: after a {@link WarmUp} samples, whose median counts. A sample is as many runs as it
 * takes to be much longer than the clock's grain.
 *
 * <p>When whole runs do not fit the budget and parts are allowed, the samples are parts of the
 * strips from different places, scaled to the whole; the result then says so.
 */
public final class Stopwatch {

  /**
   * A turn is cut into so many samples: enough for medians and their spread, and files stay small.
   */
  private static final int SAMPLES = 3;

  /** The shortest sample: 0.2 ms, four orders above the clock's grain. */
  private static final double SHORTEST = 2e-4;

  /** The shortest sample that is a part of a run. */
  private static final double SHORTEST_PART = 1e-3;

  private Stopwatch() {}

  /**
   * How much time to spend.
   *
   * @param firstWarmUp seconds without any gain that end the warm-up of a kernel that has never
   *     run; 0 if no JIT compiler is at work
   * @param warmUp the same for a kernel that has run
   * @param sampling seconds for the samples
   * @param parts whether parts may stand for the whole
   */
  public record Budget(double firstWarmUp, double warmUp, double sampling, boolean parts) {}

  /**
   * How many strips a sample may have so that {@code samples} of them fit the budget; 0 if whole
   * runs do. No sample is so short that it would time cold caches.
   *
   * @param estimate what the {@link WarmUp} said
   */
  static long chunk(Prepared prepared, double estimate, Budget budget, int samples) {
    long strips = prepared.strips();
    double seconds = Math.max(SHORTEST_PART, budget.sampling / samples);
    long affordable = (long) Math.ceil(strips * seconds / Math.max(estimate, 1e-9));
    return affordable >= strips ? 0 : affordable;
  }

  /**
   * Times a part of the strips and scales it to the whole.
   *
   * @param place where the part lies, 0 at the beginning to 1 at the end
   */
  static double part(Prepared prepared, long chunk, double place) {
    long strips = prepared.strips();
    long from = (long) ((strips - chunk) * place);
    return time(prepared, from, from + chunk) * strips / chunk;
  }

  /**
   * Takes samples of whole runs for some time.
   *
   * @param seconds how long
   * @param least samples to take even if that takes longer
   * @param samples where they are added, seconds a run
   */
  static void sample(
      Prepared prepared, double estimate, double seconds, int least, List<Double> samples) {
    double length = Math.max(SHORTEST, seconds / SAMPLES);
    int runs = (int) Math.clamp(Math.floor(length / Math.max(estimate, 1e-9)), 1, 100_000);
    long start = System.nanoTime();
    for (int taken = 0;
        taken < least || taken < 2 * SAMPLES && (System.nanoTime() - start) * 1e-9 < seconds;
        taken++) {
      long begin = System.nanoTime();
      for (int i = 0; i < runs; i++) {
        prepared.run();
      }
      samples.add((System.nanoTime() - begin) * 1e-9 / runs);
    }
  }

  static double time(Prepared prepared) {
    long start = System.nanoTime();
    prepared.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  static double time(Prepared prepared, long from, long to) {
    long start = System.nanoTime();
    prepared.run(from, to);
    return (System.nanoTime() - start) * 1e-9;
  }

  static double[] array(List<Double> samples) {
    return samples.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
