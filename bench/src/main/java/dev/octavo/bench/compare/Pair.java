package dev.octavo.bench.compare;

import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One measurement in two results.
 *
 * @param suite the model
 * @param item the layer, as the second result has it
 */
record Pair(String suite, ItemResult item, Entry before, Entry after) {

  /** What makes two measurements the same. */
  private record Key(
      String suite, String layer, String shape, String contender, int threads, String variant) {}

  /** Whether both were timed and right. */
  boolean isTimed() {
    return before.counts() && after.counts();
  }

  /** Whether what was right is wrong now. */
  boolean isBroken() {
    return !before.isWrong() && after.isWrong();
  }

  /** All that both have, in the order of the second. */
  static List<Pair> of(Results before, Results after) {
    Map<Key, Entry> old = new LinkedHashMap<>();
    for (SuiteResult suite : before.suites()) {
      for (ItemResult item : suite.items()) {
        item.entries().forEach(e -> old.put(key(suite, item, e), e));
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (SuiteResult suite : after.suites()) {
      for (ItemResult item : suite.items()) {
        for (Entry e : item.entries()) {
          Entry other = old.get(key(suite, item, e));
          if (other != null) {
            pairs.add(new Pair(suite.name(), item, other, e));
          }
        }
      }
    }
    return pairs;
  }

  private static Key key(SuiteResult suite, ItemResult item, Entry e) {
    return new Key(
        suite.name(),
        item.layers().getFirst(),
        item.kind() + " " + item.shape(),
        e.contender(),
        e.threads(),
        e.variant());
  }
}
