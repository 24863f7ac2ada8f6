package dev.octavo.bench;

import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Peaks;
import dev.octavo.bench.report.ResultFiles;
import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.SuiteResult;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Style;
import dev.octavo.bench.suite.Summary;
import dev.octavo.bench.suite.Tables;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalDouble;
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
    peaks
        .best(Peaks.Arithmetic.FLOAT32)
        .ifPresent(f -> out.println("  float32 peak " + Numbers.digits(f) + " GOP/s"));
  }

  /** The tables of a suite. */
  void suite(SuiteResult result) {
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
      out.print(Tables.layers(summary).text(ansi));
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
    Table table =
        new Table("", ">threads", ">float32", "best float32 is", ">int8", "by", ">speed-up", "");
    double most =
        results.suites().stream()
            .flatMap(s -> Summary.threads(s).stream().map(t -> Summary.of(s, t).speedUp()))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .max()
            .orElse(1);
    for (SuiteResult suite : results.suites()) {
      for (int threads : Summary.threads(suite)) {
        Summary s = Summary.of(suite, threads);
        OptionalDouble ratio = s.speedUp();
        table.row(
            suite.name(),
            threads,
            seconds(s.seconds(Summary::bestFloat32)),
            s.who(Summary::bestFloat32),
            seconds(s.seconds(Summary::chosen)),
            s.who(Summary::chosen),
            Tables.speedUp(ratio),
            ratio.isPresent() ? Tables.bar(ratio.getAsDouble() / most) : "");
      }
    }
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

  private static String seconds(OptionalDouble seconds) {
    return seconds.isPresent() ? Numbers.seconds(seconds.getAsDouble()) : "–";
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
