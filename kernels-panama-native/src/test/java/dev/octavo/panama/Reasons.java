package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The reasons of docs/LOADING.md: the first column of its last table, word by word, where {@code
 * *italics*} and an ellipsis stand for anything.
 */
final class Reasons {
  private static final Map<String, Pattern> DOCUMENTED = documented();
  private static final Set<String> SHOWN = ConcurrentHashMap.newKeySet();

  private Reasons() {}

  /** Prints a reason, so that a build shows what its users would read; it must be documented. */
  static void show(String reason) {
    System.out.println("reason: " + reason);
    List<String> rows =
        DOCUMENTED.entrySet().stream()
            .filter(row -> row.getValue().matcher(reason).matches())
            .map(Map.Entry::getKey)
            .toList();
    assertEquals(1, rows.size(), "rows of docs/LOADING.md for: " + reason + ": " + rows);
    SHOWN.add(rows.getFirst());
  }

  /** What the table says, row by row. */
  static Set<String> rows() {
    return DOCUMENTED.keySet();
  }

  /** Those rows of which this JVM has shown a case. */
  static Set<String> shown() {
    return SHOWN;
  }

  private static Map<String, Pattern> documented() {
    try {
      String page =
          Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/LOADING.md"));
      String section = page.substring(page.indexOf("## Reasons"));
      Map<String, Pattern> rows =
          Pattern.compile("(?m)^\\| (.+?) \\| .* \\|$")
              .matcher(section.substring(0, section.indexOf("\n## ", 1)))
              .results()
              .map(row -> row.group(1))
              .filter(reason -> !reason.equals("reason"))
              .collect(
                  Collectors.toMap(
                      row -> row,
                      Reasons::pattern,
                      (a, b) -> a,
                      LinkedHashMap<String, Pattern>::new));
      assertFalse(rows.isEmpty(), "no table of reasons");
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pattern pattern(String row) {
    return Pattern.compile(
        Pattern.compile("\\*[^*]+\\*|…|[^*…]+")
            .matcher(row)
            .results()
            .map(MatchResult::group)
            .map(part -> part.matches("\\*.*\\*|…") ? ".+" : Pattern.quote(part))
            .collect(Collectors.joining()));
  }
}
