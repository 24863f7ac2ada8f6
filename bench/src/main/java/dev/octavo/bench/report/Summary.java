package dev.octavo.bench.report;

import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.SuiteResult;
import dev.octavo.bench.report.Results.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Sums over a suite's layers on one number of threads. Two sides are compared: <em>chosen</em> is
 * the int8 backend that the library would choose, the highest one that does the layer; <em>best
 * float32</em> is the fastest float32 of each layer, whichever that is, so that int8 is compared
 * with the strongest opponent. Wrong results never count.
 *
 * @param suite items of the same shape taken together, with the entries of those threads
 */
public record Summary(SuiteResult suite, int threads) {

  /** A summary for the least number of threads that was measured. */
  public static Summary of(SuiteResult result) {
    return of(result, threads(result).stream().findFirst().orElse(1));
  }

  public static Summary of(SuiteResult result, int threads) {
    Map<List<String>, List<ItemResult>> same = new LinkedHashMap<>();
    for (ItemResult item : result.items()) {
      ItemResult of =
          with(item, item.entries().stream().filter(e -> e.threads() == threads).toList());
      same.computeIfAbsent(List.of(item.kind(), item.shape()), any -> new ArrayList<>()).add(of);
    }
    List<ItemResult> items = same.values().stream().map(Summary::together).toList();
    return new Summary(result.withItems(items), threads);
  }

  /** The numbers of threads that were measured, ascending. */
  public static List<Integer> threads(SuiteResult result) {
    return result.items().stream()
        .flatMap(i -> i.entries().stream())
        .map(Entry::threads)
        .distinct()
        .sorted()
        .toList();
  }

  private static ItemResult with(ItemResult i, List<Entry> entries) {
    return new ItemResult(
        i.layers(),
        i.kind(),
        i.shape(),
        i.multiplyAdds(),
        i.weights(),
        i.inputElements(),
        i.outputElements(),
        entries);
  }

  private static ItemResult together(List<ItemResult> items) {
    ItemResult first = items.getFirst();
    if (items.size() == 1) {
      return first;
    }
    Map<String, List<Entry>> entries = new LinkedHashMap<>();
    items.stream()
        .flatMap(i -> i.entries().stream())
        .forEach(e -> entries.computeIfAbsent(e.contender(), any -> new ArrayList<>()).add(e));
    List<Entry> means = entries.values().stream().map(Summary::mean).toList();
    return new ItemResult(
        items.stream().flatMap(i -> i.layers().stream()).toList(),
        first.kind(),
        first.shape(),
        first.multiplyAdds(),
        first.weights(),
        first.inputElements(),
        first.outputElements(),
        means);
  }

  /** The mean of what one contender took for several items of a shape; or what was wrong. */
  private static Entry mean(List<Entry> entries) {
    Optional<Entry> bad = entries.stream().filter(e -> !e.counts()).findFirst();
    Entry e = bad.orElse(entries.getFirst());
    if (bad.isPresent() || entries.size() == 1) {
      return e;
    }
    Times times =
        new Times(
            least(entries, Times::part),
            entries.stream().mapToDouble(Entry::median).average().orElseThrow(),
            least(entries, Times::bestSeconds),
            entries.stream().mapToDouble(o -> o.timing().gops()).average().orElseThrow(),
            new double[0]);
    return new Entry(
        e.contender(),
        e.kind(),
        e.threads(),
        e.variant(),
        e.kernel(),
        e.packedBytes(),
        e.check(),
        times);
  }

  private static double least(List<Entry> entries, ToDoubleFunction<Times> value) {
    return entries.stream().map(Entry::timing).mapToDouble(value).min().orElseThrow();
  }

  /** The fastest right float32 of an item. */
  public static Optional<Entry> bestFloat32(ItemResult item) {
    return item.entries().stream()
        .filter(e -> e.isFloat32() && e.counts())
        .min(Comparator.comparingDouble(Entry::median));
  }

  /** The backend's entry of the highest rank; entries are in ascending rank. */
  public static Optional<Entry> chosen(ItemResult item) {
    return item.entries().stream()
        .filter(e -> e.kind() == Kind.BACKEND && e.counts())
        .reduce((lower, higher) -> higher);
  }

  /** One contender's entry, if its time counts. */
  public static Optional<Entry> of(ItemResult item, String contender) {
    return any(item, contender).filter(Entry::counts);
  }

  /** One contender's entry, whatever became of it. */
  public static Optional<Entry> any(ItemResult item, String contender) {
    return item.entries().stream().filter(e -> e.contender().equals(contender)).findFirst();
  }

  /** How much faster int8 is than float32 on an item. */
  public static OptionalDouble speedUp(ItemResult item) {
    Optional<Entry> f = bestFloat32(item);
    Optional<Entry> i = chosen(item);
    return f.isPresent() && i.isPresent()
        ? OptionalDouble.of(f.get().median() / i.get().median())
        : OptionalDouble.empty();
  }

  /** Seconds for all layers by the entry picked of each item; empty if one has none. */
  public OptionalDouble seconds(Function<ItemResult, Optional<Entry>> pick) {
    double sum = 0;
    for (ItemResult item : suite.items()) {
      Optional<Entry> entry = pick.apply(item);
      if (entry.isEmpty()) {
        return OptionalDouble.empty();
      }
      sum += entry.get().median() * item.layers().size();
    }
    return OptionalDouble.of(sum);
  }

  /** Seconds for all layers by one contender; empty if it did not do them all. */
  public OptionalDouble seconds(String contender) {
    return seconds(i -> of(i, contender));
  }

  /** How much faster int8 is than float32 over all layers. */
  public OptionalDouble speedUp() {
    OptionalDouble f = seconds(Summary::bestFloat32);
    OptionalDouble i = seconds(Summary::chosen);
    return f.isPresent() && i.isPresent() && i.getAsDouble() > 0
        ? OptionalDouble.of(f.getAsDouble() / i.getAsDouble())
        : OptionalDouble.empty();
  }

  /**
   * Who the picked entries are and how many layers each has, most first, such as {@code vector 20,
   * openblas 3}; the name alone when it is always the same. Float32 goes without saying.
   */
  public String who(Function<ItemResult, Optional<Entry>> pick) {
    Map<String, Integer> layers = new TreeMap<>();
    for (ItemResult item : suite.items()) {
      pick.apply(item)
          .map(e -> e.contender().replaceFirst("^float32-", ""))
          .ifPresent(c -> layers.merge(c, item.layers().size(), Integer::sum));
    }
    if (layers.size() == 1) {
      return layers.keySet().iterator().next();
    }
    return layers.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Operations of all measured layers. */
  public double operations() {
    return suite.items().stream()
        .mapToDouble(i -> 2.0 * i.multiplyAdds() * i.layers().size())
        .sum();
  }

  /** Who of a kind took part, in order. */
  public List<String> contenders(Kind kind) {
    return suite.items().stream()
        .flatMap(i -> i.entries().stream())
        .filter(e -> e.kind() == kind)
        .map(Entry::contender)
        .distinct()
        .toList();
  }

  /** Whether any time was scaled from a part. */
  public boolean hasEstimates() {
    return suite.items().stream().flatMap(i -> i.entries().stream()).anyMatch(Entry::isEstimate);
  }

  /** Bytes of all layers' weights as the chosen backends pack them; empty if one does not say. */
  public OptionalDouble packedBytes() {
    double sum = 0;
    for (ItemResult item : suite.items()) {
      Optional<Long> bytes = chosen(item).map(Entry::packedBytes);
      if (bytes.isEmpty()) {
        return OptionalDouble.empty();
      }
      sum += (double) bytes.get() * item.layers().size();
    }
    return OptionalDouble.of(sum);
  }
}
