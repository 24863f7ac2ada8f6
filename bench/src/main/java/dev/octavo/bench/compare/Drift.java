package dev.octavo.bench.compare;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the machine became slower by, as float32 shows it: the median over the float32 baselines of
 * a layer and of its neighbours, which were measured at about the same time. So a moment in which
 * somebody else kept the machine busy is divided out as a slower machine is. Logarithms throughout.
 */
final class Drift {

  /** Layers on each side that are taken together. */
  private static final int NEIGHBOURS = 2;

  /** A median of fewer is worth little; more neighbours are asked then. */
  private static final int LEAST = 6;

  /** One float32 baseline on one layer. */
  record Sample(int threads, int place, double log) {}

  private final List<Sample> samples;
  private final TreeMap<Integer, TreeMap<Integer, Double>> local = new TreeMap<>();

  Drift(List<Sample> samples) {
    this.samples = samples;
  }

  /** The numbers of threads that there are samples for. */
  SortedSet<Integer> threads() {
    SortedSet<Integer> threads = new TreeSet<>();
    samples.forEach(s -> threads.add(s.threads()));
    return threads;
  }

  /** Over the whole run; 0 without float32. */
  double overall(int threads) {
    return median(threads, 0, Integer.MAX_VALUE);
  }

  /** At a layer. */
  double at(int threads, int place) {
    return local
        .computeIfAbsent(threads, any -> new TreeMap<>())
        .computeIfAbsent(place, any -> find(threads, place));
  }

  private double find(int threads, int place) {
    long all = samples.stream().filter(s -> s.threads() == threads).count();
    int radius = NEIGHBOURS;
    while (within(threads, place, radius) < Math.min(LEAST, all)) {
      radius++;
    }
    return median(threads, place, radius);
  }

  private long within(int threads, int place, int radius) {
    return samples.stream().filter(s -> isNear(s, threads, place, radius)).count();
  }

  private double median(int threads, int place, int radius) {
    double[] logs =
        samples.stream()
            .filter(s -> isNear(s, threads, place, radius))
            .mapToDouble(Sample::log)
            .toArray();
    return logs.length == 0 ? 0 : Turn.median(logs);
  }

  private static boolean isNear(Sample s, int threads, int place, int radius) {
    return s.threads() == threads && Math.abs(s.place() - place) <= radius;
  }
}
