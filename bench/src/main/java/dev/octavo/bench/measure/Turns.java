package dev.octavo.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets contenders do one task in turns: all are prepared, warmed up and checked, and then each is
 * sampled for a moment, over and over. A machine that slows down or speeds up meanwhile does so for
 * all of them, so their ratios hold even where their times do not.
 */
public final class Turns {

  /** How often everyone's turn comes: an odd number, so that a disturbed one is no median. */
  private static final int ROUNDS = 7;

  /** The same on several threads, where a turn begins with tens of milliseconds of waiting. */
  private static final int ROUNDS_OF_SEVERAL = 3;

  /** A run longer than this fills the caches by itself: seconds. */
  private static final double SMALL = 1e-3;

  /**
   * How long several threads run before they are timed. Linux was seen, on a virtual machine, to
   * wake a thread beside the one that woke it although the other processor was idle, and to move it
   * only tens of milliseconds later.
   */
  private static final long SPREAD_NANOS = 40_000_000;

  private final Task task;
  private final WarmUp warmUp;
  private final Verification verification;

  /** Whole outputs are compared. */
  public Turns(Task task, WarmUp warmUp) {
    this(task, warmUp, null);
  }

  /**
   * @param cropped makes the same task with fewer rows, on which slow contenders are checked; null
   *     if every check is of the whole output
   */
  public Turns(Task task, WarmUp warmUp, Supplier<Task> cropped) {
    this.task = task;
    this.warmUp = warmUp;
    this.verification = new Verification(task, cropped);
  }

  /** What became of a contender, and the seconds that went into it, all told. */
  public record Ended(Outcome outcome, double seconds) {}

  /** One of those in the race. */
  private static final class Entrant implements AutoCloseable {
    final Contender contender;
    final Prepared prepared;
    final Stopwatch.Budget budget;
    final int rounds;
    final List<Double> samples = new ArrayList<>();
    double estimate;
    double seconds;
    Verification.Finding finding;

    /** Strips of a sample when whole runs do not fit the budget; else 0. */
    long chunk;

    Entrant(Contender contender, Prepared prepared, Stopwatch.Budget budget, int rounds) {
      this.contender = contender;
      this.prepared = prepared;
      this.budget = budget;
      this.rounds = rounds;
    }

    /** Whether it is to be timed: when right, and a peer in any case. */
    boolean runs() {
      return finding.wrong().isEmpty() || contender.isPeer();
    }

    void turn(int round, boolean others) {
      long start = System.nanoTime();
      if (others) { // the one before may have left threads behind
        Stillness.await();
        spread();
      }
      sample(round);
      seconds += (System.nanoTime() - start) * 1e-9;
    }

    void again() {
      long start = System.nanoTime();
      if (budget.firstWarmUp() > 0) {
        WarmUp.again(prepared, chunk, estimate);
      }
      seconds += (System.nanoTime() - start) * 1e-9;
    }

    /** Lets the system find a processor for each thread, as it does for any work that goes on. */
    private void spread() {
      long until = System.nanoTime() + SPREAD_NANOS;
      do {
        if (chunk > 0) {
          prepared.run(0, chunk);
        } else {
          prepared.run();
        }
      } while (System.nanoTime() - until < 0);
    }

    private void sample(int round) {
      if (chunk > 0) {
        samples.add(Stopwatch.part(prepared, chunk, round / (rounds - 1.0)));
        return;
      }
      if (estimate < SMALL) {
        prepared.run(); // the caches still hold what another one left
      }
      Stopwatch.sample(prepared, estimate, budget.sampling() / rounds, 1, samples);
    }

    Outcome outcome() {
      Optional<Timing> timing =
          samples.isEmpty()
              ? Optional.empty()
              : Optional.of(new Timing(Stopwatch.array(samples), part()));
      String kernel = prepared.kernel();
      return finding
          .wrong()
          .<Outcome>map(w -> new Outcome.Wrong(kernel, w, timing))
          .orElseGet(
              () ->
                  new Outcome.Timed(
                      kernel,
                      prepared.packedBytes(),
                      finding.part(),
                      timing.orElseThrow(),
                      finding.checked()));
    }

    private double part() {
      return chunk == 0 ? 1 : chunk / (double) prepared.strips();
    }

    @Override
    public void close() {
      prepared.close();
    }
  }

  /**
   * What became of each, in the order given.
   *
   * @param team the threads that share each run
   * @param budgets how much time each gets, all rounds together
   * @param announce told who is being prepared
   */
  public Map<Contender, Ended> run(
      Team team,
      List<Contender> contenders,
      Function<Contender, Stopwatch.Budget> budgets,
      Consumer<Contender> announce) {
    Map<Contender, Ended> ended = new LinkedHashMap<>();
    List<Entrant> entrants = new ArrayList<>();
    try {
      for (Contender c : contenders) {
        announce.accept(c);
        Optional<String> refusal = c.refusal(task);
        if (refusal.isEmpty()) {
          refusal = prepare(c, team, budgets.apply(c), entrants);
        }
        ended.put(c, new Ended(new Outcome.Refused(refusal.orElse("")), 0));
      }
      for (Entrant e : entrants) {
        if (e.runs()) {
          e.again();
        }
      }
      for (int round = 0; round < rounds(team); round++) {
        for (Entrant e : entrants) {
          if (e.runs()) {
            e.turn(round, team.threads() > 1);
          }
        }
      }
      entrants.forEach(e -> ended.put(e.contender, new Ended(e.outcome(), e.seconds)));
      return ended;
    } finally {
      entrants.forEach(Entrant::close);
    }
  }

  private static int rounds(Team team) {
    return team.threads() > 1 ? ROUNDS_OF_SEVERAL : ROUNDS;
  }

  /** Adds an entrant, or says why there is none. */
  private Optional<String> prepare(
      Contender contender, Team team, Stopwatch.Budget budget, List<Entrant> entrants) {
    long start = System.nanoTime();
    Entrant e;
    try {
      e = new Entrant(contender, contender.prepare(task, team), budget, rounds(team));
    } catch (UnsupportedOperationException cannot) {
      return Optional.of(cannot.getMessage());
    }
    if (team.threads() > 1) {
      Stillness.await();
    }
    entrants.add(e); // so that it is closed whatever comes
    String kind = contender.id() + " " + e.prepared.kernel();
    e.estimate = warmUp.run(e.prepared, kind, task.problem().multiplyAdds(), budget, e.rounds);
    e.finding = verification.check(contender, e.prepared, team, e.estimate);
    e.chunk = budget.parts() ? Stopwatch.chunk(e.prepared, e.estimate, budget, e.rounds) : 0;
    e.seconds = (System.nanoTime() - start) * 1e-9;
    return Optional.empty();
  }
}
