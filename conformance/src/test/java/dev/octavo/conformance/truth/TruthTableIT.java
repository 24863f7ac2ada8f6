package dev.octavo.conformance.truth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.conformance.truth.Table.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * After the other tests of this package: the table in docs/NUMERICS.md claims what they did, no
 * more and no less. {@code -Dtruth.write=true} writes the rows of the libraries that ran into the
 * page. A library that did not run is not judged, unless {@code -Dtruth.require} names it.
 */
class TruthTableIT {
  private static final System.Logger LOG = System.getLogger("dev.octavo.conformance");
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ".")).resolve("../docs/NUMERICS.md");

  /** Problems are random: two runs have about as many outputs, not exactly. */
  private static final double LEAST = 0.5;

  @Test
  void theTableSaysWhatRan() throws IOException {
    Map<String, Row> ran = Table.ran();
    Map<String, Row> committed = Table.committed(PAGE);
    if (Boolean.getBoolean("truth.write")) {
      Table.write(PAGE, merged(committed.values(), ran.values()));
      return;
    }
    List<String> wrong = new ArrayList<>();
    for (Row claim : committed.values()) {
      Row result = ran.get(claim.key());
      if (result != null) {
        judge(claim, result, wrong);
      } else if (required(claim.library()) || ran(claim.library(), ran)) {
        wrong.add("claimed, but no test ran it: " + claim.key());
      } else {
        LOG.log(System.Logger.Level.INFO, "not run here: {0}", claim.key());
      }
    }
    ran.keySet().stream()
        .filter(key -> !committed.containsKey(key))
        .forEach(key -> wrong.add("ran, but is not in the table: " + key));
    assertTrue(wrong.isEmpty(), () -> PAGE + ":\n" + String.join("\n", wrong));
  }

  /** Where differences are allowed, each was explained; their share depends on the machine. */
  private static final double SHARE = 0.5;

  private static void judge(Row claim, Row result, List<String> wrong) {
    boolean exception = claim.ours().contains(", off by") || claim.ours().contains(", within");
    double allowed = exception ? SHARE * result.outputs() : 0;
    if (result.differing() > allowed
        || result.problems() < LEAST * claim.problems()
        || result.outputs() < LEAST * claim.outputs()) {
      wrong.add("claimed " + claim + ", ran " + result);
    }
  }

  private static boolean required(String library) {
    return Arrays.stream(System.getProperty("truth.require", "").split(","))
        .anyMatch(name -> !name.isBlank() && library.startsWith(name.strip()));
  }

  private static boolean ran(String library, Map<String, Row> ran) {
    return ran.values().stream().anyMatch(row -> row.library().equals(library));
  }

  /** The rows of each library that ran, the old ones of the others, in order. */
  private static Collection<Row> merged(Collection<Row> old, Collection<Row> ran) {
    Map<String, Row> rows = new TreeMap<>();
    Map<String, Row> results = new LinkedHashMap<>();
    ran.forEach(row -> results.put(row.key(), row));
    old.stream()
        .filter(row -> !ran(row.library(), results))
        .forEach(row -> rows.put(row.key(), row));
    rows.putAll(results);
    return rows.values();
  }
}
