package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.QuantizeSpec;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A run of a native kernel allocates nothing once it is compiled: for heap and native operands, and
 * when shapes take turns. Before that the interpreter allocates, and so does the compiler's first
 * code; so each case has time until it falls silent, and must then stay so. A case that is right
 * never needs that time.
 */
class NativeAllocationTest {
  private static final int BATCH = 64;

  /** Batches in a row that must allocate nothing. */
  private static final int KEPT = 12;

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A spec, and shapes of it that take turns. */
  private record Case(String name, Spec spec, List<Shape> shapes) {}

  /** A run with all it takes. */
  private record Call(
      Kernel kernel,
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      MemorySegment scratch,
      long strips) {
    void run() {
      kernel.run(shape, input, output, lhs, scratch, 0, strips);
    }
  }

  @Test
  void aRunAllocatesNothing() {
    for (Backend backend : Backends.list()) {
      if (backend.id().startsWith("native-")
          && backend.availability() instanceof Availability.Usable) {
        for (Case c : cases()) {
          probe(backend, c);
        }
      }
    }
  }

  private static List<Case> cases() {
    Output.Requantized u8 =
        Output.Requantized.of(
            ElementType.U8, Recipe.FLOAT32_NEAREST_EVEN, Multipliers.Float32.of(0.01f), 3);
    Window window = Window.of(3, 3).withPadding(1);
    GemmSpec gemm = GemmSpec.of(16, 16);
    GemmSpec wide = GemmSpec.of(40, 70).withRhs(ElementType.U8, ZeroPoints.of(7)).withOutput(u8);
    GemmSpec dynamic = gemm.withLhs(ElementType.U8, new LhsQuantization.PerRow());
    ConvSpec conv = ConvSpec.of(8, 16, window).withOutput(u8);
    ConvSpec depthwise = ConvSpec.of(16, 16, window).withGroups(16).withOutput(u8);
    RequantizeSpec requantize = RequantizeSpec.of(19, u8);
    QuantizeSpec quantize = QuantizeSpec.of(ElementType.U8, Scales.of(0.1f), ZeroPoints.of(128));
    DequantizeSpec dequantize =
        new DequantizeSpec(ElementType.U8, Scales.of(0.1f), ZeroPoints.of(128));
    return List.of(
        new Case("GEMM", gemm, List.of(gemm.rows(16))),
        new Case("GEMM, shapes in turns", gemm, rows(gemm, 15, 16)),
        new Case(
            "GEMM, many shapes of similar hashes",
            gemm,
            rows(gemm, LongStream.range(0, 8).map(i -> 1 + 32 * i).toArray())),
        new Case("GEMM to u8", wide, rows(wide, 7, 9)),
        new Case("GEMV", gemm, List.of(gemm.rows(1))),
        new Case("GEMM, zero points per row", dynamic, rows(dynamic, 4, 6)),
        new Case("convolution", conv, List.of(conv.nhwc(1, 6, 6), conv.nchw(1, 5, 6))),
        new Case("depthwise", depthwise, List.of(depthwise.nhwc(1, 6, 6), depthwise.nhwc(1, 5, 6))),
        new Case(
            "requantize",
            requantize,
            List.of(requantize.elements(10, 1), requantize.elements(1, 9))),
        new Case("quantize", quantize, List.of(quantize.elements(1, 90), quantize.elements(1, 70))),
        new Case(
            "dequantize",
            dequantize,
            List.of(dequantize.elements(1, 90), dequantize.elements(1, 70))));
  }

  private static List<Shape> rows(GemmSpec spec, long... rows) {
    return LongStream.of(rows).<Shape>mapToObj(spec::rows).toList();
  }

  private static void probe(Backend backend, Case c) {
    try (Arena arena = Arena.ofConfined()) {
      Weights weights =
          switch (c.spec) {
            case GemmSpec g -> Weights.rowsOfK(arena.allocate((long) g.n() * g.k()), g.k());
            case ConvSpec conv -> Weights.ohwi(arena.allocate(conv.outChannels() * conv.k()), conv);
            default -> Weights.NONE;
          };
      Kernel kernel = backend.prepare(c.spec, weights, arena);
      List<Call> calls = new ArrayList<>();
      for (Shape shape : c.shapes) {
        calls.add(call(kernel, shape, arena, false));
        calls.add(call(kernel, shape, arena, true));
      }
      falls(backend + " " + c.name, calls.toArray(new Call[0]));
    }
  }

  private static Call call(Kernel kernel, Shape shape, Arena arena, boolean onHeap) {
    long rows = shape instanceof Shape.Rows r ? r.m() : 1;
    long in = kernel.inputBytes(shape);
    long out = kernel.outputBytes(shape);
    long scratch = kernel.scratchBytes(shape);
    MemorySegment zeroPoints = onHeap ? ints(4 * rows) : arena.allocate(4 * rows, 4);
    return new Call(
        kernel,
        shape,
        onHeap ? ints(in).asSlice(0, in) : arena.allocate(in, 64),
        onHeap ? ints(out).asSlice(0, out) : arena.allocate(out, 64),
        new LhsParameters(MemorySegment.NULL, zeroPoints),
        scratch == 0 ? MemorySegment.NULL : arena.allocate(scratch, 64),
        kernel.strips(shape));
  }

  /** Heap memory in which elements of any type are aligned. */
  private static MemorySegment ints(long bytes) {
    return MemorySegment.ofArray(new int[(int) (bytes + 3) / 4]);
  }

  private static void falls(String what, Call[] calls) {
    long begin = System.nanoTime();
    int silent = 0;
    while (silent < KEPT) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < BATCH; i++) {
        calls[i % calls.length].run();
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      silent = allocated == 0 ? silent + 1 : 0;
      assertTrue(
          silent > 0 || System.nanoTime() - begin < PATIENCE_NANOS,
          () -> what + " still allocates " + allocated / BATCH + " bytes a run");
    }
  }
}
