package dev.octavo.bench;

import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Peaks;
import dev.octavo.bench.report.ResultFiles;
import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.SuiteResult;
import dev.octavo.bench.report.Summary;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Style;
import dev.octavo.bench.report.Tables;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** What {@code octavo bench} prints. */
final class BenchPrinter {

  private final PrintWriter out;
  private final Ansi ansi;

  BenchPrinter(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  /** The machine, and who is left out. */
  void intro(Results results, List<Integer> threads) {
    var m = results.machine();
    String used = threads.stream().map(String::valueOf).collect(Collectors.joining(", "));
    out.println(
        Style.STRONG.on(m.cpu(), ansi)
            + ", %s of %d processors, JDK %s".formatted(used, m.processors(), m.jdkVersion()));
    results.contenders().stream()
        .filter(p -> p.availability().equals("unusable"))
        .forEach(p -> out.println(Style.FAINT.on("  without " + p.id() + ": " + p.reason(), ansi)));
    if (results.peaks() != null) {
      peaks(results.peaks());
    }
    out.println();
    out.flush();
  }

  private void peaks(Peaks peaks) {
    String arithmetic =
        peaks.compute().stream()
            .filter(c -> c.id().startsWith("native-") || c.id().startsWith("float32-"))
            .map(c -> c.id() + " " + Numbers.digits(c.gops()))
            .collect(Collectors.joining(", "));
    String memory =
        peaks.memory().stream()
            .map(m -> m.level() + " " + Numbers.digits(m.gbps()))
            .collect(Collectors.joining(", "));
    out.println("  peaks of one core, GOP/s: " + arithmetic);
    out.println("  reads of one core, GB/s:  " + (memory.isEmpty() ? "not measured" : memory));
    peaks.missing().forEach(m -> out.println(Style.FAINT.on("  not measured: " + m, ansi)));
  }

  /** The tables of a suite. */
  void suite(SuiteResult result, Peaks peaks) {
    out.println(Style.STRONG.on("━━ " + result.name(), ansi));
    out.println("   source         " + result.source());
    out.println("   input          " + result.input());
    if (result.parameters() > 0) {
      out.println("   parameters     " + Numbers.count(result.parameters()));
    }
    out.println("   multiply-adds  " + Numbers.count(result.multiplyAdds()));
    out.println(
        "   weights        float32 %s → int8 %s, %s smaller"
            .formatted(
                Numbers.bytes(result.weightsFloat32()),
                Numbers.bytes(result.weightsInt8()),
                Numbers.times(result.weightsFloat32() / (double) result.weightsInt8())));
    result.notes().forEach(n -> out.println("                  " + n));
    List<Integer> counts = Summary.threads(result);
    for (int threads : counts) {
      Summary summary = Summary.of(result, threads);
      out.println();
      if (counts.size() > 1) {
        out.println(
            Style.STRONG.on(" %d thread%s".formatted(threads, threads == 1 ? "" : "s"), ansi));
      }
      out.print(Tables.layers(summary, peaks).text(ansi));
      out.println();
      out.print(Tables.totals(summary).text(ansi));
      if (summary.hasEstimates()) {
        out.println(Style.FAINT.on(" ~ timed in part and scaled; --full runs it whole", ansi));
      }
    }
    out.println();
    out.flush();
  }

  /** What it came to: a line for each model, and where the files are. */
  void outro(Results results, ResultFiles files) {
    out.println(Style.STRONG.on("━━ int8 against the best float32 of each layer", ansi));
    Table table = Tables.models(results.suites());
    out.println();
    out.print(table.text(ansi));
    out.println();
    long wrong = wrong(results);
    if (wrong > 0) {
      out.println(Style.BAD.on(wrong + " results were WRONG and not timed", ansi));
    }
    files.names().forEach(n -> out.println("wrote " + n));
    out.flush();
  }

  /** How many results of ours were wrong; peers may be as wrong as they are. */
  static long wrong(Results results) {
    return results.suites().stream()
        .flatMap(s -> s.items().stream())
        .flatMap(i -> i.entries().stream())
        .filter(e -> e.isWrong() && e.kind() != Kind.PEER)
        .count();
  }
}
