package dev.octavo.bench.jmh;

import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The suites, and how their parameters are filled. */
public final class Suites {

  /** Each suite, and what it makes of the shapes; null if they are its own affair. */
  private static final Map<Class<?>, Function<Problem, String>> ALL = new LinkedHashMap<>();

  static {
    ALL.put(GemmBench.class, p -> p instanceof Gemm ? p.text() : null);
    ALL.put(ConvBench.class, p -> p instanceof Conv c && !c.isDepthwise() ? p.text() : null);
    ALL.put(DepthwiseBench.class, p -> p instanceof Conv c && c.isDepthwise() ? p.text() : null);
    ALL.put(RequantizeBench.class, null);
    ALL.put(QuantizeBench.class, null);
    ALL.put(PrepareBench.class, p -> p instanceof Gemm g ? "1," + g.n() + "," + g.k() : null);
    ALL.put(CallOverheadBench.class, null);
  }

  private Suites() {}

  /** The names of the suites. */
  public static List<String> names() {
    return ALL.keySet().stream().map(Class::getSimpleName).toList();
  }

  /**
   * Runs suites, one after the other.
   *
   * @param named the names of the suites have to contain one of these, whatever the case; empty for
   *     all
   * @param backends ids of those to run on
   * @param shapes for the suites that take them, each those of its kind; empty for the suites' own
   * @param parameters other parameters, such as {@code residency}; those that a suite lacks are
   *     left out
   * @param options JMH's own
   */
  public static Collection<RunResult> run(
      List<String> named,
      List<String> backends,
      List<Problem> shapes,
      Map<String, List<String>> parameters,
      Options options)
      throws RunnerException {
    Collection<RunResult> results = new ArrayList<>();
    for (Class<?> suite : chosen(named)) {
      ChainedOptionsBuilder builder =
          new OptionsBuilder()
              .parent(options)
              .include(Pattern.quote(suite.getName() + "."))
              .param("backend", backends.toArray(String[]::new));
      Function<Problem, String> text = ALL.get(suite);
      if (text != null && !shapes.isEmpty()) {
        String[] some =
            shapes.stream().map(text).filter(t -> t != null).distinct().toArray(String[]::new);
        if (some.length == 0) {
          continue;
        }
        builder.param("shape", some);
      }
      parameters.forEach(
          (name, values) -> {
            if (has(suite, name)) {
              builder.param(name, values.toArray(String[]::new));
            }
          });
      results.addAll(new Runner(builder.build()).run());
    }
    return results;
  }

  private static List<Class<?>> chosen(List<String> named) {
    List<Class<?>> chosen = new ArrayList<>();
    for (Class<?> suite : ALL.keySet()) {
      String name = suite.getSimpleName().toLowerCase(Locale.ROOT);
      if (named.isEmpty()
          || named.stream().anyMatch(n -> name.contains(n.toLowerCase(Locale.ROOT)))) {
        chosen.add(suite);
      }
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "no suite is called %s; there are %s".formatted(named, names()));
    }
    return chosen;
  }

  private static boolean has(Class<?> suite, String parameter) {
    for (Class<?> c = suite; c != null; c = c.getSuperclass()) {
      for (var field : c.getDeclaredFields()) {
        if (field.getName().equals(parameter)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Reads {@code rows,channels}. */
  static int[] pair(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("expected rows,channels, got \"%s\"".formatted(text));
    }
    return new int[] {Integer.parseInt(parts[0].strip()), Integer.parseInt(parts[1].strip())};
  }
}
