package dev.octavo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backend;
import dev.octavo.Backends;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SoakCommandTest {
  private static final Pattern RERUN =
      Pattern.compile("rerun +\\./octavo soak (--seed (\\d+) --problem (\\d+))");

  /** What a command said, and how it ended. */
  private record Ended(int status, String said) {}

  private static Ended run(List<Backend> backends, String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine line = new CommandLine(new SoakCommand(backends));
    line.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
    return new Ended(line.execute(arguments), said.toString());
  }

  @Test
  void everyBackendIsRightForASecond() {
    Ended ended = run(Backends.list(), "--seconds", "1", "--threads", "2");
    assertEquals(0, ended.status, ended.said);
    assertTrue(ended.said.matches("(?s)seed \\d+ on .*"), ended.said);
    for (String part : List.of("problems tried", "scalar", "a second over all backends")) {
      assertTrue(ended.said.contains(part), () -> ended.said + " does not say " + part);
    }
  }

  @Test
  void aWrongBackendIsCaughtAndTheLineRunsItAgain() {
    List<Backend> backends = List.of(Backends.named("scalar"), new WrongBackend());
    Ended ended = run(backends, "--seconds", "60", "--threads", "2");
    assertEquals(1, ended.status, ended.said);
    assertTrue(ended.said.contains("wrong: wrong of scalar, wrong"), ended.said);
    MatchResult line = RERUN.matcher(ended.said).results().findFirst().orElseThrow();
    Ended again = run(backends, line.group(1).split(" "));
    assertEquals(1, again.status, again.said);
    assertEquals(diagnosis(ended.said), diagnosis(again.said));
    Ended right = run(backends, (line.group(1) + " --backends scalar").split(" "));
    assertEquals(0, right.status, right.said);
    assertTrue(right.said.contains("every bit is right"), right.said);
  }

  private static String diagnosis(String said) {
    return said.substring(said.indexOf("wrong: "));
  }

  @Test
  void aBadCommandLine() {
    assertEquals(2, run(Backends.list(), "--backends", "scalra").status);
    assertEquals(2, run(Backends.list(), "--problem", "3").status);
    assertEquals(2, run(Backends.list(), "--seconds", "-1").status);
  }
}
