package dev.octavo.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes results as JSON, with everything in it, and as CSV and Markdown for other eyes. */
public final class ResultFiles {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Results results;
  private final Path json;
  private final Path csv;

  /**
   * @param folder made if need be
   */
  public ResultFiles(Path folder, Results results) throws IOException {
    this.results = results;
    String stem =
        results.started().replaceAll("[:Z]", "").replace('T', '-') + "-" + results.machine().slug();
    Files.createDirectories(folder);
    json = folder.resolve(stem + ".json");
    csv = folder.resolve(stem + ".csv");
  }

  /** The files, for people. */
  public List<String> names() {
    return List.of(json.toString(), csv.toString());
  }

  /** Writes what there is so far. */
  public void write() throws IOException {
    Files.write(json, JSON.writeValueAsBytes(results));
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
                  e.variant(),
                  e.kernel(),
                  blank(e.medianSeconds()),
                  blank(e.bestSeconds()),
                  blank(e.gops()),
                  e.timedPart(),
                  e.checkedPart(),
                  e.check()));
        }
      }
    }
    Files.writeString(csv, lines);
  }

  private static Object blank(Object value) {
    return value == null ? "" : value;
  }
}
