package dev.octavo.bench;

import dev.octavo.bench.TimeRows.Row;
import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Outcome;
import dev.octavo.bench.measure.Stopwatch;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.measure.Turns;
import dev.octavo.bench.measure.WarmUp;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.ShapeGrammar.Given;
import dev.octavo.bench.problem.ShapeSet;
import dev.octavo.bench.problem.Variant;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code octavo time}: the columns of its CSV and the grammar of its shapes are a contract. */
@Command(
    name = "time",
    description = {
      "Times any shape on any backend, after checking the result.",
      "Weights are packed beforehand; after a warm-up all take turns, and medians are shown."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "A variant says the number formats of activations, weights and result: u8s8s32 leaves int32 sums,"
          + " u8s8u8 requantizes them, u8s8f32 makes them float32. For f32 each backend named is timed"
          + " with the float32 baseline of its level (scalar: plain Java, vector-*: the Vector API,"
          + " native-*: OpenBLAS); the kernel column says which ran.",
      "",
      "CSV columns: backend,kind,shape,threads,variant,kernel,median_s,best_s,gops,check. gops counts"
          + " two operations for each multiply-add; check is ok when the result was right. Peers that"
          + " round by another rule show rounding and how many outputs differ by one; peers that are"
          + " wrong show wrong and are timed all the same.",
      "",
      "Examples:",
      "  octavo time --peers --shapes standard:gemm --variants u8s8s32,s8s8s32,u8s8u8",
      "  octavo time --gemm \"128,768,768;1,4096,4096\" --conv \"1,64,56,56,64,3,3,1,1\" --csv t.csv"
    })
final class TimeCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Option(
      names = "--gemm",
      paramLabel = "M,N,K;...",
      description = "Matrix products: dst[M,N] = sum over K of lhs[M,K] times rhs[N,K].")
  private String gemm;

  @Option(
      names = "--conv",
      paramLabel = "SHAPE;...",
      description =
          "Convolutions: N,C,H,W,OC,KH,KW,stride,pad[,groups[,dilation]]; pad is one number or"
              + " top:left:bottom:right.")
  private String conv;

  @Option(
      names = "--shapes",
      paramLabel = "SET",
      description =
          "A named set of shapes: standard (real layers and squares), or a part of it such as"
              + " standard:gemm, standard:conv, standard:depthwise; sweep (products of many sizes).")
  private String set;

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "ID",
      description =
          "Backends by their id, and float32 baselines and peers by theirs; default: all that are"
              + " usable.")
  private List<String> backends;

  @Option(
      names = "--variants",
      paramLabel = "V,...",
      defaultValue = "u8s8s32,s8s8s32,u8s8u8,s8s8s8,f32",
      description = "Number formats; default: ${DEFAULT-VALUE}.")
  private String variants;

  @Option(
      names = "--zero-point",
      paramLabel = "Z",
      description =
          "Zero point of the activations; default: 121 for u8, -7 for s8. 0 spares engines that do"
              + " not fold it into the weights some work.")
  private Integer zeroPoint;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "T",
      defaultValue = "1",
      description = "Threads that share each run; default: ${DEFAULT-VALUE}.")
  private List<Integer> threads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "0.5",
      description = "Seconds of sampling for each row; default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--peers",
      description =
          "Other int8 engines take part, each also held to the instruction sets of our backends;"
              + " and geometric means and ratios are printed. Downloads them on first use.")
  private boolean peers;

  @Option(names = "--csv", paramLabel = "FILE", description = "Writes the rows there, too.")
  private Path csv;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "The same as JSON: an array of objects, their fields named as the columns are.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = command.commandLine().getErr();
    List<Given> shapes = shapes();
    if (threads.stream().anyMatch(t -> t < 1 || t > 1024)) {
      throw usage("--threads must be 1 to 1024 each, got " + threads);
    }
    if (seconds < 0) {
      throw usage("--seconds must not be negative, got " + seconds);
    }
    List<Variant> formats =
        parse(variants, v -> List.of(v.split(","))).stream()
            .map(v -> parse(v, Variant::parse))
            .toList();
    List<Contender> chosen = parse(backends, names -> ContenderChoice.of(names, peers, err));
    try (Writer lines = writer(csv);
        TimeRows rows = new TimeRows(lines, writer(json))) {
      time(shapes, formats, chosen, rows);
      return print(rows);
    }
  }

  private static Writer writer(Path file) throws IOException {
    return file == null ? Writer.nullWriter() : Files.newBufferedWriter(file);
  }

  private List<Given> shapes() {
    List<Given> shapes = new ArrayList<>();
    if (set != null) {
      shapes.addAll(parse(set, ShapeSet::named));
    }
    if (gemm != null) {
      shapes.addAll(parse(gemm, ShapeGrammar::gemms));
    }
    if (conv != null) {
      shapes.addAll(parse(conv, ShapeGrammar::convs));
    }
    if (shapes.isEmpty()) {
      throw usage("nothing to time: give --gemm, --conv or --shapes");
    }
    return shapes;
  }

  private int print(TimeRows rows) {
    PrintWriter out = command.commandLine().getOut();
    Ansi ansi = command.commandLine().getColorScheme().ansi();
    if (rows.rows().isEmpty()) {
      command.commandLine().getErr().println("octavo: nothing was timed");
      return 1;
    }
    out.print(rows.table().text(ansi));
    if (peers) {
      TimeMeans means = new TimeMeans(rows.rows());
      out.print("\nGeometric means over the shapes of a kind:\n" + means.speeds().text(ansi));
      Table ratios = means.ratios();
      if (!ratios.isEmpty()) {
        out.print("\nSpeed against others, geometric mean of the ratios:\n" + ratios.text(ansi));
      }
    }
    out.flush();
    return rows.rows().stream().anyMatch(r -> r.isWrong() && r.timing().isEmpty()) ? 1 : 0;
  }

  private void time(
      List<Given> shapes, List<Variant> formats, List<Contender> chosen, TimeRows rows)
      throws IOException {
    WarmUp warmUp = new WarmUp();
    int done = 0;
    int steps = shapes.size() * formats.size() * threads.size();
    try (Progress progress = new Progress(System.err)) {
      for (int count : threads) {
        try (Team team = new Team(count)) {
          for (Given shape : shapes) {
            for (Variant variant : formats) {
              double part = done++ / (double) steps;
              Map<String, Contender> named = contenders(chosen, variant);
              Turns turns = new Turns(task(shape, variant), warmUp);
              Map<Contender, Turns.Ended> ended =
                  turns.run(
                      team,
                      named.values().stream().distinct().toList(),
                      this::budget,
                      c -> progress.show(part, shape.text() + " " + variant + " on " + c.id()));
              progress.clear();
              for (var entry : named.entrySet()) {
                Outcome outcome = ended.get(entry.getValue()).outcome();
                if (outcome instanceof Outcome.Refused r) {
                  refused(entry.getValue(), entry.getKey(), shape, variant, r);
                } else {
                  rows.add(Row.of(entry.getKey(), shape, count, variant, outcome));
                }
              }
            }
          }
        }
      }
    }
  }

  private Task task(Given shape, Variant variant) {
    return zeroPoint == null
        ? Synthetic.task(shape.problem(), variant)
        : Synthetic.task(shape.problem(), variant, zeroPoint);
  }

  /** Says who does not do a task; not of peers that nobody named, which do few. */
  private void refused(
      Contender contender, String name, Given shape, Variant variant, Outcome.Refused refused) {
    if (!contender.isPeer() || backends != null) {
      command
          .commandLine()
          .getErr()
          .println(
              "octavo: %s does not do %s %s: %s"
                  .formatted(name, shape.text(), variant, refused.reason()));
    }
  }

  /** Who is timed in a variant, under which name. */
  private Map<String, Contender> contenders(List<Contender> chosen, Variant variant) {
    Map<String, Contender> named = new LinkedHashMap<>();
    for (Contender c : chosen) {
      if (c.isFloat32() == variant.isFloat32()) {
        named.put(c.id(), c);
      } else if (variant.isFloat32() && backends != null && !peers && !c.isPeer()) {
        ContenderChoice.float32Of(c).ifPresent(f -> named.put(c.id(), f));
      }
    }
    return named;
  }

  private Stopwatch.Budget budget(Contender c) {
    return new Stopwatch.Budget(c.isJitCompiled() ? 0.7 : 0, 0.1, seconds, false);
  }

  private <A, B> B parse(A text, Function<A, B> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
