package dev.octavo.bench.measure;

import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets contenders do one task, one after the other: each is checked, then timed. */
public final class Match {

  /** Above this, checking a whole output of a slow contender costs more than the rest: seconds. */
  private static final double LONG_RUN = 0.25;

  /** Multiply-adds of the smaller task on which a slow contender is checked instead. */
  private static final long CROPPED = 16_000_000;

  private final Task task;
  private final Team team;
  private final Stopwatch watch;
  private final boolean cropChecks;
  private final Supplier<Task> cropped;
  private Expected expected;
  private Task small;
  private Expected smallExpected;

  /**
   * @param cropped makes the same task with fewer rows; null if every check is of the whole output
   */
  public Match(Task task, Team team, Stopwatch watch, Supplier<Task> cropped) {
    this.task = task;
    this.team = team;
    this.watch = watch;
    this.cropped = cropped;
    this.cropChecks = cropped != null;
  }

  /** Checks, and times if right. */
  public Outcome run(Contender contender, Stopwatch.Budget budget) {
    Optional<String> refusal = contender.refusal(task);
    if (refusal.isPresent()) {
      return new Outcome.Refused(refusal.get());
    }
    try (Prepared prepared = contender.prepare(task, team)) {
      double estimate = watch.warmUp(prepared, contender.id() + " " + prepared.kernel(), budget);
      boolean small = cropChecks && estimate > LONG_RUN;
      Optional<String> wrong = small ? checkCropped(contender) : prepared.check(expected());
      if (wrong.isPresent()) {
        return new Outcome.Wrong(prepared.kernel(), wrong.get(), Optional.empty());
      }
      double checked = small ? rows(this.small.problem()) / rows(task.problem()) : 1;
      return new Outcome.Timed(
          prepared.kernel(),
          prepared.packedBytes(),
          checked,
          watch.measure(prepared, estimate, budget),
          prepared.checked());
    }
  }

  private Expected expected() {
    if (expected == null) {
      expected = Reference.of(task);
    }
    return expected;
  }

  private Optional<String> checkCropped(Contender contender) {
    if (small == null) {
      small = cropped.get();
      smallExpected = Reference.of(small);
    }
    try (Prepared prepared = contender.prepare(small, team)) {
      return prepared.check(smallExpected);
    }
  }

  private static double rows(Problem problem) {
    return problem.outputElements() / (double) problem.outputChannels();
  }

  /** The same problem with fewer rows of lhs, or a lower image, so that it is quickly done. */
  public static Problem crop(Problem problem) {
    double share = Math.min(1, CROPPED / (double) problem.multiplyAdds());
    return switch (problem) {
      case Gemm g -> new Gemm(Math.max(1, (int) (g.m() * share)), g.n(), g.k());
      case Conv c -> {
        int rows = Math.max(1, (int) (c.outHeight() * share));
        int reach = (c.window().kernelHeight() - 1) * c.window().dilationHeight() + 1;
        int height = Math.min(c.height(), (rows - 1) * c.window().strideHeight() + reach);
        yield new Conv(1, c.channels(), height, c.width(), c.outChannels(), c.window(), c.groups());
      }
    };
  }
}
