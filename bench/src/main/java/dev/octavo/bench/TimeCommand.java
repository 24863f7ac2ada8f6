package dev.octavo.bench;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Match;
import dev.octavo.bench.measure.Outcome;
import dev.octavo.bench.measure.Stopwatch;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.ShapeGrammar.Given;
import dev.octavo.bench.problem.Variant;
import dev.octavo.bench.report.Csv;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Cell;
import dev.octavo.bench.report.Table.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code octavo time}: the columns of its CSV and the grammar of its shapes are a contract. */
@Command(
    name = "time",
    description = {
      "Times any shape on any backend, after checking the result.",
      "Weights are packed beforehand; warm-up, then the median of at least 5 samples."
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
          + " two operations for each multiply-add; check is ok when the result was right.",
      "",
      "Example:",
      "  octavo time --gemm \"128,768,768;1,4096,4096\" --conv \"1,64,56,56,64,3,3,1,1\" --csv t.csv"
    })
final class TimeCommand implements Callable<Integer> {

  static final String CSV_HEAD =
      "backend,kind,shape,threads,variant,kernel,median_s,best_s,gops,check\n";

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
      names = "--backends",
      split = ",",
      paramLabel = "ID",
      description =
          "Backends by their id, and float32 baselines by theirs; default: all that are usable.")
  private List<String> backends;

  @Option(
      names = "--variants",
      paramLabel = "V,...",
      defaultValue = "u8s8s32,s8s8s32,u8s8u8,s8s8s8,f32",
      description = "Number formats; default: ${DEFAULT-VALUE}.")
  private String variants;

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

  @Option(names = "--csv", paramLabel = "FILE", description = "Writes the rows there, too.")
  private Path csv;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    List<Given> shapes = new ArrayList<>();
    if (gemm != null) {
      shapes.addAll(parse(gemm, ShapeGrammar::gemms));
    }
    if (conv != null) {
      shapes.addAll(parse(conv, ShapeGrammar::convs));
    }
    if (shapes.isEmpty()) {
      throw usage("nothing to time: give --gemm or --conv");
    }
    if (seconds < 0 || threads.stream().anyMatch(t -> t < 1 || t > 1024)) {
      throw usage("--threads must be 1 to 1024 and --seconds not negative");
    }
    List<Variant> formats =
        parse(variants, v -> List.of(v.split(","))).stream()
            .map(v -> parse(v, Variant::parse))
            .toList();
    List<Contender> chosen = parse(backends, names -> ContenderChoice.of(names, err));
    try (Writer file = csv == null ? Writer.nullWriter() : Files.newBufferedWriter(csv)) {
      file.write(CSV_HEAD);
      return time(shapes, formats, chosen, file, out, err);
    }
  }

  private int time(
      List<Given> shapes,
      List<Variant> formats,
      List<Contender> chosen,
      Writer file,
      PrintWriter out,
      PrintWriter err)
      throws IOException {
    Table table =
        new Table(
            "backend",
            "shape",
            ">threads",
            "variant",
            "kernel",
            ">median",
            ">best",
            ">GOP/s",
            "check");
    Stopwatch watch = new Stopwatch();
    boolean allRight = true;
    int done = 0;
    int steps = shapes.size() * formats.size() * threads.size() * Math.max(1, chosen.size());
    try (Progress progress = new Progress(System.err)) {
      for (int count : threads) {
        try (Team team = new Team(count)) {
          for (Given shape : shapes) {
            for (Variant variant : formats) {
              Match match = new Match(Synthetic.task(shape.problem(), variant), team, watch, null);
              for (var entry : contenders(chosen, variant).entrySet()) {
                Contender c = entry.getValue();
                progress.show(
                    done++ / (double) steps, shape.text() + " " + variant + " on " + c.id());
                Outcome outcome = match.run(c, budget(c));
                switch (outcome) {
                  case Outcome.Refused r -> {
                    progress.clear();
                    err.println(
                        "octavo: %s does not do %s %s: %s"
                            .formatted(entry.getKey(), shape.text(), variant, r.reason()));
                  }
                  case Outcome.Wrong w -> {
                    allRight = false;
                    row(file, table, entry.getKey(), shape, count, variant, w);
                  }
                  case Outcome.Timed t ->
                      row(file, table, entry.getKey(), shape, count, variant, t);
                }
              }
            }
          }
        }
      }
    }
    if (table.isEmpty()) {
      err.println("octavo: nothing was timed");
      return 1;
    }
    out.print(table.text(command.commandLine().getColorScheme().ansi()));
    out.flush();
    return allRight ? 0 : 1;
  }

  /** Who is timed in a variant, under which name. */
  private Map<String, Contender> contenders(List<Contender> chosen, Variant variant) {
    Map<String, Contender> named = new LinkedHashMap<>();
    for (Contender c : chosen) {
      if (c.isFloat32() == variant.isFloat32()) {
        named.put(c.id(), c);
      } else if (variant.isFloat32() && backends != null) {
        ContenderChoice.float32Of(c).ifPresent(f -> named.put(c.id(), f));
      }
    }
    return named;
  }

  private Stopwatch.Budget budget(Contender c) {
    return new Stopwatch.Budget(c.isJitCompiled() ? 1.5 : 0.1, 0.1, seconds, false);
  }

  private static void row(
      Writer file,
      Table table,
      String backend,
      Given shape,
      int threads,
      Variant variant,
      Outcome outcome)
      throws IOException {
    String kind = shape.problem().kind();
    switch (outcome) {
      case Outcome.Timed t -> {
        double median = t.timing().median();
        double best = t.timing().best();
        double gops = shape.problem().operations() / median * 1e-9;
        file.write(
            Csv.line(
                backend,
                kind,
                shape.text(),
                threads,
                variant,
                t.kernel(),
                decimal("%.9f", median),
                decimal("%.9f", best),
                decimal("%.3f", gops),
                "ok"));
        table.row(
            backend,
            shape.text(),
            threads,
            variant,
            t.kernel(),
            Numbers.seconds(median),
            Numbers.seconds(best),
            Numbers.digits(gops),
            new Cell("ok", Style.GOOD));
      }
      case Outcome.Wrong w -> {
        String check = "wrong: " + w.what();
        file.write(
            Csv.line(backend, kind, shape.text(), threads, variant, w.kernel(), "", "", "", check));
        table.row(
            backend,
            shape.text(),
            threads,
            variant,
            w.kernel(),
            "",
            "",
            "",
            new Cell(check, Style.BAD));
      }
      case Outcome.Refused r -> throw new AssertionError(r);
    }
    file.flush(); // what was measured stays, whatever happens next
  }

  private static String decimal(String format, double value) {
    return String.format(Locale.ROOT, format, value);
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
