package dev.octavo.conformance.truth;

import static org.junit.jupiter.api.Assertions.fail;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.Bias;
import dev.octavo.LhsParameters;
import dev.octavo.Output;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * "This recipe reproduces that operator of that library": one row of the table in docs/NUMERICS.md,
 * and the count of what was compared to say so. When the tests are over, {@code target/truth.csv}
 * holds a line for each claim and each backend.
 */
public final class Claim {
  private static final Map<String, Claim> CLAIMS = new TreeMap<>();
  private static final List<Backend> BACKENDS =
      Backends.list().stream()
          .filter(b -> !(b.availability() instanceof Availability.Unusable))
          .toList();

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

  /** What a backend of ours makes of the same problem. */
  @FunctionalInterface
  public interface Ours {
    /** Its output, laid out like theirs; null if the backend refuses the spec. */
    Tensor on(Backend backend, Tensor theirs);
  }

  /** One kernel of ours. */
  public record Run(Spec spec, Weights weights, Shape shape, Tensor input, LhsParameters lhs)
      implements Ours {
    /** Without parameters known only at run time. */
    public Run(Spec spec, Weights weights, Shape shape, Tensor input) {
      this(spec, weights, shape, input, null);
    }

    /** An elementwise kernel. */
    public Run(Spec spec, Shape shape, Tensor input) {
      this(spec, Weights.NONE, shape, input, null);
    }

    /** A GEMM or convolution whose zero point is fixed. */
    public Run(Problem problem, Output output, Bias bias) {
      this(problem, problem.spec(output), bias);
    }

    private Run(Problem problem, Spec spec, Bias bias) {
      this(spec, problem.weights(bias), problem.shape(spec), problem.lhs());
    }

    @Override
    public Tensor on(Backend backend, Tensor theirs) {
      if (backend.refusal(spec).isPresent()) {
        return null;
      }
      Tensor output = Tensor.of(theirs.type(), theirs.extents());
      try (Arena arena = Arena.ofConfined()) {
        backend.prepare(spec, weights, arena).run(shape, input.data(), output.data(), lhs);
      }
      return output;
    }
  }

  /**
   * Compares what the library computed with the norm and with every backend that does the spec, bit
   * for bit.
   *
   * @param context shown when they differ
   */
  public void check(Tensor theirs, Tensor norm, Ours ours, Object context) {
    compare("norm", theirs, norm, context);
    for (Backend backend : BACKENDS) {
      Tensor output = ours.on(backend, theirs);
      if (output != null) {
        compare(backend.id(), theirs, output, context);
      }
    }
  }

  private void compare(String implementation, Tensor theirs, Tensor ours, Object context) {
    if (theirs.count() != ours.count() || theirs.type() != ours.type()) {
      fail(row + ": " + theirs + " is not like " + ours + ", " + context);
    }
    long differing = 0;
    int first = -1;
    for (int i = 0; i < theirs.count(); i++) {
      if (theirs.integer(i) != ours.integer(i)) {
        first = differing == 0 ? i : first;
        differing++;
      }
    }
    count(implementation, theirs.count(), differing);
    if (differing > 0) {
      fail(
          row
              + ": "
              + differing
              + " of "
              + theirs.count()
              + " outputs differ, first ["
              + first
              + "]: theirs "
              + theirs.show(first)
              + ", "
              + implementation
              + " "
              + ours.show(first)
              + "; "
              + context);
    }
  }

  /** Counts a problem compared elsewhere. */
  public synchronized void count(String implementation, long outputs, long differing) {
    Count count = counts.computeIfAbsent(implementation, i -> new Count());
    count.problems++;
    count.outputs += outputs;
    count.differing += differing;
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
