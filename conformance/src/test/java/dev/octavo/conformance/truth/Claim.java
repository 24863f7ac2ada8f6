package dev.octavo.conformance.truth;

import static org.junit.jupiter.api.Assertions.fail;

import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.Residence;
import dev.octavo.conformance.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * "This recipe reproduces that operator of that library": one row of the table in docs/NUMERICS.md,
 * and the count of what was compared to say so. When the tests are over, {@code target/truth.csv}
 * holds a line for each claim and each backend.
 */
public final class Claim {
  private static final Map<String, Claim> CLAIMS = new TreeMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Claim::writeAll));
  }

  /** What was compared with one implementation of ours. */
  private static final class Count {
    private long problems;
    private long outputs;
    private long differing;
  }

  private final String row;
  private final Map<String, Count> counts = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom();

  private Claim(String row) {
    this.row = row;
  }

  /**
   * The claim of this name; always the same one.
   *
   * @param library and the engine within it
   * @param operator and the variant of it
   * @param recipe of ours, and how its numbers are formed
   */
  public static synchronized Claim of(String library, String operator, String recipe) {
    return CLAIMS.computeIfAbsent(library + "," + operator + "," + recipe, Claim::new);
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
    Circumstances circumstances = circumstances();
    for (Backend backend : Backends.list()) {
      if (Trial.takesPart(backend, problem)) {
        Trial.check(problem, answer, circumstances, List.of(backend))
            .ifPresent(diagnosis -> fail(row + ": " + context + "\n" + diagnosis));
        count(backend.id(), problem.outputGrid().count(), 0);
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
      fail(
          "%s: %d of %d outputs differ, first [%d]: theirs %s, %s %s; %s"
              .formatted(
                  row,
                  differing,
                  theirs.count(),
                  first,
                  theirs.show(first),
                  implementation,
                  ours.show(first),
                  context));
    }
  }

  /** Counts a problem, whatever comes out, and returns the number of outputs that differ. */
  public long count(String implementation, Tensor theirs, Tensor ours) {
    long differing = differing(theirs, ours);
    count(implementation, theirs.count(), differing);
    return differing;
  }

  private synchronized void count(String implementation, long outputs, long differing) {
    Count count = counts.computeIfAbsent(implementation, i -> new Count());
    count.problems++;
    count.outputs += outputs;
    count.differing += differing;
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

  private static synchronized void writeAll() {
    List<String> lines = new ArrayList<>();
    lines.add("library,operator,recipe,implementation,problems,outputs,differing");
    for (Claim claim : CLAIMS.values()) {
      claim.counts.forEach(
          (implementation, c) ->
              lines.add(
                  String.join(
                      ",",
                      claim.row,
                      implementation,
                      Long.toString(c.problems),
                      Long.toString(c.outputs),
                      Long.toString(c.differing))));
    }
    try {
      Files.createDirectories(Path.of("target"));
      Files.write(Path.of("target", "truth.csv"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
