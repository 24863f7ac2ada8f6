package dev.octavo.bench;

import dev.octavo.bench.TimeRows.Row;
import dev.octavo.bench.problem.ShapeSet;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Cell;
import dev.octavo.bench.report.Table.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Geometric means over shapes, and what they say of two rivals: a mean of ratios over the shapes
 * that both did, kind by kind, because a mean over products and depthwise convolutions together
 * would say nothing.
 */
final class TimeMeans {

  /** Whom a backend is held against; {@code float32} is the fastest one on each shape. */
  private static final Map<String, List<String>> RIVALS = new LinkedHashMap<>();

  private static final String BEST_FLOAT32 = "best float32";

  static {
    RIVALS.put("native-amx", List.of("onednn", "mkl"));
    RIVALS.put("native-avx512vnni", List.of("onednn-avx512vnni", "mkl", "onnxruntime"));
    RIVALS.put("native-avxvnni", List.of("onednn-avx2vnni"));
    RIVALS.put("native-avx2", List.of("onednn-avx2", "mkl"));
    RIVALS.put("vector-512", List.of("float32-vector", "float32-openblas", "onnxruntime"));
    RIVALS.put("vector-256", List.of("float32-openblas", "onnxruntime"));
  }

  /** Rows that may be averaged: those of one kind, number formats and number of threads. */
  private record Class(String kind, String variant, int threads) {
    static Class of(Row row) {
      return new Class(
          ShapeSet.kind(row.shape().problem()), row.variant().toString(), row.threads());
    }
  }

  private final List<Row> timed;

  TimeMeans(List<Row> rows) {
    timed = rows.stream().filter(r -> r.timing().isPresent()).toList();
  }

  /** The mean of everyone's speeds. */
  Table speeds() {
    Table table =
        new Table("backend", "kind", "variant", ">threads", ">shapes", ">mean\nGOP/s", "right");
    Map<List<Object>, List<Row>> groups = new LinkedHashMap<>();
    for (Row r : timed) {
      groups.computeIfAbsent(List.of(Class.of(r), r.backend()), any -> new ArrayList<>()).add(r);
    }
    groups.forEach(
        (key, rows) -> {
          Class c = (Class) key.getFirst();
          double mean = mean(rows.stream().mapToDouble(Row::gops).toArray());
          table.row(
              key.getLast(),
              c.kind,
              c.variant,
              c.threads,
              rows.size(),
              Numbers.digits(mean),
              right(rows));
        });
    return table;
  }

  /** Ours against theirs. */
  Table ratios() {
    Table table =
        new Table(
            "backend",
            "against",
            "kind",
            "variant",
            ">threads",
            ">shapes",
            ">ratio",
            ">least",
            "the other is");
    for (Class c : timed.stream().map(Class::of).distinct().toList()) {
      RIVALS.forEach(
          (ours, rivals) -> {
            for (String rival : rivals) {
              ratio(table, c, ours, rival);
            }
            ratio(table, c, ours, BEST_FLOAT32);
          });
    }
    return table;
  }

  private void ratio(Table table, Class c, String ours, String rival) {
    List<Row> theirs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (Row r : timed) {
      if (r.backend().equals(ours) && Class.of(r).equals(c) && !r.variant().isFloat32()) {
        opponent(r, rival)
            .ifPresent(
                o -> {
                  theirs.add(o);
                  ratios.add(r.gops() / o.gops());
                });
      }
    }
    if (!ratios.isEmpty()) {
      double[] values = ratios.stream().mapToDouble(Double::doubleValue).toArray();
      double mean = mean(values);
      table.row(
          ours,
          rival,
          c.kind,
          c.variant,
          c.threads,
          values.length,
          new Cell(Numbers.times(mean), mean >= 1 ? Style.GOOD : Style.BAD),
          Numbers.times(StatUtils.min(values)),
          right(theirs));
    }
  }

  private Optional<Row> opponent(Row row, String rival) {
    boolean float32 = rival.startsWith("float32") || rival.equals(BEST_FLOAT32);
    Predicate<Row> named =
        rival.equals(BEST_FLOAT32)
            ? o -> o.backend().startsWith("float32")
            : o -> o.backend().equals(rival);
    return timed.stream()
        .filter(named)
        .filter(o -> o.shape().equals(row.shape()) && o.threads() == row.threads())
        .filter(o -> float32 ? o.variant().isFloat32() : o.variant().equals(row.variant()))
        .max(Comparator.comparingDouble(Row::gops));
  }

  private static double mean(double[] values) {
    return StatUtils.geometricMean(values);
  }

  private static Cell right(List<Row> rows) {
    long wrong = rows.stream().filter(Row::isWrong).count();
    return wrong == 0
        ? new Cell("right", Style.PLAIN)
        : new Cell("wrong on %d of %d".formatted(wrong, rows.size()), Style.BAD);
  }
}
