package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.Backends;
import dev.octavo.bench.jmh.Suites;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.ShapeGrammar.Given;
import dev.octavo.bench.problem.ShapeSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
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
      "Runs the JMH suites: forks, confidence intervals, allocation, profilers.",
      "Suites: GemmBench, ConvBench, DepthwiseBench, RequantizeBench, QuantizeBench, PrepareBench,"
          + " CallOverheadBench. Each compares its result with the right one before it is timed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Of JMH's own options the most useful: -f forks, -wi and -i iterations, -w and -r seconds of"
          + " each, -prof gc for the bytes allocated in each call.",
      "",
      "Examples:",
      "  octavo jmh gemm conv --backends native-avx2 --shapes standard --json r.json",
      "  octavo jmh calloverhead --jmh \"-prof gc -f 3\""
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
    return results.isEmpty() ? 1 : 0;
  }

  private Options options() {
    try {
      return new CommandLineOptions(own.isBlank() ? new String[0] : own.strip().split("\\s+"));
    } catch (CommandLineOptionException e) {
      throw new IllegalArgumentException("--jmh: " + e.getMessage(), e);
    }
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
