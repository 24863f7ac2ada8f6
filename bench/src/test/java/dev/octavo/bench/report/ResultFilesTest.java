package dev.octavo.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class ResultFilesTest {

  @TempDir private Path folder;

  /** What the schema has against some JSON. */
  public static List<Error> violations(String json) throws IOException {
    try (InputStream in = Results.class.getResourceAsStream("results.schema.json")) {
      String schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(schema)
          .validate(json, InputFormat.JSON);
    }
  }

  @Test
  void whatIsWrittenFollowsTheSchema() throws IOException {
    assertEquals(List.of(), violations(ResultFiles.json(SampleResults.of(1))));
  }

  @Test
  void theSchemaRefusesWhatIsNoResult() throws IOException {
    String json = ResultFiles.json(SampleResults.of(1));
    assertFalse(
        violations(json.replace("\"schemaVersion\" : 1", "\"schemaVersion\" : 2")).isEmpty());
    assertFalse(
        violations(json.replace("\"verdict\" : \"ok\"", "\"verdict\" : \"fine\"")).isEmpty());
    assertFalse(violations(json.replace("\"bestSeconds\"", "\"best\"")).isEmpty());
    assertFalse(violations(json.replace("u8s8u8", "u8s8u9")).isEmpty());
  }

  @Test
  void everyMeasurementIsOnALineOfItsOwn() throws IOException {
    String json = ResultFiles.json(SampleResults.of(1));
    List<String> lines = json.lines().filter(l -> l.contains("\"contender\" :")).toList();
    assertEquals(23 * 2 * 6, lines.size());
    assertTrue(lines.stream().allMatch(l -> l.contains("samplesSeconds")), lines.getFirst());
  }

  @Test
  void resultsAreReadAsTheyWereWritten() throws IOException {
    Results written = SampleResults.of(3);
    ResultFiles files = ResultFiles.in(folder, "name", written);
    files.write(written);
    Results read = ResultFiles.read(folder.resolve("name.json"));
    assertEquals(ResultFiles.json(written), ResultFiles.json(read));
    assertEquals(4, files.names().size());
    for (String name : files.names()) {
      assertTrue(Files.size(Path.of(name)) > 0, name);
    }
    try (var all = Files.list(folder)) {
      assertEquals(4, all.count(), "nothing half written stays");
    }
  }

  @Test
  void otherFilesAreRefusedWithAReason() throws IOException {
    Path file = folder.resolve("x.json");
    Files.writeString(file, "{\"schemaVersion\": 7}");
    var version = assertThrows(IOException.class, () -> ResultFiles.read(file));
    assertTrue(version.getMessage().contains("schemaVersion 7"), version.getMessage());
    Files.writeString(file, "not JSON");
    var none = assertThrows(IOException.class, () -> ResultFiles.read(file));
    assertTrue(none.getMessage().contains("no result of octavo bench"), none.getMessage());
  }
}
