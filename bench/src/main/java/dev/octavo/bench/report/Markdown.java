package dev.octavo.bench.report;

import dev.octavo.bench.report.Results.State;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.List;

/** A report in Markdown: the tables, for places that show no page. */
final class Markdown {

  private Markdown() {}

  static String of(Results results) {
    Machine m = results.machine();
    StringBuilder out = new StringBuilder();
    out.append("# What int8 buys on ").append(m.cpu()).append("\n\n");
    out.append(
        "`%s`, %s, JDK %s, commit %s%s.\n\n"
            .formatted(
                results.command(),
                results.started(),
                m.jdk(),
                m.commitText(),
                results.state() == State.COMPLETE ? "" : "; **not finished**"));
    out.append("Instruction sets: ").append(String.join(" ", m.features()));
    out.append("; caches: ").append(m.cachesText()).append(".\n\n");
    out.append(
            "Int8 is what the library chooses by itself; float32 is the fastest baseline of each")
        .append(" layer, whichever that is.\n\n");
    out.append(Tables.models(results.suites()).markdown()).append('\n');
    if (results.peaks() != null) {
      out.append("## The most one core can do\n\n");
      out.append(PeakTables.compute(results.peaks()).markdown()).append('\n');
      out.append(PeakTables.memory(results.peaks()).markdown()).append('\n');
    }
    for (SuiteResult suite : results.suites()) {
      suite(out, suite, results.peaks());
    }
    return out.toString();
  }

  private static void suite(StringBuilder out, SuiteResult suite, Peaks peaks) {
    out.append("## ").append(suite.name()).append("\n\n");
    out.append(suite.source()).append(". Input ").append(suite.input()).append(".\n\n");
    suite.notes().forEach(n -> out.append("- ").append(n).append('\n'));
    List<Integer> counts = Summary.threads(suite);
    for (int threads : counts) {
      Summary summary = Summary.of(suite, threads);
      out.append("\nMilliseconds, ")
          .append(PageText.threads(threads).toLowerCase(java.util.Locale.ROOT))
          .append(":\n\n");
      out.append(Tables.layers(summary, peaks).markdown()).append('\n');
      out.append(Tables.totals(summary).markdown()).append('\n');
    }
  }
}
