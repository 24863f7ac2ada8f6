package dev.octavo.bench.report;

import java.util.Locale;

/** Results as CSV: a line for each measurement, without the single samples. */
final class ResultCsv {

  private ResultCsv() {}

  static String of(Results results) {
    StringBuilder lines = new StringBuilder();
    lines.append(
        Csv.line(
            "suite",
            "layers",
            "count",
            "kind",
            "shape",
            "multiply_adds",
            "weights",
            "contender",
            "threads",
            "variant",
            "kernel",
            "median_s",
            "best_s",
            "gops",
            "timed_part",
            "checked_part",
            "check"));
    for (Results.SuiteResult suite : results.suites()) {
      for (Results.ItemResult i : suite.items()) {
        for (Results.Entry e : i.entries()) {
          Results.Times t = e.timing();
          lines.append(
              Csv.line(
                  suite.name(),
                  String.join(" ", i.layers()),
                  i.layers().size(),
                  i.kind(),
                  i.shape(),
                  i.multiplyAdds(),
                  i.weights(),
                  e.contender(),
                  e.threads(),
                  e.variant(),
                  e.kernel(),
                  t == null ? "" : t.medianSeconds(),
                  t == null ? "" : t.bestSeconds(),
                  t == null ? "" : t.gops(),
                  t == null ? "" : t.part(),
                  e.check().part(),
                  check(e.check())));
        }
      }
    }
    return lines.toString();
  }

  private static String check(Results.Check check) {
    String verdict = check.verdict().name().toLowerCase(Locale.ROOT);
    return check.detail().isEmpty() ? verdict : verdict + ": " + check.detail();
  }
}
