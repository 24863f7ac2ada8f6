package dev.octavo.conformance.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.QuantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Bad input: a clear exception that says what is wrong, and nothing written. */
public interface BadInputContract extends Contract {
  /** A kind of run, and how to set one up. */
  record Kind(String name, Spec spec, Function<Backend, Scene> scene, List<Spoiling> more) {}

  @TestFactory
  default Stream<DynamicTest> runsRefuseBadArguments() {
    return kinds().stream()
        .flatMap(
            kind ->
                Host.able(backends(), kind.spec()).stream()
                    .flatMap(backend -> runs(kind, backend)));
  }

  private static Stream<DynamicTest> runs(Kind kind, Backend backend) {
    List<Spoiling> spoilings = new ArrayList<>();
    try (Scene scene = kind.scene().apply(backend)) {
      scene.run();
      spoilings.addAll(Spoilings.ofAny(scene));
      spoilings.addAll(ShapeSpoilings.of(scene));
      spoilings.addAll(kind.more());
    }
    return spoilings.stream()
        .map(
            spoiling ->
                dynamicTest(
                    backend + ", " + kind.name() + ": " + spoiling.what(),
                    () -> {
                      try (Scene scene = kind.scene().apply(backend)) {
                        check(scene, spoiling);
                      }
                    }));
  }

  private static void check(Scene scene, Spoiling spoiling) {
    List<MemorySegment> outputs = new ArrayList<>(List.of(scene.output));
    List<byte[]> before = new ArrayList<>(List.of(Host.bytes(scene.output)));
    Executable spoiled =
        () -> {
          spoiling.spoil().accept(scene);
          if (readable(scene.output)) {
            outputs.add(scene.output);
            before.add(Host.bytes(scene.output));
          }
          scene.run();
        };
    assertMentions(spoiling.mention(), assertThrows(spoiling.expected(), spoiled));
    for (int i = 0; i < outputs.size(); i++) {
      assertArrayEquals(
          before.get(i),
          Host.bytes(outputs.get(i)),
          "the output was written before the arguments were refused");
    }
  }

  private static boolean readable(MemorySegment segment) {
    return segment != null
        && segment.scope().isAlive()
        && segment.isAccessibleBy(Thread.currentThread());
  }

  private static void assertMentions(String mention, Throwable thrown) {
    assertNotNull(thrown.getMessage(), () -> thrown + " has no message");
    assertTrue(
        thrown.getMessage().contains(mention),
        () -> "'" + thrown.getMessage() + "' does not mention '" + mention + "'");
  }

  private static List<Kind> kinds() {
    GemmSpec gemm = GemmSpec.of(5, 7);
    GemmSpec perRow =
        gemm.withLhs(ElementType.S8, new LhsQuantization.PerRow())
            .withOutput(new Output.Dequantized(Scales.ONE));
    GemmSpec perTensor = gemm.withLhs(ElementType.U8, new LhsQuantization.PerTensor());
    ConvSpec conv = ConvSpec.of(3, 4, Window.of(3, 3).withPadding(0, 1, 0, 1));
    QuantizeSpec quantize = QuantizeSpec.of(ElementType.U8, Scales.ONE, ZeroPoints.ZERO);
    DynamicQuantizeSpec dynamic = DynamicQuantizeSpec.onnx();
    Weights k = Weights.rowsOfK(MemorySegment.ofArray(new byte[35]), 7);
    Weights filter = Weights.ohwi(MemorySegment.ofArray(new byte[4 * 27]), conv);
    Shape dense = quantize.elements(3, 20);
    return List.of(
        new Kind("GEMM", gemm, b -> new Scene(b, gemm, k, gemm.rows(3), 0), List.of()),
        new Kind(
            "GEMM per row",
            perRow,
            b -> new Scene(b, perRow, k, perRow.rows(3), 3),
            Spoilings.ofParameters(false, true, false)),
        new Kind(
            "GEMM per tensor",
            perTensor,
            b -> new Scene(b, perTensor, k, perTensor.rows(3), 1),
            Spoilings.ofParameters(false, false, true)),
        new Kind(
            "convolution", conv, b -> new Scene(b, conv, filter, conv.nhwc(2, 5, 6), 0), List.of()),
        new Kind(
            "quantize", quantize, b -> new Scene(b, quantize, Weights.NONE, dense, 0), List.of()),
        new Kind(
            "dynamic quantize",
            dynamic,
            b -> new Scene(b, dynamic, Weights.NONE, dense, 1),
            Spoilings.ofParameters(true, true, false)));
  }

  @TestFactory
  default Stream<DynamicTest> preparingRefusesBadArguments() {
    GemmSpec gemm = GemmSpec.of(5, 7);
    return Host.able(backends(), gemm).stream().flatMap(backend -> preparing(backend, gemm));
  }

  private static Stream<DynamicTest> preparing(Backend backend, GemmSpec gemm) {
    Weights good = Weights.rowsOfK(MemorySegment.ofArray(new byte[35]), 7);
    MemorySegment few = MemorySegment.ofArray(new byte[34]);
    Arena arena = Arena.ofAuto();
    return Stream.of(
        prepare(
            backend,
            "no spec",
            NullPointerException.class,
            "spec",
            () -> backend.prepare(null, good, arena)),
        prepare(
            backend,
            "no weights",
            NullPointerException.class,
            "weights",
            () -> backend.prepare(gemm, null, arena)),
        prepare(
            backend,
            "no arena",
            NullPointerException.class,
            "arena",
            () -> backend.prepare(gemm, good, null)),
        prepare(
            backend,
            "weights forgotten",
            IllegalArgumentException.class,
            "weights",
            () -> backend.prepare(gemm, arena)),
        prepare(
            backend,
            "weights a byte short",
            IndexOutOfBoundsException.class,
            "35",
            () -> backend.prepare(gemm, Weights.rowsOfK(few, 7), arena)),
        prepare(
            backend,
            "strides beyond the weights",
            IndexOutOfBoundsException.class,
            "weights",
            () -> backend.prepare(gemm, Weights.rowsOfK(good.data(), 8), arena)),
        prepare(
            backend,
            "strides beyond 63 bits",
            IllegalArgumentException.class,
            "overflow",
            () ->
                backend.prepare(
                    gemm, new Weights(few, Long.MAX_VALUE, 0, 0, 1, Bias.none()), arena)),
        prepare(
            backend,
            "a bias too few",
            IllegalArgumentException.class,
            "4",
            () -> backend.prepare(gemm, good.withBias(Bias.of(1, 2, 3, 4)), arena)),
        prepare(
            backend,
            "a float bias on accumulators",
            IllegalArgumentException.class,
            "float",
            () -> backend.prepare(gemm, good.withBias(Bias.of(1f, 2f, 3f, 4f, 5f)), arena)),
        prepare(
            backend,
            "a closed arena",
            IllegalStateException.class,
            "closed",
            () -> backend.prepare(gemm, good, closed())),
        prepare(
            backend,
            "weights in a closed arena",
            IllegalStateException.class,
            "closed",
            () -> backend.prepare(gemm, Weights.rowsOfK(closedSegment(), 7), arena)));
  }

  private static DynamicTest prepare(
      Backend backend,
      String what,
      Class<? extends Throwable> expected,
      String mention,
      Executable call) {
    return dynamicTest(
        backend + ": " + what, () -> assertMentions(mention, assertThrows(expected, call)));
  }

  private static Arena closed() {
    Arena arena = Arena.ofConfined();
    arena.close();
    return arena;
  }

  private static MemorySegment closedSegment() {
    try (Arena arena = Arena.ofConfined()) {
      return arena.allocate(35);
    }
  }
}
