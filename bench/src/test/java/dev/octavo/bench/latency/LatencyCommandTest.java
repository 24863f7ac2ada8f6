package dev.octavo.bench.latency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LatencyCommandTest {
  @Test
  void percentilesAreNearestRanks() {
    long[] sorted = new long[1000];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = i + 1;
    }
    Waits waits = new Waits(sorted);
    assertEquals(500, waits.percentile(0.5));
    assertEquals(990, waits.percentile(0.99));
    assertEquals(999, waits.percentile(0.999));
    assertEquals(1000, waits.percentile(1));
    assertEquals(7, new Waits(new long[] {7}).percentile(0.5));
    assertEquals(0, Waits.NONE.percentile(0.5));
    assertArrayEquals(
        new long[] {1, 2, 4}, new Waits(new long[] {4}).and(new Waits(new long[] {1, 2})).nanos());
  }

  @Test
  void safepointsAreSeenAndReported() {
    StringWriter said = new StringWriter();
    CommandLine line = new CommandLine(new LatencyCommand());
    line.setOut(new PrintWriter(said));
    String[] arguments = "--backends scalar --seconds 0.2 --rounds 2 --case".split(" ");
    arguments = Stream.concat(Stream.of(arguments), Stream.of("conv 3")).toArray(String[]::new);
    assertEquals(0, line.execute(arguments));
    String number = "[1-9][\\d.]*";
    String waits = " {2,}NUMBER {2,}NUMBER {2,}NUMBER {2,}NUMBER {2,}NUMBER {2,}NUMBER NUMBER *\\n";
    for (String row :
        List.of("no kernel.*", "conv 3×3 64→64, 56×56 +NUMBER", "all but the first +NUMBER")) {
      Pattern expected = Pattern.compile((" scalar +" + row + waits).replace("NUMBER", number));
      assertTrue(expected.matcher(said.toString()).find(), () -> row + " is not in " + said);
    }
  }

  @Test
  void aBadCommandLine() {
    CommandLine line = new CommandLine(new LatencyCommand());
    line.setErr(new PrintWriter(new StringWriter()));
    assertEquals(2, line.execute("--case", "no such case"));
    assertEquals(2, line.execute("--backends", "scalra"));
    assertEquals(2, line.execute("--seconds", "0"));
    assertEquals(2, line.execute("--rounds", "0"));
  }
}
