package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Bias;
import dev.octavo.GemmSpec;
import dev.octavo.Plan;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a failure says: 2 rows of 3 columns, one of them wrong in one place, with a gap of 4 bytes
 * between the rows.
 */
class DiagnosisTest {
  private static final GemmSpec SPEC = GemmSpec.of(3, 1);
  private static final Problem PROBLEM =
      new Problem(
          SPEC,
          new Filter(new byte[] {1, 2, 3}, new long[] {1, 0, 0, 1}, Bias.none()),
          new dev.octavo.Shape.Rows(2, 1, 16),
          new byte[] {10, 20});

  private static Outcome outcome(String id, byte[] output) {
    Answer answer = new Answer(output, new float[0], new int[0]);
    Plan plan = new Plan(id, "gemm_u8s8s32_1x1x1_" + id, 1, 1, 1, Optional.empty(), 0);
    FakeBackend backend = new FakeBackend(id, 1, Availability.USABLE);
    return new Outcome(backend, Optional.of(plan), Optional.of(answer), Optional.empty());
  }

  private static byte[] changed(long offset, int value) {
    byte[] output = PROBLEM.answer().output().clone();
    MemorySegment.ofArray(output).set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
    return output;
  }

  private static String diagnosis(Outcome... outcomes) {
    return Diagnosis.of(PROBLEM, Circumstances.PLAIN, PROBLEM.answer(), List.of(outcomes))
        .orElseThrow();
  }

  private static void says(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> text + "does not say " + part);
    }
  }

  @Test
  void rightAnswersNeedNone() {
    Outcome right = outcome("right", PROBLEM.answer().output());
    assertEquals(
        Optional.empty(),
        Diagnosis.of(PROBLEM, Circumstances.PLAIN, PROBLEM.answer(), List.of(right)));
  }

  @Test
  void theFirstBadCellItsNeighboursWhoAgreesAndWhatRan() {
    String text =
        diagnosis(
            outcome("right", PROBLEM.answer().output()),
            outcome("wrong", changed(20, 41)),
            outcome("same", changed(20, 41)));
    says(
        text,
        "wrong: wrong, same of right, wrong, same",
        "GemmSpec[n=3, k=1",
        "first bad cell dst[1, 1] (byte 20): expected 40, got 41; 1 of 6 cells differ",
        "41≠40",
        "oracle = right  |  wrong = same",
        "kernel=gemm_u8s8s32_1x1x1_wrong",
        "rerun ");
  }

  @Test
  void aByteBetweenTheRows() {
    says(
        diagnosis(outcome("stray", changed(12, 7))),
        "byte 12, between the cells",
        "overwritten with 7");
  }

  @Test
  void anException() {
    FakeBackend backend = new FakeBackend("broken", 1, Availability.USABLE);
    Throwable thrown = new ArithmeticException("by zero");
    Outcome outcome = new Outcome(backend, Optional.empty(), Optional.empty(), Optional.of(thrown));
    says(
        diagnosis(outcome),
        "broken, not prepared",
        "threw java.lang.ArithmeticException: by zero",
        "at dev.octavo.conformance.DiagnosisTest");
  }
}
