package dev.octavo.bench.measure;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class JitCompilerTest {

  private static final String IDLE =
      """
      Current compiles:\s

      C1 compile queue:
      Empty

      C2 compile queue:
      Empty

      """;

  @Test
  void itIsBusyWhileItCompilesOrHasSomethingToCompile() {
    assertFalse(JitCompiler.isBusy(IDLE));
    assertTrue(
        JitCompiler.isBusy(
            IDLE.replaceFirst(
                "\n\n", "\nC2 CompilerThread0  1409   !   4       a.B::c (530 bytes)\n\n")));
    assertFalse(
        JitCompiler.isBusy(
            IDLE.replaceFirst(
                "\n\n", "\nC1 CompilerThread0  1409   !   3       a.B::c (530 bytes)\n\n")));
    assertTrue(
        JitCompiler.isBusy(
            IDLE.replace(
                "C2 compile queue:\nEmpty", "C2 compile queue:\n7   4   a.B::c (5 bytes)")));
    assertFalse(JitCompiler.isBusy(""), "nothing is known");
  }

  /** The format is no contract: when it changes, this says so. */
  @Test
  void hotSpotStillPrintsWhatIsRead() throws Exception {
    Object queues =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "compilerQueue",
                null,
                null);
    assertTrue(queues.toString().contains("C2 compile queue:"), queues.toString());
  }
}
