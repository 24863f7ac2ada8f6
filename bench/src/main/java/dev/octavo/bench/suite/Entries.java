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
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Optional;

/** Outcomes of measurements in the words of results. */
final class Entries {

  /** Digits of a sample worth keeping: no clock here is better than a thousandth. */
  private static final int DIGITS = 4;

  private Entries() {}

  static Kind kind(Contender contender) {
    return contender.isFloat32() ? Kind.FLOAT32 : contender.isPeer() ? Kind.PEER : Kind.BACKEND;
  }

  static Entry of(Contender contender, int threads, Item item, Outcome outcome) {
    String kernel = "";
    Long packed = null;
    Optional<Timing> timing = Optional.empty();
    Check check;
    switch (outcome) {
      case Outcome.Timed t -> {
        kernel = t.kernel();
        packed = t.packedBytes().orElse(null);
        timing = Optional.of(t.timing());
        boolean ok = t.check().equals("ok");
        check =
            new Check(
                ok ? Verdict.OK : Verdict.ROUNDING, ok ? "" : t.check(), rounded(t.checked()));
      }
      case Outcome.Wrong w -> {
        kernel = w.kernel();
        timing = w.timing();
        check = new Check(Verdict.WRONG, w.what(), 1);
      }
      case Outcome.Refused r -> check = new Check(Verdict.REFUSED, r.reason(), 0);
    }
    return new Entry(
        contender.id(),
        kind(contender),
        threads,
        contender.isFloat32() ? "f32" : item.variant(),
        kernel,
        packed,
        check,
        timing.map(t -> times(item.problem(), t)).orElse(null));
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
        : new BigDecimal(value).round(new MathContext(DIGITS)).doubleValue();
  }
}
