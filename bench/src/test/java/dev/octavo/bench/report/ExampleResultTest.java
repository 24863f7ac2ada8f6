package dev.octavo.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The committed example result, what is made of it, and what the README says of it. */
class ExampleResultTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path FOLDER = ROOT.resolve("docs/example-result");

  private Results results;

  @BeforeEach
  void read() throws IOException {
    assumeTrue(Files.exists(FOLDER), "the tests run outside of the source tree");
    results = ResultFiles.read(FOLDER.resolve("result.json"));
  }

  @Test
  void itIsAWholeRunThatFollowsTheSchema() throws IOException {
    assertEquals(Results.State.COMPLETE, results.state());
    assertEquals(
        List.of(), ResultFilesTest.violations(Files.readString(FOLDER.resolve("result.json"))));
    assertTrue(results.contenders().stream().anyMatch(c -> c.kind() == Results.Kind.PEER));
  }

  @Test
  void nobodyEditedWhatIsMadeOfIt() throws IOException {
    String again = "made of result.json by ./octavo report; make it again";
    assertEquals(Markdown.of(results), Files.readString(FOLDER.resolve("result.md")), again);
    assertEquals(ResultCsv.of(results), Files.readString(FOLDER.resolve("result.csv")), again);
  }

  /** The README's headline: a column for each model, in any order, and its speed-up below. */
  @Test
  void theReadmeSaysWhatItSays() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("README.md"));
    int head = 0;
    while (head < lines.size() && !lines.get(head).contains("| VGG-16 |")) {
      head++;
    }
    assertTrue(head + 2 < lines.size(), "the README has a table of the models");
    List<String> names = cells(lines.get(head));
    List<String> ratios = cells(lines.get(head + 2));
    List<String> expected = new ArrayList<>(names.subList(0, 1));
    List<String> found = new ArrayList<>(names.subList(0, 1));
    for (Results.SuiteResult suite : results.suites()) {
      String name = suite.name().replaceFirst("-q\\.onnx$", "");
      int column = 0;
      while (column < names.size() && !names.get(column).equalsIgnoreCase(name)) {
        column++;
      }
      assertTrue(column < names.size(), "the README has no column " + name + " in " + names);
      expected.add(name + " " + Numbers.times(Summary.of(suite, 1).speedUp().orElseThrow()));
      found.add(name + " " + ratios.get(column));
    }
    assertEquals(expected, found);
    assertEquals(results.suites().size() + 1, names.size());
  }

  private static List<String> cells(String line) {
    String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|");
    return Arrays.stream(cells).map(String::strip).toList();
  }
}
