package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Match;
import dev.octavo.bench.measure.Outcome;
import dev.octavo.bench.measure.Stopwatch;
import dev.octavo.bench.measure.Stopwatch.Budget;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs suites: every item by every contender on every number of threads, with the time that is left
 * shared among the rest.
 */
public final class SuiteRunner {

  private final List<Contender> contenders;
  private final List<Team> teams;
  private final Pace pace;
  private final Progress progress;
  private final Recorder recorder;
  private final Stopwatch watch = new Stopwatch();

  public SuiteRunner(
      List<Contender> contenders,
      List<Team> teams,
      Pace pace,
      Progress progress,
      Recorder recorder) {
    this.contenders = contenders;
    this.teams = teams;
    this.pace = pace;
    this.progress = progress;
    this.recorder = recorder;
  }

  /** Runs a suite. */
  public SuiteResult run(Suite suite) {
    recorder.begin(suite);
    for (Item item : suite.items()) {
      recorder.begin(item);
      run(suite, item, false);
      run(suite, item, true);
    }
    return recorder.end();
  }

  private void run(Suite suite, Item item, boolean float32) {
    Supplier<Task> whole = float32 ? item.float32() : item.int8();
    if (whole == null) {
      return;
    }
    Supplier<Task> cropped = float32 ? item.float32Cropped() : item.int8Cropped();
    Task task = whole.get();
    Set<Contender> slow = new HashSet<>();
    for (Team team : teams) {
      Match match = new Match(task, team, watch, pace.whole() ? null : cropped);
      for (Contender contender : contenders) {
        if (contender.isFloat32() == float32) {
          progress.show(pace.done(), what(suite, item, contender, team));
          Budget budget = pace.next(contender, team.threads());
          Outcome outcome =
              slow.contains(contender)
                  ? new Outcome.Refused(
                      "too slow to be timed whole, as %d threads need it; --full does it"
                          .formatted(team.threads()))
                  : match.run(contender, budget);
          Entry entry = Entries.of(contender, team.threads(), item, outcome);
          if (entry.isEstimate()) {
            slow.add(contender);
          }
          recorder.add(entry);
        }
      }
    }
  }

  /** What a contender is, in the words of results. */
  public static Kind kind(Contender contender) {
    return Entries.kind(contender);
  }

  private String what(Suite suite, Item item, Contender contender, Team team) {
    String threads = teams.size() == 1 ? "" : ", %d threads".formatted(team.threads());
    return suite.name() + " " + item.label() + " on " + contender.id() + threads;
  }
}
