package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Outcome;
import dev.octavo.bench.measure.Stopwatch.Budget;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.measure.Turns;
import dev.octavo.bench.measure.WarmUp;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs suites: every item by every contender on every number of threads, with the time that is left
 * shared among the rest.
 */
public final class SuiteRunner {

  private static final String TOO_SLOW =
      "far slower than the fastest on one thread, so left out on more; --full does it";

  /** How much slower than the fastest is too slow to be timed on more threads in a quick run. */
  private static final double FAR = 3;

  private final List<Contender> contenders;
  private final List<Team> teams;
  private final Pace pace;
  private final Progress progress;
  private final Recorder recorder;
  private final WarmUp warmUp = new WarmUp();

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
    Turns turns = new Turns(whole.get(), warmUp, pace.whole() ? null : cropped);
    List<Contender> able = contenders.stream().filter(c -> c.isFloat32() == float32).toList();
    Map<Contender, Double> onOne = new HashMap<>();
    for (Team team : teams) {
      for (List<Contender> group : groups(able, item.problem(), float32)) {
        Map<Contender, Outcome> outcomes = turns(suite, item, turns, team, group, onOne);
        for (Contender c : group) {
          Entry entry = Entries.of(c, team.threads(), item, outcomes.get(c));
          if (team.threads() == 1 && entry.isTimed() && !pace.whole()) {
            onOne.put(c, entry.median());
          }
          recorder.add(entry);
        }
      }
    }
  }

  /** What became of each of a group; those that were far behind on one thread are left out. */
  private Map<Contender, Outcome> turns(
      Suite suite,
      Item item,
      Turns turns,
      Team team,
      List<Contender> group,
      Map<Contender, Double> onOne) {
    Map<Contender, Outcome> outcomes = new HashMap<>();
    List<Contender> fast = new ArrayList<>();
    for (Contender c : group) {
      if (isFar(c, onOne)) {
        outcomes.put(c, new Outcome.Refused(TOO_SLOW));
        pace.skip(c, item.problem());
      } else {
        fast.add(c);
      }
    }
    Map<Contender, Budget> budgets = pace.next(fast, team.threads());
    turns
        .run(
            team,
            fast,
            budgets::get,
            c -> progress.show(pace.elapsed(), pace.remaining(), what(suite, item, c, team)))
        .forEach(
            (c, ended) -> {
              outcomes.put(c, ended.outcome());
              if (ended.outcome() instanceof Outcome.Refused) {
                pace.skip(c, item.problem());
              } else {
                pace.took(c, item.problem(), budgets.get(c), ended.seconds());
              }
            });
    return outcomes;
  }

  private static boolean isFar(Contender contender, Map<Contender, Double> onOne) {
    return onOne.getOrDefault(contender, 0.0)
        > FAR * onOne.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
  }

  /**
   * The contenders that are prepared at the same time and take turns: all of them, unless the
   * weights are so many that as many copies might not fit the memory.
   */
  private static List<List<Contender>> groups(
      List<Contender> all, Problem problem, boolean float32) {
    long copy = problem.weights() * (float32 ? 4 : 1);
    int size = Math.clamp(Runtime.getRuntime().maxMemory() / 4 / copy, 1, 100);
    List<List<Contender>> groups = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      groups.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return groups;
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
