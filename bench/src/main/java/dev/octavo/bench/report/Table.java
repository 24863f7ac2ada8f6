package dev.octavo.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi;

/** A table that is printed with aligned columns, or written as Markdown. */
public final class Table {

  /** What a cell says, and how it is set off where the output has colours. */
  public enum Style {
    PLAIN(""),
    STRONG("bold"),
    GOOD("green,bold"),
    BAD("red,bold"),
    FAINT("faint");

    private final String markup;

    Style(String markup) {
      this.markup = markup;
    }

    /** The text set off for a terminal. */
    public String on(String text, Ansi ansi) {
      return markup.isEmpty() || !ansi.enabled()
          ? text
          : ansi.new Text("@|" + markup + " x|@").toString().replace("x", text);
    }
  }

  /** One cell. */
  public record Cell(String text, Style style) {
    public static Cell of(Object value) {
      return value instanceof Cell c ? c : new Cell(String.valueOf(value), Style.PLAIN);
    }
  }

  private final List<List<String>> heads;
  private final boolean[] right;
  private final List<List<Cell>> rows = new ArrayList<>();

  /**
   * @param columns heads; lines are separated by a line feed, and a head that begins with {@code >}
   *     is that of a column of numbers, aligned to the right
   */
  public Table(List<String> columns) {
    heads = columns.stream().map(c -> List.of(c.replaceFirst("^>", "").split("\n"))).toList();
    right = new boolean[columns.size()];
    IntStream.range(0, right.length).forEach(i -> right[i] = columns.get(i).startsWith(">"));
  }

  public Table(String... columns) {
    this(List.of(columns));
  }

  /** Adds a row of {@link Cell}s, or of anything with a text. */
  public Table row(Object... cells) {
    return row(Arrays.asList(cells));
  }

  /** Adds a row of {@link Cell}s, or of anything with a text. */
  public Table row(List<?> cells) {
    if (cells.size() != heads.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells for " + heads.size() + " columns: " + cells);
    }
    rows.add(cells.stream().map(Cell::of).toList());
    return this;
  }

  /** Adds a thin line, before a sum for example. */
  public Table rule() {
    rows.add(List.of());
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The table for a terminal, each line ended by a line feed. */
  public String text(Ansi ansi) {
    int[] widths = widths();
    StringBuilder out = new StringBuilder();
    int headLines = heads.stream().mapToInt(List::size).max().orElse(0);
    for (int line = 0; line < headLines; line++) {
      List<Cell> cells = new ArrayList<>();
      for (List<String> head : heads) {
        int at = line - (headLines - head.size()); // heads stand on the rule
        cells.add(new Cell(at < 0 ? "" : head.get(at), Style.STRONG));
      }
      line(out, cells, widths, ansi);
    }
    rule(out, widths, ansi);
    for (List<Cell> row : rows) {
      if (row.isEmpty()) {
        rule(out, widths, ansi);
      } else {
        line(out, row, widths, ansi);
      }
    }
    return out.toString();
  }

  private int[] widths() {
    int[] widths = new int[right.length];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      int head = heads.get(i).stream().mapToInt(Table::width).max().orElse(0);
      int body =
          rows.stream()
              .filter(r -> !r.isEmpty())
              .mapToInt(r -> width(r.get(column).text()))
              .max()
              .orElse(0);
      widths[i] = Math.max(head, body);
    }
    return widths;
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private void line(StringBuilder out, List<Cell> cells, int[] widths, Ansi ansi) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      Cell cell = cells.get(i);
      String gap = " ".repeat(widths[i] - width(cell.text()));
      String text = cell.style().on(cell.text(), ansi);
      line.append(i == 0 ? " " : "  ").append(right[i] ? gap + text : text + gap);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private static void rule(StringBuilder out, int[] widths, Ansi ansi) {
    int width = Arrays.stream(widths).sum() + 2 * (widths.length - 1) + 2;
    out.append(Style.FAINT.on("─".repeat(width), ansi)).append('\n');
  }

  /** The table in Markdown; heads in one line, rules left out. */
  public String markdown() {
    StringBuilder out = new StringBuilder();
    out.append(bars(heads.stream().map(h -> String.join(" ", h)).toList()));
    out.append(
        IntStream.range(0, right.length)
            .mapToObj(i -> right[i] ? "--:" : "---")
            .collect(Collectors.joining("|", "|", "|\n")));
    for (List<Cell> row : rows) {
      if (!row.isEmpty()) {
        out.append(bars(row.stream().map(Table::emphasized).toList()));
      }
    }
    return out.toString();
  }

  /** The table in HTML; a cell's number is what a script sorts by. Rules end a body. */
  public String html() {
    StringBuilder out = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
    for (int i = 0; i < right.length; i++) {
      String head = PageText.escaped(String.join("\n", heads.get(i))).replace("\n", "<br>");
      out.append(right[i] ? "<th class=\"n\">" : "<th>").append(head).append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (List<Cell> row : rows) {
      if (row.isEmpty()) {
        out.append("</tbody><tbody>\n");
        continue;
      }
      out.append("<tr>");
      for (int i = 0; i < right.length; i++) {
        Cell cell = row.get(i);
        String style = (right[i] ? "n " : "") + cell.style().name().toLowerCase(Locale.ROOT);
        if (cell.text().matches("[█▏▎▍▌▋▊▉]+")) {
          style = "bar";
        }
        out.append("<td class=\"%s\">".formatted(style.replaceFirst(" ?plain$", "")));
        out.append(PageText.escaped(cell.text())).append("</td>");
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div>\n").toString().replace(" class=\"\"", "");
  }

  private static String emphasized(Cell cell) {
    boolean strong = cell.style() != Style.PLAIN && cell.style() != Style.FAINT;
    return strong && !cell.text().isBlank() ? "**" + cell.text() + "**" : cell.text();
  }

  private static String bars(List<String> cells) {
    return cells.stream()
        .map(c -> c.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
