package dev.octavo.bench;

import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.octavo.bench.measure.Outcome;
import dev.octavo.bench.measure.Timing;
import dev.octavo.bench.problem.ShapeGrammar.Given;
import dev.octavo.bench.problem.Variant;
import dev.octavo.bench.report.Csv;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Cell;
import dev.octavo.bench.report.Table.Style;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code octavo time} found out: a table, CSV and JSON files, and numbers for the means. */
final class TimeRows implements AutoCloseable {

  /** Scripts rely on these columns; new ones go to the end. */
  static final String CSV_HEAD =
      "backend,kind,shape,threads,variant,kernel,median_s,best_s,gops,check\n";

  /**
   * One measurement.
   *
   * @param backend as asked for
   * @param check {@code ok}, {@code rounding: …} or {@code wrong: …}
   * @param timing empty when it was wrong and so not timed
   */
  record Row(
      String backend,
      Given shape,
      int threads,
      Variant variant,
      String kernel,
      String check,
      Optional<Timing> timing) {

    static Row of(String backend, Given shape, int threads, Variant variant, Outcome outcome) {
      return switch (outcome) {
        case Outcome.Timed t ->
            new Row(
                backend, shape, threads, variant, t.kernel(), t.check(), Optional.of(t.timing()));
        case Outcome.Wrong w ->
            new Row(backend, shape, threads, variant, w.kernel(), "wrong: " + w.what(), w.timing());
        case Outcome.Refused r -> throw new IllegalArgumentException(r.reason());
      };
    }

    boolean isWrong() {
      return check.startsWith("wrong");
    }

    /** Operations per nanosecond at the median. */
    double gops() {
      return shape.problem().operations() / timing.orElseThrow().median() * 1e-9;
    }
  }

  private final Writer csv;
  private final SequenceWriter json;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param csv takes a head and a line for each row
   * @param json takes an array with an object for each row, its fields named as the columns are
   */
  TimeRows(Writer csv, Writer json) throws IOException {
    this.csv = csv;
    this.json =
        new ObjectMapper()
            .writer(new MinimalPrettyPrinter("\n"))
            .with(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .writeValuesAsArray(json);
    csv.write(CSV_HEAD);
  }

  void add(Row row) throws IOException {
    rows.add(row);
    csv.write(
        Csv.line(
            row.backend,
            row.shape.problem().kind(),
            row.shape.text(),
            row.threads,
            row.variant,
            row.kernel,
            row.timing.map(t -> decimal("%.9f", t.median())).orElse(""),
            row.timing.map(t -> decimal("%.9f", t.best())).orElse(""),
            row.timing.map(t -> decimal("%.3f", row.gops())).orElse(""),
            row.check));
    csv.flush(); // what was measured stays, whatever happens next
    json.write(fields(row));
  }

  private static Map<String, Object> fields(Row row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("backend", row.backend);
    fields.put("kind", row.shape.problem().kind());
    fields.put("shape", row.shape.text());
    fields.put("threads", row.threads);
    fields.put("variant", row.variant.toString());
    fields.put("kernel", row.kernel);
    fields.put("median_s", row.timing.map(Timing::median).orElse(null));
    fields.put("best_s", row.timing.map(Timing::best).orElse(null));
    fields.put("gops", row.timing.map(t -> row.gops()).orElse(null));
    fields.put("check", row.check);
    return fields;
  }

  /** Ends the JSON array. */
  @Override
  public void close() throws IOException {
    json.close();
  }

  List<Row> rows() {
    return rows;
  }

  Table table() {
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
    for (Row r : rows) {
      Style style = r.isWrong() ? Style.BAD : r.check.equals("ok") ? Style.GOOD : Style.PLAIN;
      table.row(
          r.backend,
          r.shape.text(),
          r.threads,
          r.variant,
          r.kernel,
          r.timing.map(t -> Numbers.seconds(t.median())).orElse(""),
          r.timing.map(t -> Numbers.seconds(t.best())).orElse(""),
          r.timing.map(t -> Numbers.digits(r.gops())).orElse(""),
          new Cell(r.check, style));
    }
    return table;
  }

  private static String decimal(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
