package dev.octavo.conformance.truth;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much was compared with a library. When the tests are over each library has a file in {@code
 * target/truth}; one that an earlier run of the same build left keeps the rows which this run did
 * not reach.
 */
final class Tally {
  /** Where the files are. */
  static final Path FOLDER = Path.of("target", "truth");

  /** The norm, among the implementations that are compared. */
  static final String NORM = "norm";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<Library, TreeMap<String, Row>> ROWS = new java.util.HashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Tally::writeAll));
  }

  /**
   * What was compared with one implementation of ours.
   *
   * @param problems how many
   * @param outputs numbers that came out of them
   * @param differing outputs with another bit pattern
   */
  record Count(long problems, long outputs, long differing) {
    private static final Count ZERO = new Count(0, 0, 0);

    private Count plus(long moreOutputs, long moreDiffering) {
      return new Count(problems + 1, outputs + moreOutputs, differing + moreDiffering);
    }
  }

  /** One operator by one recipe. */
  record Row(String operator, String recipe, TreeMap<String, Count> counts) {}

  /** All rows of one library. */
  record Report(String library, String version, TreeMap<String, Row> rows) {}

  private final Row row;

  private Tally(Row row) {
    this.row = row;
  }

  /** A row of a library, empty. */
  static synchronized Tally of(Library library, String operator, String recipe) {
    Row row = new Row(operator, recipe, new TreeMap<>());
    ROWS.computeIfAbsent(library, l -> new TreeMap<>()).put(operator + ", " + recipe, row);
    return new Tally(row);
  }

  /** Adds one problem. */
  synchronized void add(String implementation, long outputs, long differing) {
    row.counts.merge(
        implementation,
        Count.ZERO.plus(outputs, differing),
        (old, one) -> old.plus(outputs, differing));
  }

  private static synchronized void writeAll() {
    try {
      Files.createDirectories(FOLDER);
      for (Map.Entry<Library, TreeMap<String, Row>> library : ROWS.entrySet()) {
        String name = library.getKey().name();
        Path file = FOLDER.resolve(name.replaceAll("\\W+", "-") + ".json");
        Report report = new Report(name, library.getKey().version(), new TreeMap<>());
        if (Files.exists(file)) {
          report.rows.putAll(read(file).rows);
        }
        report.rows.putAll(library.getValue());
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a run left. */
  static Report read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), new TypeReference<Report>() {});
  }
}
