package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Match;
import dev.octavo.bench.measure.Outcome;
import dev.octavo.bench.measure.Stopwatch;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.measure.Timing;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs suites: every item by every contender, with the time that is left shared among the rest. */
public final class SuiteRunner {

  private final List<Contender> contenders;
  private final Team team;
  private final Stopwatch watch = new Stopwatch();
  private final Pace pace;
  private final Progress progress;

  public SuiteRunner(List<Contender> contenders, Team team, Pace pace, Progress progress) {
    this.contenders = contenders;
    this.team = team;
    this.pace = pace;
    this.progress = progress;
  }

  /** Runs a suite. */
  public SuiteResult run(Suite suite) {
    List<ItemResult> items = new ArrayList<>();
    for (Item item : suite.items()) {
      items.add(run(suite, item));
    }
    return new SuiteResult(suite.name(), suite.facts(), items);
  }

  private ItemResult run(Suite suite, Item item) {
    List<Entry> entries = new ArrayList<>();
    for (boolean float32 : new boolean[] {false, true}) {
      Supplier<Task> whole = float32 ? item.float32() : item.int8();
      if (whole == null) {
        continue;
      }
      Supplier<Task> cropped = float32 ? item.float32Cropped() : item.int8Cropped();
      Match match = new Match(whole.get(), team, watch, pace.whole() ? null : cropped);
      for (Contender contender : contenders) {
        if (contender.isFloat32() == float32) {
          progress.show(pace.done(), suite.name() + " " + item.label() + " on " + contender.id());
          Outcome outcome = match.run(contender, pace.next(contender));
          entries.add(entry(contender, float32 ? "f32" : item.variant(), item.problem(), outcome));
        }
      }
    }
    Problem p = item.problem();
    return new ItemResult(
        item.layers(), p.kind(), p.text(), p.multiplyAdds(), p.weights(), entries);
  }

  static Entry entry(Contender contender, String variant, Problem problem, Outcome outcome) {
    String id = contender.id();
    boolean f = contender.isFloat32();
    return switch (outcome) {
      case Outcome.Timed t -> {
        Timing time = t.timing();
        yield new Entry(
            id,
            f,
            variant,
            t.kernel(),
            t.packedBytes().orElse(null),
            "ok",
            t.checked(),
            time.part(),
            time.median(),
            time.best(),
            problem.operations() / time.median() * 1e-9,
            time.samples());
      }
      case Outcome.Wrong w ->
          new Entry(
              id,
              f,
              variant,
              w.kernel(),
              null,
              "wrong: " + w.what(),
              0,
              0,
              null,
              null,
              null,
              new double[0]);
      case Outcome.Refused r ->
          new Entry(
              id,
              f,
              variant,
              "",
              null,
              "refused: " + r.reason(),
              0,
              0,
              null,
              null,
              null,
              new double[0]);
    };
  }
}
