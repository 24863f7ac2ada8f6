package dev.octavo.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octavo.Availability;
import dev.octavo.Backends;
import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Prepared;
import dev.octavo.bench.measure.Reference;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.onnx.OnnxModel;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.Variant;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * With the Maven profile "peers" they are run; without it they say what is missing, but for ONNX
 * Runtime, which is on every test's class path.
 */
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
      List<String> reasons =
          all.stream()
              .filter(c -> !c.id().equals("onnxruntime"))
              .map(c -> ((Availability.Unusable) c.availability()).reason())
              .toList();
      assertTrue(reasons.stream().allMatch(r -> r.contains("--peers")), reasons.toString());
    }
  }

  /**
   * Where the CPU multiplies bytes without saturation they must be right to the bit, or to the
   * rounding; elsewhere, and held to AVX2, they need only run.
   */
  @TestFactory
  Stream<DynamicTest> theRightOnesAreRight() {
    return Peers.all().stream()
        .filter(c -> c.availability() instanceof Availability.Usable)
        .flatMap(c -> SHAPES.stream().flatMap(shape -> tests(c, shape)));
  }

  private static Stream<DynamicTest> tests(Contender peer, ShapeGrammar.Given shape) {
    return Stream.of(Variant.U8S8S32, Variant.S8S8S32, Variant.U8S8U8, Variant.S8S8S8)
        .map(
            v ->
                dynamicTest(
                    peer.id() + " " + shape.text() + " " + v,
                    () -> check(peer, Synthetic.task(shape.problem(), v))));
  }

  /** The zero point is an operand of each run there, and a peer that takes one may take part. */
  @TestFactory
  Stream<DynamicTest> layersOfADynamicallyQuantizedModel() throws IOException {
    Task task = OnnxModel.bundled(5).layers().getFirst().task();
    return Peers.all().stream()
        .filter(c -> c.availability() instanceof Availability.Usable)
        .map(
            c ->
                dynamicTest(
                    c.id(),
                    () -> {
                      assertEquals(c.id().equals("mkl"), c.refusal(task).isPresent());
                      check(c, task);
                    }));
  }

  private static void check(Contender peer, Task task) {
    if (peer.refusal(task).isPresent()) {
      return;
    }
    try (Team team = new Team(2);
        Prepared prepared = peer.prepare(task, team)) {
      Optional<String> wrong = prepared.check(Reference.of(task));
      if (!peer.id().endsWith("-avx2") && cpuMultipliesBytes()) {
        assertEquals(Optional.empty(), wrong);
      }
    }
  }

  private static boolean cpuMultipliesBytes() {
    return Backends.list().stream()
        .anyMatch(b -> b.id().endsWith("vnni") && b.availability() instanceof Availability.Usable);
  }
}
