package dev.octavo.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lets contenders do one task in turns: all are prepared, warmed up and checked, and then each is
 * sampled for a moment, over and over. A machine that slows down or speeds up meanwhile does so for
 * all of them, so their ratios hold even where their times do not.
 */
public final class Turns {

  /** How often everyone's turn comes: an odd number, so that a disturbed one is no median. */
  private static final int ROUNDS = 7;

  private final Task task;
  private final Team team;
  private final Stopwatch watch;

  public Turns(Task task, Team team, Stopwatch watch) {
    this.task = task;
    this.team = team;
    this.watch = watch;
  }

  /** One of those in the race. */
  private static final class Entrant implements AutoCloseable {
    final Contender contender;
    final Prepared prepared;
    final List<Double> samples = new ArrayList<>();
    double estimate;
    Optional<String> wrong;

    Entrant(Contender contender, Prepared prepared) {
      this.contender = contender;
      this.prepared = prepared;
    }

    Outcome outcome() {
      Optional<Timing> timing =
          samples.isEmpty()
              ? Optional.empty()
              : Optional.of(new Timing(Stopwatch.array(samples), 1));
      String kernel = prepared.kernel();
      return wrong
          .<Outcome>map(w -> new Outcome.Wrong(kernel, w, timing))
          .orElseGet(
              () ->
                  new Outcome.Timed(
                      kernel, prepared.packedBytes(), 1, timing.orElseThrow(), prepared.checked()));
    }

    @Override
    public void close() {
      prepared.close();
    }
  }

  /**
   * What became of each, in the order given.
   *
   * @param budgets how much time each gets, all rounds together; parts are not allowed
   * @param announce told who is being prepared
   */
  public Map<Contender, Outcome> run(
      List<Contender> contenders,
      Function<Contender, Stopwatch.Budget> budgets,
      Consumer<Contender> announce) {
    Map<Contender, Outcome> outcomes = new LinkedHashMap<>();
    List<Entrant> entrants = new ArrayList<>();
    Expected expected = null;
    try {
      for (Contender c : contenders) {
        announce.accept(c);
        Optional<String> refusal = c.refusal(task);
        outcomes.put(c, new Outcome.Refused(refusal.orElse("")));
        if (refusal.isEmpty()) {
          expected = expected == null ? Reference.of(task) : expected;
          prepare(c, budgets.apply(c), expected, entrants, outcomes);
        }
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Entrant e : entrants) {
          if (e.wrong.isEmpty() || e.contender.isPeer()) {
            e.prepared.run(); // the caches still hold what another one left
            double seconds = budgets.apply(e.contender).sampling() / ROUNDS;
            watch.sample(e.prepared, e.estimate, seconds, 1, e.samples);
          }
        }
      }
      entrants.forEach(e -> outcomes.put(e.contender, e.outcome()));
      return outcomes;
    } finally {
      entrants.forEach(Entrant::close);
    }
  }

  private void prepare(
      Contender contender,
      Stopwatch.Budget budget,
      Expected expected,
      List<Entrant> entrants,
      Map<Contender, Outcome> outcomes) {
    Entrant e;
    try {
      e = new Entrant(contender, contender.prepare(task, team));
    } catch (UnsupportedOperationException cannot) {
      outcomes.put(contender, new Outcome.Refused(cannot.getMessage()));
      return;
    }
    entrants.add(e); // so that it is closed whatever comes
    e.estimate = watch.warmUp(e.prepared, contender.id() + " " + e.prepared.kernel(), budget);
    e.wrong = e.prepared.check(expected);
  }
}
