package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Outcome;
import dev.octavo.bench.measure.Timing;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.report.Results.Check;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.Times;
import dev.octavo.bench.report.Results.Verdict;
import java.util.Arrays;

/** Outcomes of measurements in the words of results. */
final class Entries {

  /** Digits of a sample worth keeping: no clock here is better than a thousandth. */
  private static final int DIGITS = 5;

  private Entries() {}

  static Kind kind(Contender contender) {
    return contender.isFloat32() ? Kind.FLOAT32 : Kind.BACKEND;
  }

  static Entry of(Contender contender, int threads, Item item, Outcome outcome) {
    String variant = contender.isFloat32() ? "f32" : item.variant();
    return switch (outcome) {
      case Outcome.Timed t ->
          new Entry(
              contender.id(),
              kind(contender),
              threads,
              variant,
              t.kernel(),
              t.packedBytes().orElse(null),
              new Check(Verdict.OK, "", rounded(t.checked())),
              times(item.problem(), t.timing()));
      case Outcome.Wrong w ->
          new Entry(
              contender.id(),
              kind(contender),
              threads,
              variant,
              w.kernel(),
              null,
              new Check(Verdict.WRONG, w.what(), 0),
              null);
      case Outcome.Refused r ->
          new Entry(
              contender.id(),
              kind(contender),
              threads,
              variant,
              "",
              null,
              new Check(Verdict.REFUSED, r.reason(), 0),
              null);
    };
  }

  private static Times times(Problem problem, Timing timing) {
    return new Times(
        rounded(timing.part()),
        rounded(timing.median()),
        rounded(timing.best()),
        rounded(problem.operations() / timing.median() * 1e-9),
        Arrays.stream(timing.samples()).map(Entries::rounded).toArray());
  }

  /** To the digits that count, so that files stay small. */
  static double rounded(double value) {
    return value == 0 || !Double.isFinite(value)
        ? value
        : new java.math.BigDecimal(value).round(new java.math.MathContext(DIGITS)).doubleValue();
  }
}
