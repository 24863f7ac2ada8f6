package dev.octavo.conformance;

import dev.octavo.Availability;
import dev.octavo.Backend;
import java.util.List;
import java.util.Optional;

/**
 * One problem on every backend that can run here, all answers compared exactly with the oracle's.
 * Emulated backends take part; a backend that refuses the spec does not.
 */
public final class Trial {
  private Trial() {}

  /**
   * Runs a problem and fails with a diagnosis if any answer is not the oracle's.
   *
   * @param backends all backends, as {@link dev.octavo.Backends#list} gives them
   */
  public static void run(Problem problem, Circumstances circumstances, List<Backend> backends) {
    run(problem, problem.answer(), circumstances, backends);
  }

  /** The same with an answer that somebody else computed. */
  public static void run(
      Problem problem, Answer expected, Circumstances circumstances, List<Backend> backends) {
    Coverage.requirePresent(backends);
    check(problem, expected, circumstances, backends)
        .ifPresent(
            diagnosis -> {
              throw new AssertionError(diagnosis);
            });
  }

  /** The diagnosis, or empty if every backend that takes part gives the expected answer. */
  public static Optional<String> check(
      Problem problem, Answer expected, Circumstances circumstances, List<Backend> backends) {
    BlackBox.note(problem, circumstances);
    byte[] before = Run.before(problem, expected);
    List<Outcome> outcomes =
        backends.stream()
            .filter(b -> takesPart(b, problem))
            .map(b -> run(problem, expected, before, circumstances, b))
            .toList();
    return Diagnosis.of(problem, circumstances, expected, outcomes);
  }

  /** Whether a backend can run a problem here. */
  public static boolean takesPart(Backend backend, Problem problem) {
    return !(backend.availability() instanceof Availability.Unusable)
        && backend.refusal(problem.spec()).isEmpty();
  }

  private static Outcome run(
      Problem problem,
      Answer expected,
      byte[] before,
      Circumstances circumstances,
      Backend backend) {
    BlackBox.enter(backend);
    Outcome outcome = Run.of(problem, circumstances, expected, before, backend);
    BlackBox.leave();
    Coverage.count(backend, problem.spec(), outcome.kernel());
    return outcome;
  }
}
