package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Megabytes of heap weights go to C in parts; the kernel is that of the same weights in one. */
class WeightPartsTest {
  private static final int MEGABYTE = 1 << 20;

  /** A spec, how its weights lie, and a shape that meets every weight. */
  private record Case(
      Spec spec, BiFunction<MemorySegment, Bias, Weights> layout, int weights, int n, Shape shape) {
    static Case of(
        GemmSpec spec,
        int weights,
        BiFunction<MemorySegment, Integer, Weights> layout,
        int stride) {
      return new Case(
          spec,
          (data, bias) -> layout.apply(data, stride).withBias(bias),
          weights,
          spec.n(),
          spec.rows(2));
    }

    static Case of(ConvSpec spec, BiFunction<MemorySegment, ConvSpec, Weights> layout) {
      Window window = spec.window();
      return new Case(
          spec,
          (data, bias) -> layout.apply(data, spec).withBias(bias),
          spec.outChannels()
              * window.kernelHeight()
              * window.kernelWidth()
              * spec.groupInChannels(),
          spec.outChannels(),
          spec.nhwc(1, window.kernelHeight(), window.kernelWidth()));
    }
  }

  private static List<Case> cases() {
    int n = 1003;
    int k = 2051;
    int gap = 46;
    GemmSpec gemm = GemmSpec.of(n, k).withRhs(ElementType.S8, zeroPoints(n));
    GemmSpec deep = GemmSpec.of(70, 50_000); // a panel is more than a piece
    ConvSpec grouped = ConvSpec.of(480, 900, Window.of(3, 3)).withGroups(3);
    return List.of(
        Case.of(gemm, n * k, Weights::rowsOfK, k),
        Case.of(gemm, n * (k + gap), Weights::rowsOfK, k + gap),
        Case.of(gemm, n * k, Weights::rowsOfN, n),
        Case.of(deep, 70 * 50_000, Weights::rowsOfK, 50_000),
        Case.of(grouped, Weights::ohwi),
        Case.of(grouped, Weights::oihw),
        Case.of(grouped, Weights::hwio),
        Case.of(ConvSpec.of(50_000, 50_000, Window.of(5, 5)).withGroups(50_000), Weights::ohwi));
  }

  private static ZeroPoints zeroPoints(int n) {
    return ZeroPoints.of(IntStream.range(0, n).map(c -> c % 7 - 3).toArray());
  }

  @Test
  void partsMakeTheSameKernel() {
    Built.assumeLoaded();
    for (Case c : cases()) {
      byte[] weights = new byte[c.weights];
      new SplittableRandom(1).nextBytes(weights);
      Bias bias = Bias.of(new SplittableRandom(2).ints(c.n).toArray());
      for (Backend backend : new NativeProvider().backends()) {
        if (!(backend.availability() instanceof Availability.Unusable)) {
          check(backend, c, weights, bias);
        }
      }
    }
  }

  private static void check(Backend backend, Case c, byte[] weights, Bias bias) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment inNative = arena.allocateFrom(ValueLayout.JAVA_BYTE, weights);
      MemorySegment onHeap = MemorySegment.ofArray(weights);
      Kernel whole = backend.prepare(c.spec, c.layout.apply(inNative, bias), arena);
      Kernel parts = backend.prepare(c.spec, c.layout.apply(onHeap, bias), arena);
      assertEquals(-1, whole.packed().mismatch(parts.packed()), () -> backend + ", " + c);
      byte[] input = new byte[Math.toIntExact(whole.inputBytes(c.shape))];
      new SplittableRandom(3).nextBytes(input);
      int[] expected = new int[Math.toIntExact(whole.outputBytes(c.shape) / 4)];
      int[] actual = new int[expected.length];
      whole.run(c.shape, MemorySegment.ofArray(input), MemorySegment.ofArray(expected));
      parts.run(c.shape, MemorySegment.ofArray(input), MemorySegment.ofArray(actual));
      assertArrayEquals(expected, actual, () -> backend + ", " + c);
    }
  }

  /** What C is given: no part of more than a megabyte and a panel, and every panel once. */
  @Test
  void partsAreSmall() throws Throwable {
    GemmSpec spec = GemmSpec.of(1003, 2051);
    Weights weights = Weights.rowsOfK(MemorySegment.ofArray(new byte[1003 * 2051]), 2051);
    List<Long> bounds = new ArrayList<>(List.of(0L));
    try (Arena arena = Arena.ofConfined()) {
      WeightParts.of(spec, weights, 32, 1003)
          .forEach(
              arena,
              (part, first, last) -> {
                assertTrue(part.isNative() && part.byteSize() <= MEGABYTE, part::toString);
                assertEquals(bounds.getLast(), first);
                bounds.add(last);
              });
    }
    assertEquals(List.of(0L, 15L, 30L, 32L), bounds);
  }
}
