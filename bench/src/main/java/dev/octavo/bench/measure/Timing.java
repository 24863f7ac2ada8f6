package dev.octavo.bench.measure;

import java.util.Arrays;

/**
 * The times of one task on one contender.
 *
 * @param samples seconds for the whole task, each the mean of one or more runs
 * @param part the part of the strips that was run, scaled to the whole; 1 when all were
 */
public record Timing(double[] samples, double part) {

  public double median() {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  public double best() {
    return Arrays.stream(samples).min().orElseThrow();
  }

  /** True when the time was scaled from a part of the work. */
  public boolean isEstimate() {
    return part < 1;
  }
}
