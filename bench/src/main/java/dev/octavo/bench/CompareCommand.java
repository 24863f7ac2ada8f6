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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
      "Compares two runs of octavo bench on one machine: what became faster or slower, beyond the noise.",
      "The noise is estimated from the runs themselves, what the float32 baselines changed by is taken for"
          + " the machine and divided out, and intervals hold for all rows together."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing became slower by more than the threshold",
      "1:a backend, or a layer on a backend, did; or a result is wrong that was right",
      "2:the results cannot be read or compared, or the command line was not understood"
    })
final class CompareCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Parameters(index = "0", paramLabel = "A.json", description = "The run before.")
  private Path before;

  @Parameters(index = "1", paramLabel = "B.json", description = "The run after.")
  private Path after;

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
    Results a;
    Results b;
    try {
      a = ResultFiles.read(before);
      b = ResultFiles.read(after);
    } catch (IOException e) {
      err.println("octavo: " + e.getMessage());
      return 2;
    }
    Comparability same = Comparability.of(a, b);
    same.warnings().forEach(w -> err.println("octavo: note: " + w));
    if (!same.obstacles().isEmpty() && !anyway) {
      same.obstacles().forEach(o -> err.println("octavo: " + o));
      err.println("octavo: times of different machines say nothing of the code; --anyway compares");
      return 2;
    }
    Comparison comparison = Comparison.of(a, b);
    if (comparison.wholes().isEmpty()) {
      err.println("octavo: the two runs have no measurement in common");
      return 2;
    }
    return print(a, b, comparison);
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
                    "  machine, by the float32 baselines on %d thread%s: %s, divided out below%n",
                    threads, threads == 1 ? "" : "s", percent(Math.exp(drift))));
    out.printf("  noise between the runs: ± %.1f %% (one standard deviation)%n%n", 100 * c.noise());
    out.print(wholes(c.wholes(), limit).text(ansi));
    List<Layer> slower = c.slowerLayers(limit);
    List<Layer> faster = c.fasterLayers(limit);
    show("Slower by more than %.0f %%, beyond the noise".formatted(threshold), slower, limit);
    show("Faster by more than %.0f %%, beyond the noise".formatted(threshold), faster, limit);
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
                + " beyond %.0f %%: no backend, and none of its layers".formatted(threshold));
    out.flush();
    return regression ? 1 : 0;
  }

  private static String verdict(Comparison c, List<Layer> slower, double limit) {
    return "%d backends slower as a whole, %d layers slower, %d results wrong that were right"
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
  }

  private static Table wholes(List<Whole> wholes, double limit) {
    Table table =
        new Table(
            "all layers", "kind", ">threads", ">layers", ">time", ">at least", ">at most", "");
    for (Whole w : wholes) {
      Change x = w.change();
      table.row(
          w.contender(),
          w.kind().name().toLowerCase(Locale.ROOT),
          w.threads(),
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
