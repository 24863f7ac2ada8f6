package dev.octavo.bench.compare;

/**
 * How much longer something takes, as a factor, with an interval that holds for all changes of its
 * kind together.
 *
 * @param factor time after by time before
 * @param low the least it may be
 * @param high the most it may be
 */
public record Change(double factor, double low, double high) {

  static Change ofLog(double log, double halfWidth) {
    return new Change(Math.exp(log), Math.exp(log - halfWidth), Math.exp(log + halfWidth));
  }

  /** Whether it is slower by more than the threshold, whatever the noise. */
  public boolean isSlower(double threshold) {
    return low > 1 + threshold;
  }

  /** Whether it is faster by more than the threshold, whatever the noise. */
  public boolean isFaster(double threshold) {
    return high < 1 / (1 + threshold);
  }
}
