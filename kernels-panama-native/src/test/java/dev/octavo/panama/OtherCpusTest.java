package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the library says of CPUs and operating systems that are not this one. */
class OtherCpusTest {
  @TempDir Path folder;

  @Test
  void everyMissingFeatureHasItsReason() throws Exception {
    Built.library();
    String compiler = System.getenv().getOrDefault("CC", "cc");
    List<String> make =
        List.of(
            "make",
            "--silent",
            "--directory=" + Path.of(System.getProperty("basedir", "."), "src/main/c"),
            "CC=" + compiler,
            "OUT=" + folder,
            "other-cpus");
    Process process = start(make);
    List<String> lines = process.inputReader().lines().toList();
    assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
    assertEquals(16, lines.size(), () -> String.join("\n", lines));
    lines.forEach(Reasons::show);
  }

  private static Process start(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "no make here: " + e.getMessage());
      throw new AssertionError(e);
    }
  }
}
