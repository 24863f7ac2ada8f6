package dev.octavo.bench.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LatencyCommandTest {
  @Test
  void percentilesAreNearestRanks() {
    long[] sorted = new long[1000];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = i + 1;
    }
    assertEquals(500, LatencyCommand.percentile(sorted, 0.5));
    assertEquals(990, LatencyCommand.percentile(sorted, 0.99));
    assertEquals(999, LatencyCommand.percentile(sorted, 0.999));
    assertEquals(1000, LatencyCommand.percentile(sorted, 1));
    assertEquals(7, LatencyCommand.percentile(new long[] {7}, 0.5));
    assertEquals(0, LatencyCommand.percentile(new long[0], 0.5));
  }

  @Test
  void safepointsAreSeenAndReported() {
    StringWriter said = new StringWriter();
    CommandLine line = new CommandLine(new LatencyCommand());
    line.setOut(new PrintWriter(said));
    assertEquals(0, line.execute("--backends", "scalar", "--case", "conv 3", "--seconds", "0.3"));
    assertTrue(
        said.toString().matches("(?s).* scalar +conv 3×3 64→64, 56×56 +[1-9].*"), said::toString);
  }

  @Test
  void aBadCommandLine() {
    CommandLine line = new CommandLine(new LatencyCommand());
    line.setErr(new PrintWriter(new StringWriter()));
    assertEquals(2, line.execute("--case", "no such case"));
    assertEquals(2, line.execute("--backends", "scalra"));
    assertEquals(2, line.execute("--seconds", "0"));
  }
}
