package dev.octavo.bench.measure;

import java.util.Optional;

/** What became of one task on one contender. */
public sealed interface Outcome {

  /**
   * It was right, and took this long.
   *
   * @param kernel what ran
   * @param packedBytes bytes of packed weights, where known
   * @param checked the part of the output's rows whose result was compared; 1 is all
   * @param check {@code ok}, or how another rounding rule showed
   */
  record Timed(
      String kernel, Optional<Long> packedBytes, double checked, Timing timing, String check)
      implements Outcome {}

  /**
   * Its result is wrong.
   *
   * @param timing present for peers only: one of our own that is wrong is not timed
   */
  record Wrong(String kernel, String what, Optional<Timing> timing) implements Outcome {}

  /** It does not do this task. */
  record Refused(String reason) implements Outcome {}
}
