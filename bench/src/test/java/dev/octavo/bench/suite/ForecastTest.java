package dev.octavo.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.problem.Gemm;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTest {

  private static final Gemm LARGE = new Gemm(64, 4096, 4096);
  private static final List<Contender> ALL = Contender.all();
  private static final Contender NATIVE = contender("native-scalar");
  private static final Contender SCALAR = contender("scalar");

  private static Contender contender(String id) {
    return ALL.stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void learnsFromEachContenderWhatItsNextMeasurementsWillCost() {
    Forecast forecast = new Forecast();
    for (int i = 0; i < 40; i++) {
      forecast.expect(NATIVE, LARGE);
    }
    for (int i = 0; i < 20; i++) {
      forecast.took(NATIVE, LARGE, 1.5);
    }
    assertEquals(20 * 1.5, forecast.seconds(), 0.1 * 20 * 1.5);
  }

  @Test
  void whatIsSkippedOrTakenCostsNothingMore() {
    Forecast forecast = new Forecast();
    forecast.expect(NATIVE, LARGE);
    forecast.expect(NATIVE, LARGE);
    double both = forecast.seconds();
    forecast.skip(NATIVE, LARGE);
    assertEquals(both / 2, forecast.seconds(), 1e-9);
    forecast.took(NATIVE, LARGE, 0.01);
    assertEquals(0, forecast.seconds(), 1e-9);
  }

  @Test
  void compilingIsExpectedOnceForAKindOfCode() {
    Forecast forecast = new Forecast();
    for (int i = 0; i < 10; i++) {
      forecast.expect(SCALAR, LARGE);
    }
    double before = forecast.seconds();
    forecast.took(SCALAR, LARGE, 3);
    double after = forecast.seconds();
    assertTrue(after < before - 0.5, before + " s, then " + after);
    forecast.took(SCALAR, LARGE, 0.05);
    assertTrue(forecast.seconds() < after, "the long first one does not make the others long");
  }
}
