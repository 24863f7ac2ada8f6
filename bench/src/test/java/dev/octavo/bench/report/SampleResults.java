package dev.octavo.bench.report;

import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.report.Peaks.Arithmetic;
import dev.octavo.bench.report.Results.Check;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.Participant;
import dev.octavo.bench.report.Results.State;
import dev.octavo.bench.report.Results.SuiteResult;
import dev.octavo.bench.report.Results.Times;
import dev.octavo.bench.report.Results.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;

/** Made-up results with the noise of a shared machine: in runs, in turns, in samples. */
public final class SampleResults {

  /** Contenders and their speed in GOP/s. */
  private static final Map<String, Double> SPEEDS = new LinkedHashMap<>();

  static {
    SPEEDS.put("scalar", 30.0);
    SPEEDS.put("vector-512", 200.0);
    SPEEDS.put("native-avx512vnni", 900.0);
    SPEEDS.put("float32-java", 40.0);
    SPEEDS.put("float32-vector", 190.0);
    SPEEDS.put("onednn", 800.0);
  }

  private final Random random;
  private final double machine;
  private final ToDoubleBiFunction<String, String> slowness;

  private SampleResults(long seed, double machine, ToDoubleBiFunction<String, String> slowness) {
    this.random = new Random(seed);
    this.machine = machine;
    this.slowness = slowness;
  }

  /** A run. */
  public static Results of(long seed) {
    return of(seed, 1, (contender, layer) -> 1);
  }

  /**
   * A run.
   *
   * @param machine how much slower the machine is
   * @param slowness how much slower a contender is on a layer
   */
  public static Results of(long seed, double machine, ToDoubleBiFunction<String, String> slowness) {
    return new SampleResults(seed, machine, slowness).results();
  }

  private Results results() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("mode", "quick");
    settings.put("threads", List.of(1, 2));
    settings.put("operands", "made up");
    return new Results(
        Results.VERSION,
        State.COMPLETE,
        "octavo bench",
        "2026-11-28T01:02:03Z",
        61.5,
        machine("Test CPU (family 1, model 2)"),
        settings,
        new Peaks(
            List.of(
                new Peaks.Compute("float32-512", Arithmetic.FLOAT32, "multiply-add", 250),
                new Peaks.Compute("native-avx512vnni", Arithmetic.INT8, "vpdpbusd", 1000)),
            List.of(
                new Peaks.Memory("L1d", 48 << 10, 24 << 10, 500),
                new Peaks.Memory("memory", 1L << 34, 1 << 27, 30)),
            List.of("native-amx: not here")),
        SPEEDS.keySet().stream().map(c -> new Participant(c, kind(c), "usable", "")).toList(),
        List.of(suite("Model </script><b>one</b> & \"two\"", 14), suite("Second", 9)));
  }

  public static Machine machine(String cpu) {
    return new Machine(
        cpu,
        2,
        List.of("avx2"),
        List.of("sse", "avx2"),
        List.of(new Machine.Cache("L1d", 48 << 10)),
        1L << 34,
        "Linux",
        "25, somebody",
        List.of(),
        "abc1234",
        false);
  }

  public static Kind kind(String contender) {
    return contender.startsWith("float32")
        ? Kind.FLOAT32
        : contender.equals("onednn") ? Kind.PEER : Kind.BACKEND;
  }

  private SuiteResult suite(String name, int layers) {
    List<ItemResult> items = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      String shape = i % 3 == 0 ? "1,64,%d,56,64,3,3,1,1".formatted(20 + i) : (16 + i) + ",256,256";
      var problem =
          (i % 3 == 0 ? ShapeGrammar.convs(shape) : ShapeGrammar.gemms(shape)).getFirst().problem();
      List<Entry> entries = new ArrayList<>();
      for (int threads = 1; threads <= 2; threads++) {
        for (String contender : SPEEDS.keySet()) {
          double seconds = problem.operations() / SPEEDS.get(contender) * 1e-9 / Math.sqrt(threads);
          entries.add(entry(contender, threads, "layer" + i, seconds, problem.operations()));
        }
      }
      items.add(
          new ItemResult(
              List.of("layer" + i),
              problem.kind(),
              shape,
              problem.multiplyAdds(),
              problem.weights(),
              problem.inputElements(),
              problem.outputElements(),
              entries));
    }
    return new SuiteResult(name, "a paper", "56×56×64", 1000, 2000, 4000, 1000, List.of(), items);
  }

  private Entry entry(
      String contender, int threads, String layer, double seconds, double operations) {
    double run = seconds * machine * slowness.applyAsDouble(contender, layer) * noise(0.03);
    double[] samples = new double[7 * 5];
    for (int turn = 0; turn < 7; turn++) {
      // Now and then somebody else takes the core for a whole turn.
      double disturbed = run * noise(0.02) * (random.nextInt(15) == 0 ? 1.6 : 1);
      for (int i = 0; i < 5; i++) {
        samples[turn * 5 + i] = disturbed * noise(0.01);
      }
    }
    double median = Arrays.stream(samples).sorted().skip(17).findFirst().orElseThrow();
    double best = Arrays.stream(samples).min().orElseThrow();
    boolean float32 = kind(contender) == Kind.FLOAT32;
    boolean wrong = contender.equals("onednn") && layer.equals("layer1");
    return new Entry(
        contender,
        kind(contender),
        threads,
        float32 ? "f32" : "u8s8u8",
        contender + "_kernel",
        float32 ? null : 1000L,
        wrong ? new Check(Verdict.WRONG, "row 0", 1) : new Check(Verdict.OK, "", 1),
        new Times(1, median, best, operations / median * 1e-9, samples));
  }

  private double noise(double deviation) {
    return Math.exp(deviation * random.nextGaussian());
  }
}
