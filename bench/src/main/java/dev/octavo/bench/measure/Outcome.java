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
   */
  record Timed(String kernel, Optional<Long> packedBytes, double checked, Timing timing)
      implements Outcome {}

  /** Its result is wrong, so it was not timed. */
  record Wrong(String kernel, String what) implements Outcome {}

  /** It does not do this task. */
  record Refused(String reason) implements Outcome {}
}
