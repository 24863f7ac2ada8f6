package dev.octavo.bench;

import dev.octavo.bench.compare.Change;
import dev.octavo.bench.compare.Comparability;
import dev.octavo.bench.compare.Comparison;
import dev.octavo.bench.compare.Comparison.Layer;
import dev.octavo.bench.compare.Comparison.Whole;
import dev.octavo.bench.report.ResultFiles;
import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Cell;
import dev.octavo.bench.report.Table.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octavo compare}. */
@Command(
    name = "compare",
    description = {
      "Compares runs of octavo bench on one machine: what became faster or slower, beyond the noise.",
      "The noise is estimated from the runs themselves, what the float32 baselines changed by is taken for"
          + " the machine and divided out, and intervals hold for all rows together. Single layers count"
          + " only with four runs or more on each side; with fewer they are named as suspects."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing became slower by more than the threshold",
      "1:a backend did, as a whole or on a family of layers; or, with four runs on each side, on a"
          + " layer; or a result is wrong that was right",
      "2:the results cannot be read or compared, or the command line was not understood"
    })
final class CompareCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Parameters(
      index = "0",
      arity = "1",
      split = ",",
      paramLabel = "A.json",
      description = "The run before, or several, separated by commas.")
  private List<Path> before;

  @Parameters(
      index = "1",
      arity = "1",
      split = ",",
      paramLabel = "B.json",
      description = "The run after, or several.")
  private List<Path> after;

  @Option(
      names = "--threshold",
      paramLabel = "PERCENT",
      defaultValue = "10",
      description = "How much slower is too slow, beyond the noise; default: ${DEFAULT-VALUE}.")
  private double threshold;

  @Option(names = "--all", description = "Shows every layer, not only those that changed.")
  private boolean all;

  @Option(names = "--anyway", description = "Compares runs of different machines, too.")
  private boolean anyway;

  /** Rows of a table, unless all are asked for. */
  private static final int MOST_ROWS = 20;

  private PrintWriter out;
  private Ansi ansi;

  @Override
  public Integer call() {
    out = command.commandLine().getOut();
    ansi = command.commandLine().getColorScheme().ansi();
    PrintWriter err = command.commandLine().getErr();
    if (!(threshold >= 0)) {
      throw new ParameterException(command.commandLine(), "--threshold must not be negative");
    }
    List<Results> a;
    List<Results> b;
    try {
      a = read(before);
      b = read(after);
    } catch (IOException e) {
      err.println("octavo: " + e.getMessage());
      return 2;
    }
    if (!comparable(Stream.concat(a.stream(), b.stream()).toList(), err) && !anyway) {
      err.println("octavo: times of different machines say nothing of the code; --anyway compares");
      return 2;
    }
    Comparison comparison = Comparison.of(a, b);
    if (comparison.wholes().isEmpty()) {
      err.println("octavo: the two runs have no measurement in common");
      return 2;
    }
    return print(a.getFirst(), b.getFirst(), comparison);
  }

  private static List<Results> read(List<Path> files) throws IOException {
    List<Results> results = new ArrayList<>();
    for (Path file : files) {
      results.add(ResultFiles.read(file));
    }
    return results;
  }

  /** Says how the runs differ from the first; whether they can be compared. */
  private static boolean comparable(List<Results> runs, PrintWriter err) {
    Set<String> obstacles = new LinkedHashSet<>();
    Set<String> warnings = new LinkedHashSet<>();
    for (Results run : runs) {
      Comparability same = Comparability.of(runs.getFirst(), run);
      obstacles.addAll(same.obstacles());
      warnings.addAll(same.warnings());
    }
    warnings.forEach(w -> err.println("octavo: note: " + w));
    obstacles.forEach(o -> err.println("octavo: " + o));
    return obstacles.isEmpty();
  }

  private int print(Results a, Results b, Comparison c) {
    double limit = threshold / 100;
    out.println(
        Style.STRONG.on(a.machine().commitText() + " → " + b.machine().commitText(), ansi)
            + ", %d measurements in both".formatted(c.layers().size()));
    c.drift()
        .forEach(
            (threads, drift) ->
                out.printf(
                    "  machine, by the float32 baselines on %d thread%s: time %s; divided out, layer by layer%n",
                    threads, threads == 1 ? "" : "s", percent(Math.exp(drift))));
    out.printf("  noise between the runs: ± %.1f %% (one standard deviation)%n%n", 100 * c.noise());
    out.print(wholes(c.wholes(), limit).text(ansi));
    List<Layer> slower = c.slowerLayers(limit);
    List<Layer> faster = c.fasterLayers(limit);
    String only =
        c.repeated()
            ? ""
            : "; suspects, as fewer than %d runs on each side cannot tell"
                .formatted(Comparison.LAYER_RUNS);
    show("Slower by more than %.0f %%%s".formatted(threshold, only), slower, limit);
    show("Faster by more than %.0f %%%s".formatted(threshold, only), faster, limit);
    if (all) {
      show("All", c.layers(), limit);
    }
    c.broken()
        .forEach(
            l ->
                out.println(
                    Style.BAD.on("WRONG now, right before: ", ansi)
                        + "%s %s %s on %s"
                            .formatted(l.suite(), l.layer(), l.shape(), l.contender())));
    boolean regression = c.isRegression(limit);
    out.println();
    out.println(
        regression
            ? Style.BAD.on("REGRESSION: ", ansi) + verdict(c, slower, limit)
            : Style.GOOD.on("no regression", ansi)
                + " beyond %.0f %% and the noise%s"
                    .formatted(
                        threshold,
                        slower.isEmpty() || c.repeated()
                            ? ""
                            : "; run again, and compare A.json,A2.json with B.json,B2.json, to judge"
                                + " the layers above"));
    out.flush();
    return regression ? 1 : 0;
  }

  private static String verdict(Comparison c, List<Layer> slower, double limit) {
    return "%d means of backends slower, %d layers slower, %d results wrong that were right"
        .formatted(c.slowerWholes(limit).size(), slower.size(), c.broken().size());
  }

  private void show(String title, List<Layer> layers, double limit) {
    if (layers.isEmpty()) {
      return;
    }
    out.println();
    out.println(Style.STRONG.on(title, ansi));
    Table table =
        new Table(
            "model", "layer", "shape", "contender", ">threads", ">time", ">at least", ">at most");
    layers.stream()
        .sorted(Comparator.comparingDouble((Layer l) -> -Math.abs(Math.log(l.change().factor()))))
        .limit(all ? Long.MAX_VALUE : MOST_ROWS)
        .forEach(
            l -> {
              Change x = l.change();
              table.row(
                  l.suite(),
                  l.layer(),
                  l.shape(),
                  l.contender(),
                  l.threads(),
                  cell(x, limit),
                  percent(x.low()),
                  percent(x.high()));
            });
    out.print(table.text(ansi));
    if (!all && layers.size() > MOST_ROWS) {
      out.printf(" and %d more; --all shows them%n", layers.size() - MOST_ROWS);
    }
  }

  private static Table wholes(List<Whole> wholes, double limit) {
    Table table =
        new Table(
            "contender", "kind", ">threads", "mean of", ">", ">time", ">at least", ">at most", "");
    for (Whole w : wholes) {
      Change x = w.change();
      if (!w.isAll() && !x.isSlower(limit) && !x.isFaster(limit)) {
        continue;
      }
      table.row(
          w.contender(),
          w.kind().name().toLowerCase(Locale.ROOT),
          w.threads(),
          w.family(),
          w.layers(),
          cell(x, limit),
          percent(x.low()),
          percent(x.high()),
          x.isSlower(limit) ? "slower" : x.isFaster(limit) ? "faster" : "");
    }
    return table;
  }

  private static Cell cell(Change x, double limit) {
    Style style = x.isSlower(limit) ? Style.BAD : x.isFaster(limit) ? Style.GOOD : Style.PLAIN;
    return new Cell(percent(x.factor()), style);
  }

  /** {@code +3.1 %}: how much longer it takes. */
  private static String percent(double factor) {
    return Double.isInfinite(factor)
        ? "?"
        : String.format(Locale.ROOT, "%+.1f %%", 100 * (factor - 1));
  }
}
