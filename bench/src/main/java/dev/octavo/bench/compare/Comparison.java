package dev.octavo.bench.compare;

import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Two results compared; the package's essay says how.
 *
 * @param drift what the float32 baselines became slower by, for each number of threads: taken for
 *     the machine and divided out of everything else
 * @param noise how far unchanged measurements lie apart: a standard deviation of the logarithm
 * @param wholes each contender over all its layers
 * @param layers each measurement
 * @param broken measurements that were right and are wrong now
 */
public record Comparison(
    Map<Integer, Double> drift,
    double noise,
    List<Whole> wholes,
    List<Layer> layers,
    List<Layer> broken) {

  /** The chance that any interval of a kind is too narrow. */
  private static final double ALPHA = 0.05;

  /** From the median of absolute deviations to a standard deviation of normal noise. */
  private static final double MAD = 1.4826;

  /** No two runs agree better than this. */
  private static final double LEAST_NOISE = 0.005;

  /** A contender over all its layers. */
  public record Whole(String contender, Kind kind, int threads, int layers, Change change) {}

  /** A measurement; {@code change} is null if it is not timed in both. */
  public record Layer(
      String suite,
      String layer,
      String shape,
      String contender,
      Kind kind,
      int threads,
      Change change) {}

  private record Measured(Pair pair, double log, double error) {
    int threads() {
      return pair.after().threads();
    }

    Kind kind() {
      return pair.after().kind();
    }
  }

  private record Group(String contender, int threads) {}

  /** Compares. */
  public static Comparison of(Results before, Results after) {
    SplittableRandom random = new SplittableRandom(1); // so that the same files say the same
    List<Pair> pairs = Pair.of(before, after);
    List<Measured> measured =
        pairs.stream().filter(Pair::isTimed).map(p -> measured(p, random)).toList();
    Map<Integer, Double> drift = new LinkedHashMap<>();
    for (Measured m : measured) {
      drift.computeIfAbsent(m.threads(), t -> drift(measured, t));
    }
    Map<Group, List<Measured>> groups = new LinkedHashMap<>();
    for (Measured m : measured) {
      groups
          .computeIfAbsent(
              new Group(m.pair().after().contender(), m.threads()), any -> new ArrayList<>())
          .add(m);
    }
    double noise = noise(groups.values());
    List<Whole> wholes = new ArrayList<>();
    groups.forEach(
        (g, all) -> wholes.add(whole(g, all, shift(all.getFirst(), drift), groups.size())));
    List<Layer> layers =
        measured.stream()
            .map(m -> layer(m.pair(), change(m, shift(m, drift), noise, measured.size())))
            .toList();
    List<Layer> broken = pairs.stream().filter(Pair::isBroken).map(p -> layer(p, null)).toList();
    return new Comparison(Map.copyOf(drift), noise, wholes, layers, broken);
  }

  private static Measured measured(Pair p, SplittableRandom random) {
    double[] before = Turn.logs(p.before().timing().samplesSeconds());
    double[] after = Turn.logs(p.after().timing().samplesSeconds());
    return new Measured(
        p,
        Turn.median(after) - Turn.median(before),
        Math.hypot(Turn.error(before, random), Turn.error(after, random)));
  }

  /** What the machine became slower by, as a logarithm; 0 without float32. */
  private static double drift(List<Measured> all, int threads) {
    double[] logs =
        all.stream()
            .filter(m -> m.kind() == Kind.FLOAT32 && m.threads() == threads)
            .mapToDouble(Measured::log)
            .toArray();
    return logs.length == 0 ? 0 : Turn.median(logs);
  }

  /** What is divided out of a measurement; nothing of float32 itself, so that it can be seen. */
  private static double shift(Measured m, Map<Integer, Double> drift) {
    return m.kind() == Kind.FLOAT32 ? 0 : drift.get(m.threads());
  }

  /** The spread of each contender's layers about its own median, all taken together. */
  private static double noise(Collection<List<Measured>> groups) {
    List<Double> deviations = new ArrayList<>();
    for (List<Measured> group : groups) {
      double[] logs = logs(group, Measured::log);
      double middle = Turn.median(logs);
      for (double log : logs) {
        deviations.add(Math.abs(log - middle));
      }
    }
    double[] all = deviations.stream().mapToDouble(Double::doubleValue).toArray();
    return all.length == 0 ? LEAST_NOISE : Math.max(LEAST_NOISE, MAD * Turn.median(all));
  }

  /** The mean of the middle eight tenths of the layers, and a t interval for it. */
  private static Whole whole(Group g, List<Measured> all, double shift, int groups) {
    double[] logs = logs(all, Measured::log);
    Arrays.sort(logs);
    int cut = logs.length / 10;
    double[] middle = Arrays.copyOfRange(logs, cut, logs.length - cut);
    double halfWidth = Double.POSITIVE_INFINITY;
    if (middle.length > 1) {
      // Winsorized variance, as Yuen's interval of a trimmed mean has it.
      double[] winsorized = logs.clone();
      Arrays.fill(winsorized, 0, cut, middle[0]);
      Arrays.fill(winsorized, logs.length - cut, logs.length, middle[middle.length - 1]);
      double share = middle.length / (double) logs.length;
      double error = Math.sqrt(StatUtils.variance(winsorized) / logs.length) / share;
      halfWidth =
          new TDistribution(middle.length - 1).inverseCumulativeProbability(quantile(groups))
              * error;
    }
    return new Whole(
        g.contender(),
        all.getFirst().kind(),
        g.threads(),
        all.size(),
        Change.ofLog(StatUtils.mean(middle) - shift, halfWidth));
  }

  private static Change change(Measured m, double shift, double noise, int rows) {
    // Its own error is known from seven turns on each side; that of all from a thousand rows.
    double own =
        m.error()
            * new TDistribution(2 * (Turn.TURNS - 1)).inverseCumulativeProbability(quantile(rows));
    double common = noise * new NormalDistribution().inverseCumulativeProbability(quantile(rows));
    return Change.ofLog(m.log() - shift, Math.max(own, common));
  }

  /** Of a two-sided interval that holds for so many at once. */
  private static double quantile(int many) {
    return 1 - ALPHA / 2 / Math.max(1, many);
  }

  private static double[] logs(List<Measured> all, ToDoubleFunction<Measured> value) {
    return all.stream().mapToDouble(value).toArray();
  }

  private static Layer layer(Pair p, Change change) {
    return new Layer(
        p.suite(),
        p.item().layers().getFirst(),
        p.item().kind() + " " + p.item().shape(),
        p.after().contender(),
        p.after().kind(),
        p.after().threads(),
        change);
  }

  /** Backends that became slower as a whole. */
  public List<Whole> slowerWholes(double threshold) {
    return wholes.stream()
        .filter(w -> w.kind() == Kind.BACKEND && w.change().isSlower(threshold))
        .toList();
  }

  /** Layers on which a backend became slower. */
  public List<Layer> slowerLayers(double threshold) {
    return layers.stream()
        .filter(l -> l.kind() == Kind.BACKEND && l.change().isSlower(threshold))
        .toList();
  }

  /** Layers on which a backend became faster. */
  public List<Layer> fasterLayers(double threshold) {
    return layers.stream()
        .filter(l -> l.kind() == Kind.BACKEND && l.change().isFaster(threshold))
        .toList();
  }

  /** Whether anything of ours is worse. */
  public boolean isRegression(double threshold) {
    return !slowerWholes(threshold).isEmpty()
        || !slowerLayers(threshold).isEmpty()
        || broken.stream().anyMatch(l -> l.kind() != Kind.PEER);
  }
}
