package dev.octavo.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backends;
import dev.octavo.ElementType;
import dev.octavo.QuantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Weights;
import dev.octavo.ZeroPoints;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Help.Ansi;

/** Every suite for one short iteration, in this JVM: they work, and count what they should. */
class SuitesTest {

  private static final List<Problem> SMALL = List.of(new Gemm(8, 16, 24));

  @BeforeAll
  static void besideOthers() {
    System.setProperty("jmh.ignoreLock", "true"); // nothing is measured here
  }

  private static ChainedOptionsBuilder once() {
    return new OptionsBuilder()
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(20))
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }

  static List<String> suites() {
    return Suites.names();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void runs(String suite) throws RunnerException {
    boolean shaped = suite.equals("GemmBench") || suite.equals("PrepareBench");
    Collection<RunResult> results =
        Suites.run(
            List.of(suite),
            List.of("scalar"),
            shaped ? SMALL : List.of(),
            Map.of(
                "residency", List.of("heap", "native"),
                "variant", List.of("u8s8u8"),
                "elements", List.of("9,7"),
                "recipe", List.of("FIXED_POINT_DOUBLE_ROUNDING", "FLOAT64_HALF_AWAY")),
            once().build());
    assertTrue(results.size() >= 2, suite + " ran " + results.size() + " times");
    String table = JmhTable.of(results).text(Ansi.OFF);
    assertEquals(results.size() + 2, table.lines().count(), table);
    assertTrue(table.contains(suite) && table.contains("heap"), table);
    for (RunResult r : results) {
      assertTrue(r.getPrimaryResult().getScore() > 0, suite);
      var more = r.getSecondaryResults();
      assertTrue(more.containsKey("gc.alloc.rate.norm"), more.keySet().toString());
      if (!suite.equals("CallOverheadBench")) {
        assertTrue(more.get("bytes").getScore() > 0, more.toString());
        assertEquals(suite.equals("PrepareBench"), more.get("gops").getScore() == 0, suite);
      }
      if (shaped) {
        assertEquals(
            suite.equals("PrepareBench") ? "1,16,24" : "8,16,24", r.getParams().getParam("shape"));
      }
    }
  }

  /** 2·m·n·k operations for each call, and every operand once. */
  @Test
  void countersAreWhatTheCallsAmountTo() throws RunnerException {
    RunResult r =
        Suites.run(
                List.of("gemm"),
                List.of("scalar"),
                SMALL,
                Map.of("residency", List.of("heap"), "variant", List.of("u8s8s32")),
                once().build())
            .iterator()
            .next();
    double calls = r.getPrimaryResult().getScore();
    assertEquals(
        calls * 2 * 8 * 16 * 24 * 1e-9,
        r.getSecondaryResults().get("gops").getScore(),
        1e-3 * calls);
    double bytes = 8 * 24 + 16 * 24 + 4 * 8 * 16;
    assertEquals(bytes, r.getSecondaryResults().get("bytes").getScore() / calls, 0.01 * bytes);
  }

  @Test
  void unknownSuitesAreTold() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Suites.run(List.of("nothing"), List.of(), List.of(), Map.of(), once().build()))
            .getMessage();
    assertTrue(message.contains("nothing") && message.contains("GemmBench"), message);
  }

  @Test
  void aWrongResultIsNotTimed() {
    QuantizeSpec spec = QuantizeSpec.of(ElementType.U8, Scales.of(0.5f), ZeroPoints.of(1));
    Arena arena = Arena.ofShared();
    try (Subject subject =
        new Subject(
            Backends.named("scalar"),
            spec,
            Weights.NONE,
            spec.elements(3, 1),
            Residence.HEAP.copy(new float[3], arena),
            Residence.HEAP.room(3, 1, arena),
            arena)) {
      subject.verify(output -> Optional.empty());
      String message =
          assertThrows(
                  IllegalStateException.class, () -> subject.verify(output -> Optional.of("off")))
              .getMessage();
      assertTrue(message.endsWith("is wrong: off"), message);
    }
  }
}
