package dev.octavo.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Stopwatch.Budget;
import dev.octavo.bench.models.Models;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final List<Contender> CONTENDERS =
      Contender.all().stream()
          .filter(c -> List.of("scalar", "native-scalar", "float32-java").contains(c.id()))
          .toList();

  private static Pace pace(double seconds, Integer... threads) throws IOException {
    Pace pace = Pace.quick();
    pace.expect(List.of(Suite.of(Models.named("alexnet"))), CONTENDERS, List.of(threads));
    pace.allow(seconds);
    return pace;
  }

  @Test
  void everyLayerContenderAndNumberOfThreadsIsExpected() throws IOException {
    assertEquals(8 * 3, pace(10, 1).ahead());
    assertEquals(8 * 3 * 2, pace(10, 1, 2).ahead());
    assertTrue(pace(10, 1, 2).least() > 1.5 * pace(10, 1).least() - 3);
  }

  @Test
  void whatTheMeasurementsCostAnywayIsSetAsideAndTheRestIsShared() throws IOException {
    Pace pace = pace(100, 1);
    assertEquals(100, pace.remaining(), 0.5);
    Budget budget = pace.next(CONTENDERS, 1).get(CONTENDERS.getFirst());
    double each = budget.warmUp() + budget.sampling();
    double cost = pace.least() - 24 * 6e-3;
    assertEquals((100 - cost) / 24, each, 0.05);
    assertTrue(budget.parts());
    assertFalse(pace.next(CONTENDERS, 2).get(CONTENDERS.getFirst()).parts());
  }

  @Test
  void aBudgetTooSmallGivesEveryoneTheLeastAndSaysHowLongThatTakes() throws IOException {
    Pace pace = pace(0.001, 1);
    Map<Contender, Budget> budgets = pace.next(CONTENDERS, 1);
    budgets.values().forEach(b -> assertEquals(6e-3, b.warmUp() + b.sampling(), 1e-9));
    assertEquals(pace.least(), pace.remaining(), 1e-9);
  }
}
