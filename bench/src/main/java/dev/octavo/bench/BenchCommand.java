package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.models.Models;
import dev.octavo.bench.onnx.OnnxModel;
import dev.octavo.bench.report.Machine;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.ResultFiles;
import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.SuiteResult;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Style;
import dev.octavo.bench.suite.Pace;
import dev.octavo.bench.suite.Suite;
import dev.octavo.bench.suite.SuiteRunner;
import dev.octavo.bench.suite.Summary;
import dev.octavo.bench.suite.Tables;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code octavo bench}: the main job. */
@Command(
    name = "bench",
    description = {
      "Shows what int8 buys on this machine: the layers of well-known networks and of a real quantized"
          + " model, on every backend, against the best float32.",
      "Takes about a minute; every result is checked before it is timed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Option(names = "--full", description = "Whole runs and whole checks only, as long as they take.")
  private boolean full;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "Only these networks: vgg16, alexnet, yolov3, mobilenet-v1.")
  private List<String> models;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      description =
          "Only the quantized layers of this ONNX model, with its weights. Without it, the networks"
              + " and the int8 all-MiniLM-L6-v2 that comes with the bench.")
  private Path onnx;

  @Option(
      names = "--sequence",
      paramLabel = "N",
      defaultValue = "128",
      description = "Length of sequences in an ONNX model; default: ${DEFAULT-VALUE}.")
  private int sequence;

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "ID",
      description = "Only these backends and float32 baselines; default: all that are usable.")
  private List<String> backends;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "1",
      description = "Threads that share each layer; default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "60",
      description = "About how long it may take, unless --full; default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "octavo-results",
      description = "Where the JSON, CSV and Markdown files go; default: ${DEFAULT-VALUE}.")
  private Path output;

  private PrintWriter out;
  private Ansi ansi;

  @Override
  public Integer call() throws IOException {
    out = command.commandLine().getOut();
    ansi = command.commandLine().getColorScheme().ansi();
    if (threads < 1 || threads > 1024 || !(seconds > 0) || sequence < 1) {
      throw new ParameterException(
          command.commandLine(),
          "--threads must be 1 to 1024, --seconds positive and --sequence at least 1");
    }
    List<Suite> suites;
    List<Contender> contenders;
    try {
      suites = suites();
      contenders = ContenderChoice.of(backends, command.commandLine().getErr());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    if (contenders.isEmpty()) {
      command.commandLine().getErr().println("octavo: no backend is left to measure");
      return 1;
    }
    Results results = results(contenders);
    intro(results);
    run(suites, contenders, results);
    outro(results);
    return wrong(results) == 0 ? 0 : 1;
  }

  private List<Suite> suites() throws IOException {
    if (onnx != null) {
      OnnxModel model = OnnxModel.read(onnx, sequence);
      if (model.layers().isEmpty()) {
        throw new IOException(
            onnx + " has no quantized layer that could be run; left out: " + model.skipped());
      }
      return List.of(Suite.of(model, sequence));
    }
    List<Suite> suites = new ArrayList<>();
    for (String name : models == null ? Models.NAMES : models) {
      suites.add(Suite.of(Models.named(name)));
    }
    if (models == null) {
      suites.add(Suite.of(OnnxModel.bundled(sequence), sequence));
    }
    return suites;
  }

  private Results results(List<Contender> taking) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("mode", full ? "full" : "quick");
    settings.put("threads", threads);
    if (!full) {
      settings.put("seconds", seconds);
    }
    settings.put("operands", "native memory, aligned to 64 bytes; weights packed beforehand");
    List<Results.Participant> all =
        Contender.all().stream()
            .map(
                c ->
                    new Results.Participant(
                        c.id(),
                        c.isFloat32() ? "float32" : "int8",
                        switch (c.availability()) {
                          case Availability.Usable u -> "usable";
                          case Availability.Emulated e -> "emulated";
                          case Availability.Unusable u -> "unusable";
                        },
                        c.availability().reason()))
            .toList();
    return new Results(
        1,
        "octavo bench " + String.join(" ", command.commandLine().getParseResult().originalArgs()),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Machine.here(),
        settings,
        all,
        new ArrayList<>());
  }

  private void intro(Results results) {
    Machine m = results.machine();
    out.println(
        Style.STRONG.on(m.cpu(), ansi)
            + ", %d of %d processors, JDK %s".formatted(threads, m.processors(), m.jdk()));
    results.contenders().stream()
        .filter(p -> p.availability().equals("unusable"))
        .forEach(p -> out.println(Style.FAINT.on("  without " + p.id() + ": " + p.reason(), ansi)));
    out.println();
    out.flush();
  }

  private void run(List<Suite> suites, List<Contender> contenders, Results results)
      throws IOException {
    int steps = suites.stream().mapToInt(s -> s.steps(contenders)).sum();
    Pace pace = full ? Pace.full(steps) : Pace.quick(seconds, steps);
    ResultFiles files = new ResultFiles(output, results);
    try (Team team = new Team(threads);
        Progress progress = new Progress(System.err)) {
      SuiteRunner runner = new SuiteRunner(contenders, team, pace, progress);
      for (Suite suite : suites) {
        SuiteResult result = runner.run(suite);
        progress.clear();
        results.suites().add(result);
        files.write();
        show(Summary.of(result));
      }
    }
    out.println("Results: " + String.join(", ", files.names()));
  }

  private void show(Summary summary) {
    out.println(Style.STRONG.on("━━ " + summary.suite().name(), ansi));
    summary.suite().facts().forEach(f -> out.println("   " + f));
    out.println();
    out.print(Tables.layers(summary).text(ansi));
    out.println();
    out.print(Tables.totals(summary).text(ansi));
    if (summary.hasEstimates()) {
      out.println(Style.FAINT.on(" ~ timed in part and scaled; --full runs it whole", ansi));
    }
    out.println();
    out.flush();
  }

  private void outro(Results results) {
    Table table = new Table("", ">float32", ">int8", ">int8 against\nbest float32");
    for (SuiteResult suite : results.suites()) {
      Summary s = Summary.of(suite);
      var f = s.seconds(Summary::bestFloat32);
      var i = s.seconds(Summary::chosen);
      table.row(
          suite.name(),
          f.isPresent() ? Numbers.seconds(f.getAsDouble()) : "–",
          i.isPresent() ? Numbers.seconds(i.getAsDouble()) : "–",
          Tables.speedUp(s.speedUp()));
    }
    out.println();
    out.print(table.text(ansi));
    long wrong = wrong(results);
    if (wrong > 0) {
      out.println(Style.BAD.on(wrong + " results were WRONG and not timed", ansi));
    }
    out.flush();
  }

  private static long wrong(Results results) {
    return results.suites().stream()
        .flatMap(s -> s.items().stream())
        .flatMap(i -> i.entries().stream())
        .filter(Results.Entry::isWrong)
        .count();
  }
}
