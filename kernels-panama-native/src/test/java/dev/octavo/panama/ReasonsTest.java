package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;

/**
 * Every row of the table in docs/LOADING.md was brought about by some test of this module, which
 * printed a reason that it matches. So this class comes after all others, see {@code
 * junit-platform.properties}.
 */
@Order(Integer.MAX_VALUE)
class ReasonsTest {
  /** Classes that bring reasons about, each with a row that it alone shows wherever it runs. */
  private static final List<String> NEEDED =
      List.of("the jar is damaged", "this JVM denies native access", "the operating system");

  /** What some machines do not let us bring about; those tests say so and are skipped. */
  private static final List<String> NOT_EVERYWHERE =
      List.of("is the folder mounted noexec?", "it belongs to user");

  @BeforeAll
  static void onlyAfterAllOthers() {
    Built.library();
    for (String needed : NEEDED) {
      assumeTrue(
          Reasons.shown().stream().anyMatch(row -> row.startsWith(needed)),
          "only some of this module's tests ran, none with \"" + needed + " …\"");
    }
  }

  @TestFactory
  Stream<DynamicTest> everyRowWasSeen() {
    return Reasons.rows().stream().map(row -> DynamicTest.dynamicTest(row, () -> wasSeen(row)));
  }

  private static void wasSeen(String row) {
    if (NOT_EVERYWHERE.stream().anyMatch(row::contains)) {
      assumeTrue(Reasons.shown().contains(row), "not on this machine, or not as this user: " + row);
    }
    assertTrue(Reasons.shown().contains(row), "no test brings about: " + row);
  }
}
