package dev.octavo.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octavo.Availability;
import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Prepared;
import dev.octavo.bench.measure.Reference;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.Variant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** With the Maven profile "peers" they are run; without it they say what is missing. */
class PeersTest {

  private static final List<ShapeGrammar.Given> SHAPES =
      Stream.concat(
              ShapeGrammar.gemms("1,64,64;5,7,9;33,70,130").stream(),
              ShapeGrammar.convs(
                  "1,5,9,8,7,3,3,1,1;2,16,7,7,33,3,3,2,0:1:1:0;1,24,10,10,24,3,3,1,1,24;"
                      + "1,8,9,9,12,3,3,1,2,4,2;1,32,6,6,16,1,1,1,0")
                  .stream())
          .toList();

  @Test
  void idsAreDistinctAndReasonsSayWhatToDo() {
    List<Contender> all = Peers.all();
    assertEquals(all.size(), new HashSet<>(all.stream().map(Contender::id).toList()).size());
    if (System.getProperty("octavo.peers") == null) {
      for (Contender c : all) {
        Availability.Unusable u = (Availability.Unusable) c.availability();
        assertTrue(u.reason().contains("--peers"), u.reason());
      }
    }
  }

  /** Those that multiply without saturation must be right to the bit, or to the rounding. */
  @TestFactory
  Stream<DynamicTest> theRightOnesAreRight() {
    return Peers.all().stream()
        .filter(c -> c.availability() instanceof Availability.Usable)
        .filter(c -> !c.id().endsWith("-avx2"))
        .flatMap(
            c ->
                SHAPES.stream()
                    .flatMap(
                        shape ->
                            Stream.of(
                                    Variant.U8S8S32,
                                    Variant.S8S8S32,
                                    Variant.U8S8U8,
                                    Variant.S8S8S8)
                                .map(
                                    v ->
                                        dynamicTest(
                                            c.id() + " " + shape.text() + " " + v,
                                            () -> {
                                              Task task = Synthetic.task(shape.problem(), v);
                                              if (c.refusal(task).isPresent()) {
                                                return;
                                              }
                                              try (Team team = new Team(2);
                                                  Prepared prepared = c.prepare(task, team)) {
                                                assertEquals(
                                                    Optional.empty(),
                                                    prepared.check(Reference.of(task)));
                                              }
                                            }))));
  }
}
