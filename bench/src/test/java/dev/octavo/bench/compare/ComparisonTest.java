package dev.octavo.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Check;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.Verdict;
import dev.octavo.bench.report.SampleResults;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final double THRESHOLD = 0.1;
  private static final String NATIVE = "native-avx512vnni";

  @Test
  void twoRunsOfOneThingGiveNoAlarm() {
    for (int seed = 0; seed < 40; seed++) {
      Comparison c = Comparison.of(SampleResults.of(2 * seed), SampleResults.of(2 * seed + 1));
      assertFalse(c.isRegression(THRESHOLD), "seed " + seed + ": " + c.slowerLayers(THRESHOLD));
      assertEquals(List.of(), c.fasterLayers(THRESHOLD), "seed " + seed);
    }
  }

  @Test
  void aSlowerMachineIsNoRegression() {
    Comparison c =
        Comparison.of(SampleResults.of(1), SampleResults.of(2, 1.3, (contender, layer) -> 1));
    assertFalse(c.isRegression(THRESHOLD));
    assertEquals(Math.log(1.3), c.drift().get(1), 0.05);
  }

  @Test
  void aBackendThatBecameSlowerIsFound() {
    for (int seed = 0; seed < 20; seed++) {
      Results slow =
          SampleResults.of(
              100 + seed, 1.1, (contender, layer) -> contender.equals(NATIVE) ? 1.2 : 1);
      Comparison c = Comparison.of(SampleResults.of(seed), slow);
      assertEquals(
          List.of(NATIVE, NATIVE),
          c.slowerWholes(THRESHOLD).stream()
              .filter(Comparison.Whole::isAll)
              .map(Comparison.Whole::contender)
              .toList(),
          "on one thread and on two, seed " + seed);
      assertTrue(c.isRegression(THRESHOLD));
    }
  }

  private static Results slowLayer(long seed) {
    return SampleResults.of(
        seed, 1, (contender, layer) -> (contender + layer).equals("vector-512layer3") ? 1.8 : 1);
  }

  @Test
  void oneSlowLayerInOneRunIsASuspectOnly() {
    Comparison c = Comparison.of(SampleResults.of(7), slowLayer(8));
    assertEquals(4, c.slowerLayers(THRESHOLD).size());
    assertFalse(c.isRegression(THRESHOLD));
    Comparison twice =
        Comparison.of(
            List.of(SampleResults.of(7), SampleResults.of(9), SampleResults.of(11), slowLayer(13)),
            List.of(slowLayer(8), slowLayer(10), slowLayer(12), slowLayer(14)));
    assertFalse(twice.isRegression(THRESHOLD), "slow in one of the runs before");
  }

  @Test
  void aFamilyThatBecameSlowerIsFound() {
    Results slow =
        SampleResults.of(
            8, 1, (c, layer) -> c.equals(NATIVE) && layer.matches("layer(0|3|6|9|12)") ? 1.5 : 1);
    Comparison c = Comparison.of(SampleResults.of(7), slow);
    assertTrue(c.isRegression(THRESHOLD));
    assertTrue(c.slowerWholes(THRESHOLD).stream().anyMatch(w -> w.family().equals("convolutions")));
  }

  @Test
  void aLayerThatBecameSlowerInEveryRunIsFound() {
    List<Results> before = IntStream.range(0, 4).mapToObj(i -> SampleResults.of(20 + i)).toList();
    List<Results> after = IntStream.range(0, 4).mapToObj(i -> slowLayer(30 + i)).toList();
    assertFalse(
        Comparison.of(before.subList(0, 2), after.subList(0, 2)).isRegression(THRESHOLD),
        "two and two may be chance");
    Comparison c = Comparison.of(before, after);
    assertTrue(c.isRegression(THRESHOLD));
    List<Comparison.Layer> found = c.slowerLayers(THRESHOLD);
    assertTrue(found.size() >= 3, "of two models, two numbers of threads: " + found);
    assertTrue(
        found.stream()
            .allMatch(l -> l.contender().equals("vector-512") && l.layer().equals("layer3")));
    assertEquals(List.of(), c.slowerWholes(THRESHOLD));
  }

  @Test
  void aFasterBackendIsNoAlarm() {
    Results fast = SampleResults.of(4, 1, (contender, layer) -> contender.equals(NATIVE) ? 0.5 : 1);
    Comparison c = Comparison.of(SampleResults.of(3), fast);
    assertFalse(c.isRegression(THRESHOLD));
    assertFalse(c.fasterLayers(THRESHOLD).isEmpty());
  }

  @Test
  void slowerFloat32OrPeersAreNotOurRegression() {
    Results slow = SampleResults.of(4, 1, (contender, layer) -> contender.equals("onednn") ? 3 : 1);
    assertFalse(Comparison.of(SampleResults.of(3), slow).isRegression(THRESHOLD));
  }

  @Test
  void aResultThatIsWrongNowIsARegression() {
    Results broken = withEntries(SampleResults.of(3), ComparisonTest::broken);
    Comparison c = Comparison.of(SampleResults.of(3), broken);
    assertTrue(c.isRegression(THRESHOLD));
    assertTrue(c.broken().stream().allMatch(l -> l.contender().equals("scalar")));
    assertEquals(2, c.broken().size());
  }

  private static Entry broken(Entry e) {
    boolean here = e.contender().equals("scalar") && e.threads() == 2;
    return here
        ? new Entry(
            e.contender(),
            e.kind(),
            e.threads(),
            e.variant(),
            e.kernel(),
            null,
            new Check(Verdict.WRONG, "row 0", 1),
            null)
        : e;
  }

  /** The same results with other entries in the first layer of each model. */
  private static Results withEntries(Results r, UnaryOperator<Entry> change) {
    return new Results(
        r.schemaVersion(),
        r.state(),
        r.command(),
        r.started(),
        r.seconds(),
        r.machine(),
        r.settings(),
        r.peaks(),
        r.contenders(),
        r.suites().stream()
            .map(
                s ->
                    s.withItems(
                        s.items().stream()
                            .map(i -> i == s.items().getFirst() ? withEntries(i, change) : i)
                            .toList()))
            .toList());
  }

  private static ItemResult withEntries(ItemResult i, UnaryOperator<Entry> change) {
    return new ItemResult(
        i.layers(),
        i.kind(),
        i.shape(),
        i.multiplyAdds(),
        i.weights(),
        i.inputElements(),
        i.outputElements(),
        i.entries().stream().map(change).toList());
  }
}
