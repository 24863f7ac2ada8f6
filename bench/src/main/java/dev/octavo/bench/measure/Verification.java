package dev.octavo.bench.measure;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks contenders against the right answer of a task, which is computed once, when it is first
 * needed. Where whole checks are not asked for, a contender so slow that one would take longer than
 * everything else is checked on a smaller task of the same kind.
 */
final class Verification {

  /** Above this, checking a whole output of a slow contender costs more than the rest: seconds. */
  private static final double LONG_RUN = 0.25;

  private final Task task;
  private final Supplier<Task> cropped;
  private Expected expected;
  private Task small;
  private Expected smallExpected;

  /**
   * @param cropped makes the smaller task; null if every check is of the whole output
   */
  Verification(Task task, Supplier<Task> cropped) {
    this.task = task;
    this.cropped = cropped;
  }

  /**
   * What was found.
   *
   * @param wrong what is wrong, or nothing
   * @param part the part of the output's rows that was compared
   * @param checked what {@link Prepared#checked} says
   */
  record Finding(Optional<String> wrong, double part, String checked) {}

  /**
   * Checks.
   *
   * @param estimate seconds that a whole run takes, roughly
   */
  Finding check(Contender contender, Prepared prepared, Team team, double estimate) {
    if (cropped == null || estimate <= LONG_RUN) {
      if (expected == null) {
        expected = Reference.of(task);
      }
      Optional<String> wrong = prepared.check(expected);
      return new Finding(wrong, 1, prepared.checked());
    }
    if (small == null) {
      small = cropped.get();
      smallExpected = Reference.of(small);
    }
    try (Prepared smaller = contender.prepare(small, team)) {
      Optional<String> wrong = smaller.check(smallExpected);
      double part = Crop.rows(small.problem()) / Crop.rows(task.problem());
      return new Finding(wrong, part, smaller.checked());
    }
  }
}
