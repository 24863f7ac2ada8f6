package dev.octavo.bench.report;

import dev.octavo.bench.report.Results.SuiteResult;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** Headings that say what the plot below them shows, with its numbers. */
final class Headings {

  private Headings() {}

  private static List<Summary> whole(Results results) {
    return results.suites().stream()
        .map(Summary::of)
        .filter(s -> s.speedUp().isPresent())
        .sorted(Comparator.comparingDouble(s -> -s.speedUp().getAsDouble()))
        .toList();
  }

  static String speedUp(Results results) {
    List<Summary> whole = whole(results);
    if (whole.isEmpty()) {
      return "Int8 against the best float32";
    }
    Summary most = whole.getFirst();
    Summary least = whole.getLast();
    String gain = Numbers.times(most.speedUp().getAsDouble());
    return whole.size() == 1
        ? "%s: %s as fast in int8 as in the best float32".formatted(most.suite().name(), gain)
        : "%s gains most from int8, %s; %s least, %s"
            .formatted(
                most.suite().name(),
                gain,
                least.suite().name(),
                Numbers.times(least.speedUp().getAsDouble()));
  }

  static String contenders(Results results) {
    List<Summary> whole = whole(results);
    List<String> chosen = whole.stream().map(s -> s.who(Summary::chosen)).distinct().toList();
    if (chosen.size() != 1) {
      return "Every contender on every model";
    }
    String name = chosen.getFirst();
    long ahead = whole.stream().filter(s -> isFastest(s, name)).count();
    return ahead == whole.size()
        ? name + " is the fastest of all on every model"
        : "%s is the fastest of all on %d of %d models".formatted(name, ahead, whole.size());
  }

  /** Whether nobody who did all layers, right or wrong, took less time. */
  private static boolean isFastest(Summary s, String name) {
    double mine = s.seconds(name).orElse(Double.POSITIVE_INFINITY);
    return Arrays.stream(Results.Kind.values())
        .flatMap(k -> s.contenders(k).stream())
        .map(c -> s.seconds(i -> Summary.any(i, c).filter(Results.Entry::isTimed)))
        .filter(OptionalDouble::isPresent)
        .allMatch(other -> mine <= other.getAsDouble());
  }

  static String roofline(Results results) {
    double[] reached =
        results.suites().stream()
            .map(s -> Summary.of(s, 1))
            .flatMap(s -> s.suite().items().stream())
            .flatMap(
                i ->
                    Summary.chosen(i)
                        .map(e -> Limits.reached(i, e, results.peaks()))
                        .filter(OptionalDouble::isPresent)
                        .stream())
            .mapToDouble(OptionalDouble::getAsDouble)
            .sorted()
            .toArray();
    return reached.length == 0
        ? "How far from the limit"
        : "Half of all layers reach %d %% or more of what one core can do"
            .formatted(Math.round(100 * reached[reached.length / 2]));
  }

  static String scaling(Results results) {
    int most =
        results.suites().stream()
            .flatMap(s -> Summary.threads(s).stream())
            .max(Comparator.naturalOrder())
            .orElse(1);
    double[] gains =
        results.suites().stream()
            .map(s -> gain(s, most))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .sorted()
            .toArray();
    return most == 1 || gains.length == 0
        ? "Scaling over threads"
        : "%d threads make int8 %s as fast as one".formatted(most, range(gains));
  }

  private static OptionalDouble gain(SuiteResult suite, int threads) {
    OptionalDouble one = Summary.of(suite, 1).seconds(Summary::chosen);
    OptionalDouble many = Summary.of(suite, threads).seconds(Summary::chosen);
    return one.isPresent() && many.isPresent() && many.getAsDouble() > 0
        ? OptionalDouble.of(one.getAsDouble() / many.getAsDouble())
        : OptionalDouble.empty();
  }

  static String memory(Results results) {
    double[] ratios =
        results.suites().stream()
            .mapToDouble(s -> s.weightsFloat32() / (double) s.weightsInt8())
            .sorted()
            .toArray();
    return ratios.length == 0
        ? "Memory"
        : "Int8 weights are %s smaller than float32".formatted(range(ratios));
  }

  /** The least and the most of ratios in ascending order; one where they read the same. */
  private static String range(double[] ratios) {
    String least = Numbers.times(ratios[0]);
    String most = Numbers.times(ratios[ratios.length - 1]);
    return least.equals(most) ? least : least + " to " + most;
  }
}
