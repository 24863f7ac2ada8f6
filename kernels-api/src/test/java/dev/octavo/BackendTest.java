package dev.octavo;

import static dev.octavo.Refusals.outOfBounds;
import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Backend#prepare} checks before it lets a backend pack anything. */
class BackendTest {
  private static final GemmSpec GEMM = GemmSpec.of(2, 3);

  private final Arena arena = Arena.ofConfined();
  private final Backend backend = Fakes.usable("fake", 1);
  private final Weights weights = Weights.rowsOfK(arena.allocate(6), 3);

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void goodWeightsGoThrough() {
    Kernel kernel = backend.prepare(GEMM, weights, arena);
    assertEquals(GEMM, kernel.spec());
    assertEquals("fake", kernel.plan().backend());
    backend.prepare(GEMM, weights.withBias(Bias.of(1, 2)), arena);
    backend.prepare(GEMM, Weights.rowsOfN(arena.allocate(6), 2), arena);
    backend.prepare(GemmSpec.of(0, 3), Weights.NONE, arena);
    backend.prepare(GemmSpec.of(2, 0), Weights.NONE.withBias(Bias.of(1, 2)), arena);
    Spec dynamic = DynamicQuantizeSpec.onnx();
    assertEquals(dynamic, backend.prepare(dynamic, arena).spec());
  }

  @Test
  void weightsThatAreTooSmall() {
    Weights five = Weights.rowsOfK(arena.allocate(5), 3);
    outOfBounds(
        "the weights segment has 5 bytes; 6 are needed", () -> backend.prepare(GEMM, five, arena));
    ConvSpec conv = ConvSpec.of(2, 3, Window.of(2, 2));
    for (Weights w :
        new Weights[] {
          Weights.ohwi(arena.allocate(23), conv),
          Weights.oihw(arena.allocate(23), conv),
          Weights.hwio(arena.allocate(23), conv)
        }) {
      outOfBounds(
          "the weights segment has 23 bytes; 24 are needed", () -> backend.prepare(conv, w, arena));
    }
    Weights endless = new Weights(arena.allocate(6), 1, 0, 0, Long.MAX_VALUE, Bias.none());
    refused(
        "weight bytes overflows: 2 · 9223372036854775807",
        () -> backend.prepare(GEMM, endless, arena));
  }

  @Test
  void biasesThatDoNotFit() {
    refused(
        "the bias has 1 values for 2 output channels",
        () -> backend.prepare(GEMM, weights.withBias(Bias.of(1)), arena));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> backend.prepare(GEMM, weights.withBias(Bias.of(1f, 2f)), arena))
            .getMessage();
    assertTrue(message.startsWith("a float bias goes with Dequantized output"), message);
    GemmSpec dequantized = GEMM.withOutput(new Output.Dequantized(Scales.ONE));
    backend.prepare(dequantized, weights.withBias(Bias.of(1f, 2f)), arena);
    backend.prepare(dequantized, weights.withBias(Bias.of(1, 2)), arena);
    GemmSpec floatBias =
        GEMM.withOutput(
            Output.Requantized.of(
                ElementType.U8, Recipe.FLOAT32_FLOAT_BIAS, Multipliers.Float32.of(1f), 0));
    backend.prepare(floatBias, weights.withBias(Bias.of(1f, 2f)), arena);
    refused(
        "FLOAT32_FLOAT_BIAS takes a float bias in accumulator units, not an int32 bias",
        () -> backend.prepare(floatBias, weights.withBias(Bias.of(1, 2)), arena));
  }

  @Test
  void nullsAndMissingWeights() {
    assertThrows(NullPointerException.class, () -> backend.prepare(null, weights, arena));
    assertThrows(NullPointerException.class, () -> backend.prepare(GEMM, null, arena));
    assertThrows(NullPointerException.class, () -> backend.prepare(GEMM, weights, null));
    assertThrows(NullPointerException.class, () -> backend.plan(null));
    refused(
        "a GemmSpec needs weights: prepare(spec, weights, arena)",
        () -> backend.prepare(GEMM, arena));
    refused(
        "a ConvSpec needs weights: prepare(spec, weights, arena)",
        () -> backend.prepare(ConvSpec.of(1, 1, Window.of(1)), arena));
  }

  @Test
  void closedArenas() {
    Arena closed = Arena.ofShared();
    Weights gone = Weights.rowsOfK(closed.allocate(6), 3);
    closed.close();
    failed("the arena to prepare in is closed", () -> backend.prepare(GEMM, weights, closed));
    failed("the arena of the weights segment is closed", () -> backend.prepare(GEMM, gone, arena));
  }

  @Test
  void theBackendIsAskedFirst() {
    Backend amx = Fakes.unusable("amx", 1, "no AMX");
    failed("backend amx is unusable: no AMX", () -> amx.prepare(GEMM, weights, arena));
    failed("backend amx is unusable: no AMX", () -> amx.plan(GEMM));
    Backend picky = Fakes.backend("picky", 1, Availability.USABLE, "n is even");
    assertEquals(
        "backend picky does not do " + GEMM + ": n is even",
        assertThrows(UnsupportedOperationException.class, () -> picky.plan(GEMM)).getMessage());
    Fakes.backend("slow", 1, new Availability.Emulated("slow")).prepare(GEMM, weights, arena);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Native", "native_avx2", "-a", "a-", "a--b", "2a", "a b"})
  void idsHaveAGrammar(String id) {
    refused("not a backend id: " + id, () -> Fakes.usable(id, 1));
  }

  @Test
  void ranksAreNotNegative() {
    refused("rank must be at least 0, not -1", () -> Fakes.usable("a", -1));
  }

  private static void failed(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalStateException.class, code).getMessage());
  }
}
