package dev.octavo.bench.report;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Lines of comma-separated values as RFC 4180 has them: a field with a comma stands in quotes. */
public final class Csv {

  private Csv() {}

  /** One line, ended by a line feed. */
  public static String line(Object... fields) {
    return Arrays.stream(fields)
        .map(f -> quoted(String.valueOf(f)))
        .collect(Collectors.joining(",", "", "\n"));
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
