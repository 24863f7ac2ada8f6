package dev.octavo.bench.compare;

import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Two results compared; the package's essay says how.
 *
 * @param drift what the float32 baselines became slower by over the whole run, for each number of
 *     threads, as a logarithm; what they did about each layer is divided out of everything else
 * @param noise how far unchanged measurements lie apart: a standard deviation of the logarithm
 * @param wholes each contender over all its layers, and over each family of them
 * @param layers each measurement
 * @param repeated whether each side had the {@value #LAYER_RUNS} runs that it takes to judge a
 *     layer alone
 * @param broken measurements that were right and are wrong now
 */
public record Comparison(
    Map<Integer, Double> drift,
    double noise,
    List<Whole> wholes,
    List<Layer> layers,
    boolean repeated,
    List<Layer> broken) {

  /**
   * Runs on each side that it takes to judge a layer alone. How a JIT compiler happens to decide is
   * often one of two ways for as long as a process lives: that two runs have it the one way and two
   * the other is no rarity among a few hundred layers, and was seen; four and four are one in 256.
   */
  public static final int LAYER_RUNS = 4;

  /** The chance that any interval of a kind is too narrow. */
  private static final double ALPHA = 0.05;

  /** From the median of absolute deviations to a standard deviation of normal noise. */
  private static final double MAD = 1.4826;

  /** No two runs agree better than this. */
  private static final double LEAST_NOISE = 0.005;

  /** A mean over fewer layers says little. */
  private static final int LEAST_LAYERS = 5;

  /** A contender over all its layers, or over those of a family. */
  public record Whole(
      String contender, Kind kind, int threads, String family, int layers, Change change) {
    public boolean isAll() {
      return family.equals(Family.ALL);
    }
  }

  /** A measurement; {@code change} is null if it is not timed in both. */
  public record Layer(
      String suite,
      String layer,
      String shape,
      String contender,
      Kind kind,
      int threads,
      Change change) {}

  /**
   * A pair with the logarithm of its ratio, the machine divided out, and the error of that.
   *
   * <p>Nothing is divided out of float32 itself, so that it can be seen.
   */
  private record Measured(Pair pair, double log, double error) {
    int threads() {
      return pair.after().threads();
    }

    Kind kind() {
      return pair.after().kind();
    }

    Measured without(Drift drift) {
      return kind() == Kind.FLOAT32
          ? this
          : new Measured(pair, log - drift.at(threads(), pair.place()), error);
    }
  }

  private record Group(String contender, int threads, String family) {}

  /** Compares a run with another. */
  public static Comparison of(Results before, Results after) {
    return of(List.of(before), List.of(after));
  }

  /** Compares some runs with some others. */
  public static Comparison of(List<Results> before, List<Results> after) {
    SplittableRandom random = new SplittableRandom(1); // so that the same files say the same
    List<Pair> pairs = Pair.of(before, after);
    List<Measured> raw =
        pairs.stream().filter(Pair::isTimed).map(p -> measured(p, random)).toList();
    Drift drift =
        new Drift(
            raw.stream()
                .filter(m -> m.kind() == Kind.FLOAT32)
                .map(m -> new Drift.Sample(m.threads(), m.pair().place(), m.log()))
                .toList());
    List<Measured> measured = raw.stream().map(m -> m.without(drift)).toList();
    Map<Group, List<Measured>> groups = new LinkedHashMap<>();
    for (Measured m : measured) {
      for (String family : List.of(Family.ALL, Family.of(m.pair().item()))) {
        groups
            .computeIfAbsent(
                new Group(m.pair().after().contender(), m.threads(), family),
                any -> new ArrayList<>())
            .add(m);
      }
    }
    groups
        .keySet()
        .removeIf(g -> groups.get(g).size() < LEAST_LAYERS && !g.family().equals(Family.ALL));
    double noise = noise(groups);
    List<Whole> wholes = new ArrayList<>();
    groups.forEach((g, all) -> wholes.add(whole(g, all, groups.size())));
    List<Layer> layers =
        measured.stream().map(m -> layer(m.pair(), change(m, noise, measured.size()))).toList();
    List<Layer> broken = pairs.stream().filter(Pair::isBroken).map(p -> layer(p, null)).toList();
    Map<Integer, Double> overall = new TreeMap<>();
    drift.threads().forEach(t -> overall.put(t, drift.overall(t)));
    boolean repeated = before.size() >= LAYER_RUNS && after.size() >= LAYER_RUNS;
    return new Comparison(overall, noise, wholes, layers, repeated, broken);
  }

  private static Measured measured(Pair p, SplittableRandom random) {
    double[] before = Turn.logs(p.before().timing().samplesSeconds());
    double[] after = Turn.logs(p.after().timing().samplesSeconds());
    return new Measured(
        p,
        Turn.median(after) - Turn.median(before),
        Math.hypot(Turn.error(before, random), Turn.error(after, random)));
  }

  /** The spread of each contender's layers about its own median, all taken together. */
  private static double noise(Map<Group, List<Measured>> groups) {
    List<Double> deviations = new ArrayList<>();
    for (var entry : groups.entrySet()) {
      List<Measured> group = entry.getValue();
      if (!entry.getKey().family().equals(Family.ALL) || group.getFirst().kind() == Kind.FLOAT32) {
        continue; // once is enough, and float32 has the machine still in it
      }
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
  private static Whole whole(Group g, List<Measured> all, int groups) {
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
        g.family(),
        all.size(),
        Change.ofLog(StatUtils.mean(middle), halfWidth));
  }

  private static Change change(Measured m, double noise, int rows) {
    // Its own error is known from seven turns on each side; that of all from a thousand rows.
    double own =
        m.error()
            * new TDistribution(2 * (Turn.TURNS - 1)).inverseCumulativeProbability(quantile(rows));
    double common = noise * new NormalDistribution().inverseCumulativeProbability(quantile(rows));
    return Change.ofLog(m.log(), Math.max(own, common));
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

  /** Backends that became slower over all their layers, or over those of a family. */
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
        || repeated && !slowerLayers(threshold).isEmpty()
        || broken.stream().anyMatch(l -> l.kind() != Kind.PEER);
  }
}
