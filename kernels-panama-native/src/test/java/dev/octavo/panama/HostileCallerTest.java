package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A caller that means harm writes to everything it can reach while C works on it: scratch, run-time
 * parameters, input, and the packed weights, through an arena of its own making. Numbers may be
 * wrong then. Nothing else may happen: none of these bytes is an address or an extent.
 */
class HostileCallerTest {
  private static final int RUNS = 200;

  /** Bytes behind scratch and output that stay zero. */
  private static final int FENCE = 256;

  /** A spec, with all that one run of it takes. */
  private record Work(Spec spec, Shape shape, byte[] weights, byte[] input, LhsParameters lhs) {}

  /** An arena that keeps what it hands out, and could write to it. */
  private static final class Treacherous implements Arena {
    private final Arena arena = Arena.ofShared();
    private MemorySegment largest = MemorySegment.NULL;

    @Override
    public MemorySegment allocate(long bytes, long alignment) {
      MemorySegment segment = arena.allocate(bytes, alignment);
      if (bytes > largest.byteSize()) {
        largest = segment;
      }
      return segment;
    }

    @Override
    public MemorySegment.Scope scope() {
      return arena.scope();
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** Writes noise until it is told to stop. */
  private static final class Scribbler extends Thread {
    private final List<MemorySegment> victims;
    private volatile boolean enough;

    Scribbler(List<MemorySegment> victims) {
      this.victims = victims;
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      SplittableRandom random = new SplittableRandom(7);
      while (!enough) {
        for (MemorySegment victim : victims) {
          for (long at = 0; at + 8 <= victim.byteSize(); at += 8) {
            victim.set(ValueLayout.JAVA_LONG_UNALIGNED, at, random.nextLong());
          }
        }
      }
    }

    void stopAndJoin() throws InterruptedException {
      enough = true;
      join();
    }
  }

  @Test
  void noiseInWhatAKernelReadsAndWritesIsOnlyNoise() throws InterruptedException {
    Built.assumeLoaded();
    for (Backend backend : new NativeProvider().backends()) {
      if (backend.availability() instanceof Availability.Unusable) {
        continue;
      }
      for (Work work : works()) {
        attack(backend, work);
      }
    }
  }

  private static void attack(Backend backend, Work work) throws InterruptedException {
    byte[] expected = honest(backend, work);
    int[] rowZeroPoints =
        work.lhs == null ? null : work.lhs.zeroPoints().toArray(ValueLayout.JAVA_INT);
    try (Treacherous arena = new Treacherous()) {
      Kernel kernel = prepare(backend, work, arena);
      MemorySegment packed = arena.largest;
      assertTrue(packed.byteSize() >= kernel.packed().byteSize(), "not the packed weights");
      MemorySegment input = arena.allocate(work.input.length, 64);
      long outputBytes = kernel.outputBytes(work.shape);
      long scratchBytes = kernel.scratchBytes(work.shape);
      MemorySegment fencedOutput = arena.allocate(outputBytes + FENCE, 64);
      MemorySegment fencedScratch = arena.allocate(scratchBytes + FENCE, 64);
      MemorySegment output = fencedOutput.asSlice(0, outputBytes);
      MemorySegment scratch = fencedScratch.asSlice(0, scratchBytes);
      MemorySegment zeroPoints = work.lhs == null ? output : work.lhs.zeroPoints();
      Scribbler scribbler = new Scribbler(List.of(scratch, packed, input, output, zeroPoints));
      for (int i = 0; i < RUNS; i++) {
        kernel.run(work.shape, input, output, work.lhs, scratch, 0, kernel.strips(work.shape));
      }
      scribbler.stopAndJoin();
      byte[] untouched = new byte[FENCE];
      for (MemorySegment fence :
          List.of(fencedOutput.asSlice(outputBytes), fencedScratch.asSlice(scratchBytes))) {
        assertArrayEquals(untouched, fence.toArray(ValueLayout.JAVA_BYTE));
      }
    }
    if (rowZeroPoints != null) {
      work.lhs.zeroPoints().copyFrom(MemorySegment.ofArray(rowZeroPoints));
    }
    assertArrayEquals(expected, honest(backend, work), backend + " " + work.spec);
  }

  private static byte[] honest(Backend backend, Work work) {
    try (Arena arena = Arena.ofConfined()) {
      Kernel kernel = prepare(backend, work, arena);
      MemorySegment output = arena.allocate(kernel.outputBytes(work.shape), 64);
      MemorySegment input = arena.allocate(work.input.length, 64);
      input.copyFrom(MemorySegment.ofArray(work.input));
      kernel.run(work.shape, input, output, work.lhs);
      return output.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static Kernel prepare(Backend backend, Work work, Arena arena) {
    MemorySegment data = MemorySegment.ofArray(work.weights);
    return switch (work.spec) {
      case GemmSpec g -> backend.prepare(g, Weights.rowsOfK(data, g.k()), arena);
      case ConvSpec c -> backend.prepare(c, Weights.ohwi(data, c), arena);
      default -> backend.prepare(work.spec, arena);
    };
  }

  private static List<Work> works() {
    Window same = Window.of(3, 3).withPadding(1);
    Output.Requantized requantized =
        Output.Requantized.of(
            ElementType.U8, Recipe.FIXED_POINT_SINGLE_ROUNDING, Multipliers.FixedPoint.of(0.01), 3);
    ConvSpec many = ConvSpec.of(64, 32, same).withLhs(ElementType.S8, 4);
    ConvSpec few =
        ConvSpec.of(5, 40, same.withDilations(2, 2)).withRhs(ElementType.S8, ZeroPoints.of(2));
    ConvSpec groups = ConvSpec.of(12, 24, same.withStride(2)).withGroups(3).withOutput(requantized);
    ConvSpec depthwise = ConvSpec.of(40, 40, same).withGroups(40).withOutput(requantized);
    GemmSpec rows =
        GemmSpec.of(50, 70)
            .withLhs(ElementType.U8, new LhsQuantization.PerRow())
            .withRhs(ElementType.U8, ZeroPoints.of(100));
    RequantizeSpec elements = RequantizeSpec.of(19, requantized);
    int[] zeroPoints = IntStream.range(0, 30).toArray();
    return List.of(
        conv(many),
        conv(few),
        conv(groups),
        conv(depthwise),
        work(
            rows,
            rows.rows(30),
            50 * 70,
            30 * 70,
            new LhsParameters(MemorySegment.NULL, MemorySegment.ofArray(zeroPoints))),
        work(elements, elements.elements(100, 1), 0, 4 * 1900, null));
  }

  private static Work conv(ConvSpec spec) {
    return work(
        spec,
        spec.nhwc(1, 12, 12),
        spec.outChannels() * 9 * spec.groupInChannels(),
        144 * spec.inChannels(),
        null);
  }

  private static Work work(Spec spec, Shape shape, int weights, int input, LhsParameters lhs) {
    Random random = new Random(1);
    byte[] w = new byte[weights];
    byte[] x = new byte[input];
    random.nextBytes(w);
    random.nextBytes(x);
    return new Work(spec, shape, w, x, lhs);
  }
}
