package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.Backends;
import dev.octavo.bench.jmh.JmhTable;
import dev.octavo.bench.jmh.Suites;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.ShapeGrammar.Given;
import dev.octavo.bench.problem.ShapeSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octavo jmh}: JMH's suites, with backends and shapes filled in. */
@Command(
    name = "jmh",
    description = {
      "Runs the JMH suites: forks, confidence intervals, allocation, profilers; a case is a backend, a"
          + " shape and so forth, takes ten seconds, and JMH says how long all will take.",
      "Suites: GemmBench, ConvBench, DepthwiseBench, RequantizeBench, QuantizeBench, PrepareBench,"
          + " CallOverheadBench. Each compares its result with the right one before it is timed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Of JMH's own options the most useful: -f forks, -wi and -i iterations, -w and -r seconds of"
          + " each, -prof perfasm and other profilers; -prof gc, the bytes allocated in each call, is on"
          + " unless another is named.",
      "",
      "Examples:",
      "  octavo jmh gemm conv --backends native-avx2 --shapes standard --json r.json",
      "  octavo jmh calloverhead --short",
      "  octavo jmh calloverhead --jmh \"-f 3\""
    })
final class JmhCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "SUITE",
      arity = "0..*",
      description = "Parts of names of suites; default: all.")
  private List<String> suites = List.of();

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "ID",
      description = "Backends by their id; default: all that are usable.")
  private List<String> backends;

  @Option(
      names = "--shapes",
      paramLabel = "SET",
      description = "A named set of shapes, as for octavo time; default: one shape for each suite.")
  private String set;

  @Option(names = "--gemm", paramLabel = "M,N,K;...", description = "Matrix products.")
  private String gemm;

  @Option(names = "--conv", paramLabel = "SHAPE;...", description = "Convolutions.")
  private String conv;

  @Option(
      names = "--variants",
      split = ",",
      paramLabel = "V",
      description = "Number formats; default: u8s8s32, s8s8s32, u8s8u8.")
  private List<String> variants;

  @Option(
      names = "--residency",
      split = ",",
      paramLabel = "R",
      description = "Where operands live: heap, native; default: both.")
  private List<String> residency;

  @Option(
      names = "--short",
      description =
          "A second and a half for each case in place of ten: 3 x 0.3 s of warm-up, 3 x 0.2 s of"
              + " measuring.")
  private boolean brief;

  @Option(names = "--jmh", paramLabel = "OPTIONS", description = "JMH's own options, as one text.")
  private String own = "";

  @Option(names = "--json", paramLabel = "FILE", description = "Writes JMH's JSON there.")
  private Path json;

  @Override
  public Integer call() throws RunnerException {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (variants != null) {
      parameters.put("variant", variants);
    }
    if (residency != null) {
      parameters.put("residency", residency);
    }
    Collection<RunResult> results;
    try {
      results = Suites.run(suites, backends(), shapes(), parameters, options());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    if (json != null) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, json.toString()).writeOut(results);
    }
    if (results.isEmpty()) {
      command.commandLine().getErr().println("octavo: no suite takes these shapes");
      return 1;
    }
    PrintWriter out = command.commandLine().getOut();
    out.print("\n" + JmhTable.of(results).text(command.commandLine().getColorScheme().ansi()));
    out.flush();
    return 0;
  }

  /** JMH's own as they are given; what they leave open is ours. */
  private Options options() {
    CommandLineOptions given;
    try {
      given = new CommandLineOptions(own.isBlank() ? new String[0] : own.strip().split("\\s+"));
    } catch (CommandLineOptionException e) {
      throw new IllegalArgumentException("--jmh: " + e.getMessage(), e);
    }
    ChainedOptionsBuilder options = new OptionsBuilder().parent(given);
    if (given.getProfilers().isEmpty()) {
      options.addProfiler(GCProfiler.class);
    }
    if (brief) {
      options
          .warmupIterations(given.getWarmupIterations().orElse(3))
          .warmupTime(given.getWarmupTime().orElse(TimeValue.milliseconds(300)))
          .measurementIterations(given.getMeasurementIterations().orElse(3))
          .measurementTime(given.getMeasurementTime().orElse(TimeValue.milliseconds(200)));
    }
    return options.build();
  }

  private List<String> backends() {
    if (backends != null) {
      backends.forEach(Backends::named); // says which there are
      return backends;
    }
    return Backends.list().stream()
        .filter(b -> b.availability() instanceof Availability.Usable)
        .map(b -> b.id())
        .toList();
  }

  private List<Problem> shapes() {
    List<Problem> shapes = new ArrayList<>();
    add(shapes, set, ShapeSet::named);
    add(shapes, gemm, ShapeGrammar::gemms);
    add(shapes, conv, ShapeGrammar::convs);
    return shapes;
  }

  private static void add(List<Problem> shapes, String text, Function<String, List<Given>> reader) {
    if (text != null) {
      reader.apply(text).forEach(g -> shapes.add(g.problem()));
    }
  }
}
