package dev.octavo.bench.jmh;

import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Table;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What a run of suites came to, a line for each case, where JMH prints five. */
public final class JmhTable {

  private static final List<String> OWN_COLUMNS = List.of("backend", "residency");

  private JmhTable() {}

  /** The table; what JMH did not measure is a dash. */
  public static Table of(Collection<RunResult> results) {
    Table table =
        new Table(
            "suite",
            "of",
            "backend",
            "operands",
            ">ns a call",
            ">± %",
            ">GOP/s",
            ">GB/s",
            ">B a call");
    for (RunResult r : results) {
      BenchmarkParams p = r.getParams();
      Result<?> primary = r.getPrimaryResult();
      boolean isTime = primary.getScoreUnit().equals("ns/op");
      table.row(
          p.getBenchmark().replaceFirst("^.*\\.(\\w+)\\.\\w+$", "$1"),
          parameters(p),
          p.getParam("backend"),
          p.getParamsKeys().contains("residency") ? p.getParam("residency") : "",
          Numbers.digits(isTime ? primary.getScore() : 1e9 / primary.getScore()),
          number(100 * primary.getScoreError() / primary.getScore()),
          secondary(r, "gops", 1),
          secondary(r, "bytes", 1e-9),
          secondary(r, "gc.alloc.rate.norm", 1));
    }
    return table;
  }

  private static String parameters(BenchmarkParams p) {
    TreeSet<String> keys = new TreeSet<>(Collections.reverseOrder());
    keys.addAll(p.getParamsKeys());
    OWN_COLUMNS.forEach(keys::remove);
    return String.join(" ", keys.stream().map(p::getParam).toList());
  }

  private static String secondary(RunResult r, String name, double unit) {
    for (String key : r.getSecondaryResults().keySet()) {
      if (key.endsWith(name)) {
        return number(r.getSecondaryResults().get(key).getScore() * unit);
      }
    }
    return "–";
  }

  /** Less than one byte a call is what JMH itself allocates around the calls. */
  private static String number(double value) {
    return Double.isNaN(value) ? "–" : value < 0.005 ? "0" : Numbers.digits(value);
  }
}
