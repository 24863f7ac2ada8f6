package dev.octavo.bench;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.models.Models;
import dev.octavo.bench.onnx.OnnxModel;
import dev.octavo.bench.suite.Slowed;
import dev.octavo.bench.suite.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code octavo bench}: the main job. Here are its options; {@link BenchRun} does it. */
@Command(
    name = "bench",
    description = {
      "Shows what int8 buys on this machine: the layers of well-known networks and of a real quantized"
          + " model, on every backend, against the best float32.",
      "Takes a little more than a minute; every result is checked before it is timed. Writes JSON (all"
          + " samples), CSV, Markdown and a page with plots. Ctrl-C stops it and keeps what was found."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all results were right",
      "1:a result of one of our backends or baselines was wrong, or nothing could be measured",
      "2:the command line was not understood",
      "130:stopped by Ctrl-C; what was measured until then is written"
    },
    footer = {
      "",
      "Examples:",
      "  octavo bench",
      "  octavo bench --models resnet-50,bert-base --threads 1,2,4",
      "  octavo bench --onnx model-int8.onnx --full"
    })
final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Option(names = "--full", description = "Whole runs and whole checks only, as long as they take.")
  private boolean full;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "Only these networks: ${COMPLETION-CANDIDATES}.",
      completionCandidates = ModelNames.class)
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
      names = "--peers",
      description =
          "Other int8 engines take part, each also held to the instruction sets of our backends;"
              + " wrong ones are marked. Downloads them on first use.")
  private boolean peers;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "T",
      defaultValue = "1",
      description =
          "Threads that share each layer; several numbers, such as 1,2,4, show how it scales; default:"
              + " ${DEFAULT-VALUE}.")
  private List<Integer> threads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description =
          "About how long it may take, unless --full; default: 70, and what peers, threads and large"
              + " models need beyond that.")
  private Double seconds;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "octavo-results",
      description = "Where the files go; default: ${DEFAULT-VALUE}.")
  private Path output;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the files; default: the time and the CPU.")
  private String name;

  @Option(
      names = "--slow",
      hidden = true,
      paramLabel = "ID=FACTOR",
      description = "Makes a contender slower, to see that octavo compare gives alarm.")
  private Map<String, Double> slow = Map.of();

  /** For {@code --help}. */
  static final class ModelNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    ModelNames() {
      super(Models.NAMES);
    }
  }

  @Override
  public Integer call() throws IOException {
    List<Integer> counts = threads.stream().distinct().sorted().toList();
    if (counts.getFirst() < 1 || counts.getLast() > 1024) {
      throw usage("--threads must be 1 to 1024 each, got " + counts);
    }
    if (seconds != null && !(seconds > 0)) {
      throw usage("--seconds must be more than 0, got " + seconds);
    }
    if (sequence < 1) {
      throw usage("--sequence must be at least 1, got " + sequence);
    }
    if (name != null && (name.isBlank() || name.contains("/"))) {
      throw usage("--name is a file's name without folder and ending, got \"%s\"".formatted(name));
    }
    List<Suite> suites;
    List<Contender> contenders;
    try {
      suites = suites();
      contenders =
          ContenderChoice.of(backends, peers, command.commandLine().getErr()).stream()
              .map(c -> slow.containsKey(c.id()) ? new Slowed(c, slow.get(c.id())) : c)
              .toList();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    if (contenders.isEmpty()) {
      command.commandLine().getErr().println("octavo: no backend is left to measure");
      return 1;
    }
    BenchRun run = new BenchRun(command.commandLine(), suites, contenders, counts);
    return run.run(full, seconds, output, name);
  }

  private List<Suite> suites() throws IOException {
    if (onnx != null) {
      OnnxModel model = OnnxModel.read(onnx, sequence);
      if (model.layers().isEmpty()) {
        String leftOut = model.skipped().isEmpty() ? "" : "; left out: " + model.skipped();
        throw new IOException(
            "%s has no quantized layer that could be run%s; a float32 model must be quantized first, for example by onnxruntime.quantization.quantize_static"
                .formatted(onnx, leftOut));
      }
      return List.of(Suite.of(model, sequence, full));
    }
    List<Suite> suites = new ArrayList<>();
    for (String model : models == null ? Models.NAMES : models) {
      suites.add(Suite.of(Models.named(model.strip())));
    }
    if (models == null) {
      suites.add(Suite.of(OnnxModel.bundled(sequence), sequence, full));
    }
    return suites;
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
