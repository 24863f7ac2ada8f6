package dev.octavo.bench.latency;

import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
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
import java.util.List;
import java.util.SplittableRandom;

/**
 * A large piece of work on heap operands.
 *
 * @param name for people
 * @param spec what to compute
 * @param shape on what
 * @param preparing whether it is preparing that is repeated, else running
 */
record Case(String name, Spec spec, Shape shape, boolean preparing) {
  private static final long MILLION = 1 << 20;

  /** Each kind of kernel, large. */
  static List<Case> all() {
    Output.Requantized bytes =
        Output.Requantized.of(
            ElementType.U8, Recipe.FLOAT32_NEAREST_EVEN, Multipliers.Float32.of(0.001f), 128);
    GemmSpec square = GemmSpec.of(1024, 1024).withLhs(ElementType.U8, 128).withOutput(bytes);
    GemmSpec wide = GemmSpec.of(4096, 4096).withLhs(ElementType.U8, 128).withOutput(bytes);
    GemmSpec deep = GemmSpec.of(64, 32_768).withLhs(ElementType.U8, 128).withOutput(bytes);
    GemmSpec abyss = GemmSpec.of(32, 262_144).withLhs(ElementType.U8, 128).withOutput(bytes);
    ConvSpec conv =
        ConvSpec.of(64, 64, Window.of(3, 3).withPadding(1))
            .withLhs(ElementType.U8, 128)
            .withOutput(bytes);
    ConvSpec depthwise =
        ConvSpec.of(128, 128, Window.of(3, 3).withPadding(1))
            .withGroups(128)
            .withLhs(ElementType.U8, 128)
            .withOutput(bytes);
    RequantizeSpec requantize = RequantizeSpec.of(1, bytes);
    QuantizeSpec quantize = QuantizeSpec.of(ElementType.U8, Scales.of(0.1f), ZeroPoints.of(128));
    DynamicQuantizeSpec dynamic = DynamicQuantizeSpec.onnx();
    return List.of(
        new Case("GEMM 1024 1024 1024", square, square.rows(1024), false),
        new Case("GEMM 1 4096 4096", wide, wide.rows(1), false),
        new Case("GEMM 64 64 32768", deep, deep.rows(64), false),
        new Case("GEMM 32 32 262144", abyss, abyss.rows(32), false),
        new Case("conv 3×3 64→64, 56×56", conv, conv.nhwc(1, 56, 56), false),
        new Case("conv, channels first", conv, conv.nchw(1, 56, 56), false),
        new Case("depthwise 3×3 128, 112×112", depthwise, depthwise.nhwc(1, 112, 112), false),
        new Case("requantize 8 M", requantize, requantize.elements(1, 8 * MILLION), false),
        new Case("quantize 8 M", quantize, quantize.elements(1, 8 * MILLION), false),
        new Case("dynamic quantize 8 M", dynamic, dynamic.elements(1, 8 * MILLION), false),
        new Case("prepare GEMM 4096 4096", wide, wide.rows(1), true));
  }

  /** It, on a backend. */
  Job on(Backend backend, Arena arena) {
    Weights weights = weights();
    if (preparing) {
      return Job.of(
          () -> {
            try (Arena mine = Arena.ofConfined()) {
              backend.prepare(spec, weights, mine);
            }
          });
    }
    Kernel kernel = backend.prepare(spec, weights, arena);
    MemorySegment input = heap(kernel.inputBytes(shape), spec.inputType().bytes());
    MemorySegment output = heap(kernel.outputBytes(shape), spec.outputType().bytes());
    MemorySegment scratch = heap(kernel.scratchBytes(shape), 1);
    LhsParameters lhs = new LhsParameters(heap(4, 4), heap(4, 4));
    long strips = kernel.strips(shape);
    return new Job(
        () -> kernel.run(shape, input, output, lhs, scratch, 0, strips),
        strips,
        strip -> kernel.run(shape, input, output, lhs, scratch, strip, strip + 1));
  }

  private Weights weights() {
    return switch (spec) {
      case GemmSpec g -> Weights.rowsOfK(heap((long) g.n() * g.k(), 1), g.k());
      case ConvSpec c -> Weights.ohwi(heap((long) c.outChannels() * c.k(), 1), c);
      default -> Weights.NONE;
    };
  }

  /** Random bytes, or small floats, in a Java array. */
  private static MemorySegment heap(long bytes, int elementBytes) {
    SplittableRandom random = new SplittableRandom(bytes);
    if (elementBytes == 1) {
      byte[] array = new byte[Math.toIntExact(bytes)];
      random.nextBytes(array);
      return MemorySegment.ofArray(array);
    }
    float[] array = new float[Math.toIntExact(bytes / elementBytes)];
    for (int i = 0; i < array.length; i++) {
      array[i] = random.nextFloat(-10, 10);
    }
    return MemorySegment.ofArray(array);
  }
}
