package dev.octavo.bench.suite;

import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Sums over a suite's layers. Two sides are compared: <em>chosen</em> is the int8 backend that the
 * library would choose, the highest one that does the layer; <em>best float32</em> is the fastest
 * float32 of each layer, whichever that is, so that int8 is compared with the strongest opponent.
 */
public record Summary(SuiteResult suite) {

  /** Items of the same shape are taken together. */
  public static Summary of(SuiteResult result) {
    Map<List<String>, List<ItemResult>> same = new LinkedHashMap<>();
    for (ItemResult item : result.items()) {
      same.computeIfAbsent(List.of(item.kind(), item.shape()), any -> new ArrayList<>()).add(item);
    }
    List<ItemResult> items = same.values().stream().map(Summary::together).toList();
    return new Summary(new SuiteResult(result.name(), result.facts(), items));
  }

  private static ItemResult together(List<ItemResult> items) {
    ItemResult first = items.getFirst();
    List<String> layers = items.stream().flatMap(i -> i.layers().stream()).toList();
    Map<String, List<Entry>> entries = new LinkedHashMap<>();
    items.stream()
        .flatMap(i -> i.entries().stream())
        .forEach(e -> entries.computeIfAbsent(e.contender(), any -> new ArrayList<>()).add(e));
    return new ItemResult(
        layers,
        first.kind(),
        first.shape(),
        first.multiplyAdds(),
        first.weights(),
        entries.values().stream().map(Summary::mean).toList());
  }

  /** The mean of what one contender took for several items of a shape; or what was wrong. */
  private static Entry mean(List<Entry> entries) {
    Optional<Entry> untimed = entries.stream().filter(e -> !e.isTimed()).findFirst();
    Entry e = untimed.orElse(entries.getFirst());
    if (untimed.isPresent() || entries.size() == 1) {
      return e;
    }
    return new Entry(
        e.contender(),
        e.float32(),
        e.variant(),
        e.kernel(),
        e.packedBytes(),
        e.check(),
        least(entries, Entry::checkedPart),
        least(entries, Entry::timedPart),
        entries.stream().mapToDouble(Entry::medianSeconds).average().orElseThrow(),
        least(entries, Entry::bestSeconds),
        entries.stream().mapToDouble(Entry::gops).average().orElseThrow(),
        new double[0]);
  }

  private static double least(List<Entry> entries, ToDoubleFunction<Entry> value) {
    return entries.stream().mapToDouble(value).min().orElseThrow();
  }

  /** The fastest right float32 of an item. */
  public static Optional<Entry> bestFloat32(ItemResult item) {
    return item.entries().stream()
        .filter(e -> e.float32() && e.isTimed())
        .min(Comparator.comparingDouble(Entry::medianSeconds));
  }

  /** The int8 entry of the highest rank; entries are in ascending rank. */
  public static Optional<Entry> chosen(ItemResult item) {
    List<Entry> able = item.entries().stream().filter(e -> !e.float32() && e.isTimed()).toList();
    return able.isEmpty() ? Optional.empty() : Optional.of(able.getLast());
  }

  /** One contender's entry. */
  public static Optional<Entry> of(ItemResult item, String contender) {
    return item.entries().stream()
        .filter(e -> e.contender().equals(contender) && e.isTimed())
        .findFirst();
  }

  /** How much faster int8 is than float32 on an item. */
  public static OptionalDouble speedUp(ItemResult item) {
    Optional<Entry> f = bestFloat32(item);
    Optional<Entry> i = chosen(item);
    return f.isPresent() && i.isPresent()
        ? OptionalDouble.of(f.get().medianSeconds() / i.get().medianSeconds())
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
      sum += entry.get().medianSeconds() * item.layers().size();
    }
    return OptionalDouble.of(sum);
  }

  /** How much faster int8 is than float32 over all layers. */
  public OptionalDouble speedUp() {
    OptionalDouble f = seconds(Summary::bestFloat32);
    OptionalDouble i = seconds(Summary::chosen);
    return f.isPresent() && i.isPresent() && i.getAsDouble() > 0
        ? OptionalDouble.of(f.getAsDouble() / i.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Operations of all layers. */
  public double operations() {
    return suite.items().stream()
        .mapToDouble(i -> 2.0 * i.multiplyAdds() * i.layers().size())
        .sum();
  }

  /** Who took part, in order. */
  public List<String> contenders(boolean float32) {
    return suite.items().stream()
        .flatMap(i -> i.entries().stream())
        .filter(e -> e.float32() == float32)
        .map(Entry::contender)
        .distinct()
        .toList();
  }

  /** Whether any time was scaled from a part. */
  public boolean hasEstimates() {
    return suite.items().stream().flatMap(i -> i.entries().stream()).anyMatch(Summary::isEstimate);
  }

  static boolean isEstimate(Entry e) {
    return e.isTimed() && e.timedPart() < 1;
  }
}
