package dev.octavo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.octavo.bench.report.Peaks.Arithmetic;
import dev.octavo.bench.report.ResultFiles;
import dev.octavo.bench.report.ResultFilesTest;
import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.State;
import dev.octavo.bench.report.SampleResults;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as they are called, and their exit codes. */
class CommandsTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int octavo(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private String sample(String name, Results results) throws IOException {
    Path file = folder.resolve(name + ".json");
    Files.writeString(file, ResultFiles.json(results));
    return file.toString();
  }

  @Test
  void compareAnswersWithItsExitCode() throws IOException {
    String a = sample("a", SampleResults.of(1));
    String same = sample("same", SampleResults.of(2));
    String slow =
        sample("slow", SampleResults.of(3, 1, (c, layer) -> c.startsWith("native") ? 1.4 : 1));
    assertEquals(0, octavo("compare", a, same), out.toString());
    assertTrue(out.toString().contains("no regression"), out.toString());
    assertEquals(1, octavo("compare", a, slow));
    assertTrue(out.toString().contains("REGRESSION"), out.toString());
    assertEquals(0, octavo("compare", "--threshold", "60", a, slow));
    assertEquals(2, octavo("compare", a, folder.resolve("none.json").toString()));
    assertEquals(2, octavo("compare", a));
  }

  @Test
  void compareRefusesResultsOfDifferentMachines() throws IOException {
    String a = sample("a", SampleResults.of(1));
    Results r = SampleResults.of(2);
    Results other =
        new Results(
            r.schemaVersion(),
            r.state(),
            r.command(),
            r.started(),
            r.seconds(),
            SampleResults.machine("Another CPU"),
            r.settings(),
            r.peaks(),
            r.contenders(),
            r.suites());
    String b = sample("b", other);
    assertEquals(2, octavo("compare", a, b));
    assertTrue(err.toString().contains("Another CPU"), err.toString());
    assertEquals(0, octavo("compare", "--anyway", a, b));
  }

  @Test
  void reportMakesBothFilesAgain() throws IOException {
    String a = sample("a", SampleResults.of(1));
    Path to = folder.resolve("to");
    assertEquals(0, octavo("report", a, "--output", to.toString()), err.toString());
    assertTrue(Files.size(to.resolve("a.html")) > 500_000);
    assertTrue(Files.size(to.resolve("a.md")) > 1_000);
    assertEquals(1, octavo("report", folder.resolve("none.json").toString()));
  }

  @Test
  void aRealRunLeavesAResultThatFollowsTheSchema() throws IOException {
    int status =
        octavo(
            "bench",
            "--models=mobilenet-v1",
            "--backends=scalar,float32-java",
            "--threads=1,2",
            "--seconds=1",
            "--name=run",
            "--output=" + folder);
    assertEquals(0, status, err.toString());
    String json = Files.readString(folder.resolve("run.json"));
    assertEquals(List.of(), ResultFilesTest.violations(json));
    Results results = ResultFiles.read(folder.resolve("run.json"));
    assertEquals(State.COMPLETE, results.state());
    assertEquals(20, results.suites().getFirst().items().size());
    assertTrue(results.peaks().best(Arithmetic.FLOAT32).isPresent());
    assertTrue(Files.exists(folder.resolve("run.html")));
    // A run is no slower than itself.
    String file = folder.resolve("run.json").toString();
    assertEquals(0, octavo("compare", file, file), out.toString());
  }

  @Test
  void benchRefusesWhatItDoesNotKnow() {
    assertEquals(2, octavo("bench", "--models=lenet"));
    assertTrue(err.toString().contains("there are vgg16"), err.toString());
    assertEquals(2, octavo("bench", "--threads=0"));
    assertEquals(2, octavo("bench", "--backends=gpu"));
    assertEquals(2, octavo("bench", "--name=a/b"));
    assertFalse(err.toString().contains("Usage:"), "a screen full of options hides what is wrong");
    assertTrue(err.toString().contains("octavo help bench tells more"), err.toString());
  }

  @Test
  void whatIsWrongWithAFileIsSaidBeforeAnythingIsMeasured() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertEquals(1, octavo("bench", "--onnx", folder.resolve("no.onnx").toString()));
    assertTrue(err.toString().contains("octavo: there is no file or folder "), err.toString());
    assertEquals(1, octavo("bench", "--models=alexnet", "--output", file + "/below"));
    assertTrue(err.toString().contains("cannot use the file or folder "), err.toString());
    assertEquals(1, octavo("time", "--gemm=1,1,1", "--csv", folder + "/none/t.csv"));
    assertEquals("", out.toString());
  }

  @Test
  void nothingAtAllShowsTheCommands() {
    assertEquals(2, octavo());
    assertTrue(err.toString().contains("bench"), err.toString());
    assertEquals(2, octavo("bnech"));
    assertTrue(err.toString().contains("octavo help tells more"), err.toString());
  }

  @Test
  void timeWritesTheSameRowsAsCsvAndAsJson() throws IOException {
    Path csv = folder.resolve("t.csv");
    Path json = folder.resolve("t.json");
    assertEquals(
        0,
        octavo(
            "time",
            "--gemm=4,5,6;1,2,3",
            "--backends=scalar",
            "--variants=u8s8s32,s8s8s8",
            "--seconds=0.01",
            "--csv=" + csv,
            "--json=" + json));
    List<String> lines = Files.readAllLines(csv);
    JsonNode rows = new ObjectMapper().readTree(json.toFile());
    assertEquals(4, rows.size());
    assertEquals(5, lines.size());
    assertEquals(
        List.of(lines.getFirst().split(",")),
        rows.get(0).properties().stream().map(Map.Entry::getKey).toList());
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = rows.get(i);
      String start =
          "scalar,gemm,\"%s\",1,%s,%s,"
              .formatted(
                  row.get("shape").asText(),
                  row.get("variant").asText(),
                  row.get("kernel").asText());
      assertTrue(lines.get(i + 1).startsWith(start), lines.get(i + 1));
      assertTrue(row.get("median_s").asDouble() > 0 && row.get("gops").asDouble() > 0);
      assertEquals("ok", row.get("check").asText());
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void anInterruptKeepsTheResultsSoFar() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(ManagementFactory.getRuntimeMXBean().getClassPath());
    command.addAll(
        List.of(Main.class.getName(), "bench", "--models=mobilenet-v1,vgg16", "--seconds=8"));
    command.addAll(List.of("--backends=scalar,float32-java", "--name=run", "--output=" + folder));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.contains("best of each layer")) {
        line = lines.readLine(); // until the first model is done
      }
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      String rest = String.join("\n", lines.lines().toList());
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue(), rest);
      assertTrue(rest.contains("octavo: interrupted; the "), rest);
    } finally {
      process.destroyForcibly();
    }
    Results results = ResultFiles.read(folder.resolve("run.json"));
    assertEquals(State.INTERRUPTED, results.state());
    assertEquals("MobileNet v1", results.suites().getFirst().name());
    assertTrue(Files.readString(folder.resolve("run.html")).contains("not finished"));
  }
}
