package dev.octavo.conformance.truth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The table in docs/NUMERICS.md of what was compared, and the same from what a run left in {@link
 * Tally#FOLDER}.
 */
final class Table {
  private static final String BEGIN = "<!-- truth: written by TruthTableIT -->";
  private static final String END = "<!-- truth: end -->";

  /**
   * A row, as far as two runs can be compared by it.
   *
   * @param problems how many each backend was given
   * @param outputs numbers that came out of them, in one run: they depend on the random problems
   */
  record Row(
      String library,
      String version,
      String operator,
      String ours,
      long problems,
      long outputs,
      long differing) {
    String key() {
      return library + " " + version + ": " + operator + ": " + ours;
    }

    private String cells() {
      return "| %s %s | %s | %s | %,d | %,d | %,d |"
          .formatted(library, version, operator, ours, problems, outputs, differing);
    }
  }

  private Table() {}

  /** What ran. */
  static Map<String, Row> ran() throws IOException {
    Map<String, Row> rows = new LinkedHashMap<>();
    if (!Files.isDirectory(Tally.FOLDER)) {
      return rows;
    }
    try (Stream<Path> files = Files.list(Tally.FOLDER).sorted()) {
      for (Path file : files.toList()) {
        Tally.Report report = Tally.read(file);
        for (Tally.Row row : report.rows().values()) {
          Tally.Count norm = row.counts().get(Tally.NORM);
          requireEveryBackend(report, row, norm);
          Row r =
              new Row(
                  report.library(),
                  report.version(),
                  row.operator(),
                  row.recipe(),
                  norm.problems(),
                  norm.outputs(),
                  norm.differing());
          rows.put(r.key(), r);
        }
      }
    }
    return rows;
  }

  /** Where backends took part, each must have had every problem. */
  private static void requireEveryBackend(Tally.Report report, Tally.Row row, Tally.Count norm) {
    row.counts()
        .forEach(
            (implementation, count) -> {
              if (!count.equals(norm)) {
                throw new AssertionError(
                    "%s, %s: %s was compared on %s, the norm on %s"
                        .formatted(report.library(), row.operator(), implementation, count, norm));
              }
            });
  }

  /** What the page says. */
  static Map<String, Row> committed(Path page) throws IOException {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (String line : section(Files.readString(page)).lines().skip(2).toList()) {
      String[] cells = line.substring(2, line.length() - 2).split(" \\| ");
      int space = cells[0].lastIndexOf(' ');
      Row row =
          new Row(
              cells[0].substring(0, space),
              cells[0].substring(space + 1),
              cells[1],
              cells[2],
              number(cells[3]),
              number(cells[4]),
              number(cells[5]));
      rows.put(row.key(), row);
    }
    return rows;
  }

  private static long number(String cell) {
    return Long.parseLong(cell.replace(",", ""));
  }

  private static String section(String text) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("no place for the table: " + BEGIN + " … " + END);
    }
    return text.substring(begin + BEGIN.length(), end).strip();
  }

  /** Puts rows into the page. */
  static void write(Path page, Iterable<Row> rows) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(BEGIN);
    lines.add("");
    lines.add("| library | operator | ours | problems | outputs | differing |");
    lines.add("|---|---|---|--:|--:|--:|");
    rows.forEach(row -> lines.add(row.cells()));
    lines.add("");
    lines.add(END);
    String text = Files.readString(page);
    String before = text.substring(0, text.indexOf(BEGIN));
    String after = text.substring(text.indexOf(END) + END.length());
    Files.writeString(page, before + String.join("\n", lines) + after);
  }
}
