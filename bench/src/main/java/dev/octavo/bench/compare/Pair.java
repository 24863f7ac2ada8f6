package dev.octavo.bench.compare;

import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * One measurement in two results.
 *
 * @param suite the model
 * @param place the layer's number in the second result: layers with near numbers were measured at
 *     about the same time
 * @param item the layer, as the second result has it
 */
record Pair(String suite, int place, ItemResult item, Entry before, Entry after) {

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

  /**
   * All that every run has, in the order of the last. Of several runs the slowest counts before and
   * the fastest after: what is slower then is slower in every run after than in any before.
   */
  static List<Pair> of(List<Results> before, List<Results> after) {
    Map<Key, Entry> old = entries(before, (a, b) -> slower(a, b) ? a : b);
    Map<Key, Entry> now = entries(after, (a, b) -> slower(a, b) ? b : a);
    List<Pair> pairs = new ArrayList<>();
    int place = 0;
    for (SuiteResult suite : after.getLast().suites()) {
      for (ItemResult item : suite.items()) {
        for (Entry e : item.entries()) {
          Key key = key(suite, item, e);
          if (old.containsKey(key) && now.containsKey(key)) {
            pairs.add(new Pair(suite.name(), place, item, old.get(key), now.get(key)));
          }
        }
        place++;
      }
    }
    return pairs;
  }

  /** Whether the first took longer; what was not timed, or was wrong, takes longest. */
  private static boolean slower(Entry a, Entry b) {
    return !a.counts() || b.counts() && a.median() > b.median();
  }

  private static Map<Key, Entry> entries(List<Results> runs, BinaryOperator<Entry> pick) {
    Map<Key, Entry> picked = new LinkedHashMap<>();
    Map<Key, Integer> runsWith = new LinkedHashMap<>();
    for (Results run : runs) {
      for (SuiteResult suite : run.suites()) {
        for (ItemResult item : suite.items()) {
          for (Entry e : item.entries()) {
            picked.merge(key(suite, item, e), e, pick);
            runsWith.merge(key(suite, item, e), 1, Integer::sum);
          }
        }
      }
    }
    picked.keySet().removeIf(key -> runsWith.get(key) < runs.size());
    return picked;
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
