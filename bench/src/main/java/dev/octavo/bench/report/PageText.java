package dev.octavo.bench.report;

import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.Participant;
import dev.octavo.bench.report.Results.State;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The words and tables of a page, in HTML. */
final class PageText {

  private final Results results;
  private final Machine machine;

  PageText(Results results) {
    this.results = results;
    this.machine = results.machine();
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  String title() {
    return "What int8 buys on " + machine.cpu();
  }

  /** The one sentence to remember. */
  String headline() {
    List<Summary> whole =
        results.suites().stream().map(Summary::of).filter(s -> s.speedUp().isPresent()).toList();
    if (whole.isEmpty()) {
      return "No model was measured whole.";
    }
    DoubleSummaryStatistics ratios =
        whole.stream()
            .map(Summary::speedUp)
            .mapToDouble(OptionalDouble::getAsDouble)
            .summaryStatistics();
    String least = Numbers.times(ratios.getMin());
    String most = Numbers.times(ratios.getMax());
    int threads = whole.getFirst().threads();
    return "Whole models run <strong>%s</strong> as fast in int8 as in the best float32, on %s."
        .formatted(
            least.equals(most) ? least : least + " to " + most,
            threads == 1 ? "one core" : threads + " threads");
  }

  String facts() {
    List<String> facts = new ArrayList<>();
    facts.add(fact("CPU", machine.cpu() + ", " + machine.processors() + " processors"));
    facts.add(fact("Instruction sets", String.join(" ", machine.features())));
    facts.add(
        fact("Caches", machine.cachesText() + "; memory " + Numbers.bytes(machine.memoryBytes())));
    facts.add(fact("JDK", machine.jdk()));
    facts.add(fact("OS", machine.os()));
    facts.add(fact("Octavo", "commit " + machine.commitText()));
    String run =
        "<code>%s</code>, begun %s, took %s"
            .formatted(
                escaped(results.command()),
                escaped(results.started().replace('T', ' ').replace("Z", " UTC")),
                Numbers.seconds(results.seconds()));
    if (results.state() != State.COMPLETE) {
      run += ", <strong class=\"bad\">not finished</strong>: this is what was measured until then";
    }
    facts.add("<dt>Run</dt><dd>" + run + "</dd>");
    return String.join("\n", facts);
  }

  private static String fact(String name, String value) {
    return "<dt>%s</dt><dd>%s</dd>".formatted(name, escaped(value));
  }

  /** A table for each model, with one for the sums. */
  String tables() {
    StringBuilder out = new StringBuilder();
    for (SuiteResult suite : results.suites()) {
      out.append("<details>\n<summary>").append(escaped(suite.name()));
      out.append("<small> ").append(suite.items().size()).append(" different layers</small>");
      out.append("</summary>\n<ul class=\"notes\">");
      List<String> notes = new ArrayList<>(List.of(suite.source(), "input " + suite.input()));
      notes.addAll(suite.notes());
      notes.forEach(n -> out.append("<li>").append(escaped(n)).append("</li>"));
      out.append("</ul>\n");
      List<Integer> counts = Summary.threads(suite);
      for (int threads : counts) {
        Summary summary = Summary.of(suite, threads);
        if (counts.size() > 1) {
          out.append("<h4>").append(threads(threads)).append("</h4>\n");
        }
        out.append(Tables.layers(summary, results.peaks()).html());
        out.append(Tables.totals(summary).html());
      }
      out.append("</details>\n");
    }
    return out.toString();
  }

  static String threads(int threads) {
    return threads == 1 ? "One thread" : threads + " threads";
  }

  String peaks() {
    if (results.peaks() == null) {
      return "<p>The peaks were not measured in this run.</p>";
    }
    StringBuilder out = new StringBuilder("<div class=\"pair\">");
    out.append(PeakTables.compute(results.peaks()).html());
    out.append(PeakTables.memory(results.peaks()).html());
    out.append("</div>");
    results
        .peaks()
        .missing()
        .forEach(m -> out.append("<p>Not measured: ").append(escaped(m)).append("</p>"));
    return out.toString();
  }

  String method() {
    StringBuilder out = new StringBuilder("<ul>");
    Map<Kind, List<Participant>> kinds =
        results.contenders().stream()
            .filter(p -> !p.availability().equals("usable"))
            .collect(Collectors.groupingBy(Participant::kind));
    kinds.forEach(
        (kind, absent) ->
            absent.forEach(
                p ->
                    out.append(
                        "<li>%s <code>%s</code> is %s here: %s</li>"
                            .formatted(
                                kind.name().toLowerCase(Locale.ROOT),
                                escaped(p.id()),
                                p.availability(),
                                escaped(p.reason())))));
    results
        .settings()
        .forEach(
            (name, value) ->
                out.append("<li>%s: %s</li>".formatted(setting(name), escaped("" + value))));
    return out.append("</ul>").toString();
  }

  /** A setting's name in words. */
  private static String setting(String name) {
    return name.equals("othersBusy")
        ? "processors that other processes kept busy at the beginning"
        : escaped(name);
  }
}
