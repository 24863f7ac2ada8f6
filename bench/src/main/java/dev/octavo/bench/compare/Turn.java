package dev.octavo.bench.compare;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.StatUtils;

/** Samples that lie close together in time, taken as one: their median. */
final class Turn {

  /** As many as the bench takes. */
  static final int TURNS = 7;

  private static final int RESAMPLES = 300;

  private Turn() {}

  /** Logarithms of the medians of so many stretches of the samples. */
  static double[] logs(double[] samples) {
    int turns = Math.min(TURNS, samples.length);
    double[] logs = new double[turns];
    for (int i = 0; i < turns; i++) {
      int from = samples.length * i / turns;
      int to = samples.length * (i + 1) / turns;
      logs[i] = Math.log(median(Arrays.copyOfRange(samples, from, to)));
    }
    return logs;
  }

  static double median(double[] values) {
    return StatUtils.percentile(values, 50);
  }

  /** The standard error of the median of values by resampling them. */
  static double error(double[] values, RandomGenerator random) {
    if (values.length < 2) {
      return Double.POSITIVE_INFINITY;
    }
    double[] medians = new double[RESAMPLES];
    double[] drawn = new double[values.length];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < drawn.length; j++) {
        drawn[j] = values[random.nextInt(values.length)];
      }
      medians[i] = median(drawn);
    }
    return Math.sqrt(StatUtils.variance(medians));
  }
}
