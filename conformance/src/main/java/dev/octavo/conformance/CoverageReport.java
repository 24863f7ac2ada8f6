package dev.octavo.conformance;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints the {@link Coverage} when all tests are through; the JUnit platform finds it as a service.
 */
public final class CoverageReport implements TestExecutionListener {
  /** For {@link java.util.ServiceLoader}. */
  public CoverageReport() {}

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    String report = Coverage.report();
    if (!report.isEmpty()) {
      System.out.println("Conformance coverage" + System.lineSeparator() + report);
    }
  }
}
