package dev.octavo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code octavo soak} in a process of its own, ended from outside. */
class SoakInterruptedTest {
  private static final Pattern SUMMARY =
      Pattern.compile(", ([\\d,]+) problems, [\\d,]+ a second on 2 threads; .*over all backends");

  @TempDir private Path folder;
  private Process soak;

  @AfterEach
  void end() {
    if (soak != null) {
      soak.destroyForcibly();
    }
  }

  /** Ctrl-C in a terminal is this signal. */
  @Test
  void ctrlCPrintsTheSummaryAndLeavesWith130() throws Exception {
    assertEndsWithASummary("INT", 2);
  }

  /** What init systems and containers send. */
  @Test
  void terminationDoesTheSame() throws Exception {
    assertEndsWithASummary("TERM", 15);
  }

  private void assertEndsWithASummary(String signal, int number) throws Exception {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.isReadable(status), "signals are sent on Linux only");
    assumeFalse(
        ignored(Files.readAllLines(status), number),
        "whoever started this build has SIG" + signal + " ignored, and that is inherited");
    soak =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--class-path",
                System.getProperty("java.class.path"),
                "dev.octavo.bench.Main",
                "soak",
                "--backends=scalar",
                "--threads=2",
                "--seed=1")
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors.txt").toFile())
            .start();
    try (BufferedReader out = soak.inputReader()) {
      String first = out.readLine();
      assertTrue(first != null && first.startsWith("seed 1 on [scalar]"), first);
      Thread.sleep(2_000);
      new ProcessBuilder("kill", "-" + signal, Long.toString(soak.pid())).start().waitFor();
      String said = out.lines().collect(Collectors.joining("\n"));
      assertTrue(soak.waitFor(1, TimeUnit.MINUTES), "still running a minute after SIG" + signal);
      assertEquals(128 + number, soak.exitValue(), said);
      List<MatchResult> summary = SUMMARY.matcher(said).results().toList();
      assertEquals(1, summary.size(), said);
      assertTrue(Integer.parseInt(summary.getFirst().group(1).replace(",", "")) > 0, said);
    }
  }

  private static boolean ignored(List<String> status, int signal) {
    return status.stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring(line.indexOf(':') + 1).strip(), 16))
        .anyMatch(mask -> (mask >>> signal - 1 & 1) != 0);
  }
}
