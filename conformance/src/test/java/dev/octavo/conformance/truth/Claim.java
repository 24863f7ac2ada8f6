package dev.octavo.conformance.truth;

import static org.junit.jupiter.api.Assertions.fail;

import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.Residence;
import dev.octavo.conformance.Trial;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * "This recipe reproduces that operator of that library": one row of the table in docs/NUMERICS.md,
 * and the {@link Tally} of what was compared to say so.
 */
public final class Claim {
  private static final Map<String, Claim> CLAIMS = new TreeMap<>();

  private final String row;
  private final Tally tally;
  private final SplittableRandom random = new SplittableRandom();

  private Claim(String row, Tally tally) {
    this.row = row;
    this.tally = tally;
  }

  /**
   * The claim of this name; always the same one.
   *
   * @param library and the engine within it
   * @param operator and the variant of it
   * @param recipe of ours, and how its numbers are formed
   */
  public static synchronized Claim of(Library library, String operator, String recipe) {
    return CLAIMS.computeIfAbsent(
        library.name() + ", " + operator + ", " + recipe,
        row -> new Claim(row, Tally.of(library, operator, recipe)));
  }

  /**
   * Compares what the library computed with the norm and with every backend that does the spec, bit
   * for bit.
   *
   * @param problem what the backends are given
   * @param context shown when they differ
   */
  public void check(Tensor theirs, Tensor norm, Problem problem, Object context) {
    Answer answer = new Answer(theirs.bytes(), new float[0], new int[0]);
    check(theirs, norm, answer, problem, context);
  }

  /**
   * The same where more is written than the output. Backends run as {@link Trial} runs them: on the
   * heap or not, in one piece or many.
   */
  public void check(Tensor theirs, Tensor norm, Answer answer, Problem problem, Object context) {
    compare("norm", theirs, norm, context);
    backends(answer, 0, problem, context);
  }

  /** The same for an answer that was computed elsewhere; the oracle takes the place of the norm. */
  public void check(Answer theirs, Problem problem, Object context) {
    Answer ours = problem.answer();
    if (!Arrays.equals(theirs.output(), ours.output())
        || !Arrays.equals(theirs.scales(), ours.scales())
        || !Arrays.equals(theirs.zeroPoints(), ours.zeroPoints())) {
      fail(row + ": the oracle gives something else; " + context);
    }
    tally.add(Tally.NORM, problem.outputGrid().count(), 0);
    backends(theirs, 0, problem, context);
  }

  /** Whether an output may have other bits than the library's, by its position. */
  @FunctionalInterface
  public interface Exception {
    boolean at(int position);
  }

  /**
   * The same where the library's arithmetic is none of ours: the norm may differ where the
   * exception says so, and backends give the bits of the norm.
   */
  public void check(
      Tensor theirs, Tensor norm, Exception exception, Problem problem, Object context) {
    int[] unexplained =
        IntStream.range(0, theirs.count())
            .filter(i -> theirs.integer(i) != norm.integer(i) && !exception.at(i))
            .toArray();
    if (unexplained.length > 0) {
      differ("norm", theirs, norm, unexplained[0], unexplained.length, context);
    }
    long differing = count(Tally.NORM, theirs, norm);
    backends(new Answer(norm.bytes(), new float[0], new int[0]), differing, problem, context);
  }

  private void backends(Answer answer, long differing, Problem problem, Object context) {
    Circumstances circumstances = circumstances();
    for (Backend backend : Backends.list()) {
      if (Trial.takesPart(backend, problem)) {
        Trial.check(problem, answer, circumstances, List.of(backend))
            .ifPresent(diagnosis -> fail(row + ": " + context + "\n" + diagnosis));
        tally.add(backend.id(), problem.outputGrid().count(), differing);
      }
    }
  }

  private synchronized Circumstances circumstances() {
    Residence[] all = Residence.values();
    return new Circumstances(
        all[random.nextInt(all.length)],
        all[random.nextInt(all.length)],
        all[random.nextInt(all.length)],
        all[random.nextInt(all.length)],
        random.nextBoolean(),
        1,
        random.nextLong());
  }

  private void compare(String implementation, Tensor theirs, Tensor ours, Object context) {
    long differing = count(implementation, theirs, ours);
    if (differing > 0) {
      int first = 0;
      while (theirs.integer(first) == ours.integer(first)) {
        first++;
      }
      differ(implementation, theirs, ours, first, differing, context);
    }
  }

  private void differ(
      String implementation, Tensor theirs, Tensor ours, int first, long count, Object context) {
    fail(
        "%s: %d of %d outputs differ, first [%d]: theirs %s, %s %s; %s"
            .formatted(
                row,
                count,
                theirs.count(),
                first,
                theirs.show(first),
                implementation,
                ours.show(first),
                context));
  }

  /** Counts a problem, whatever comes out, and returns the number of outputs that differ. */
  public long count(String implementation, Tensor theirs, Tensor ours) {
    long differing = differing(theirs, ours);
    tally.add(implementation, theirs.count(), differing);
    return differing;
  }

  /** How many elements have other bits. */
  public static long differing(Tensor theirs, Tensor ours) {
    if (theirs.count() != ours.count() || theirs.type() != ours.type()) {
      fail(theirs + " is not like " + ours);
    }
    long differing = 0;
    for (int i = 0; i < theirs.count(); i++) {
      if (theirs.integer(i) != ours.integer(i)) {
        differing++;
      }
    }
    return differing;
  }
}
