package dev.octavo.example;

import dev.octavo.Backends;
import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Output;
import dev.octavo.Scales;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The example of the README; a test compares them. */
final class TenLines {
  private TenLines() {}

  /**
   * dst = lhs · weightsᵀ + bias, all of it quantized.
   *
   * @param lhs m rows of k, u8 with scale 0.02 and zero point 128
   * @param weights n rows of k, s8 with scale 0.005
   * @param bias n, in units of 0.02 · 0.005
   * @param dst m rows of n, u8 with scale 0.04 and zero point 131
   */
  static void gemm(
      int m,
      int n,
      int k,
      MemorySegment lhs,
      MemorySegment weights,
      int[] bias,
      MemorySegment dst) {
    // README begins
    GemmSpec spec =
        GemmSpec.of(n, k)
            .withLhs(ElementType.U8, 128)
            .withOutput(
                Output.Requantized.onnx(ElementType.U8, 0.02f, Scales.of(0.005f), 0.04f, 131));
    try (Arena arena = Arena.ofConfined()) {
      Weights rhs = Weights.rowsOfK(weights, k).withBias(Bias.of(bias));
      Kernel kernel = Backends.best(spec).prepare(spec, rhs, arena); // packs once
      kernel.run(spec.rows(m), lhs, dst); // as often as you like
    }
    // README ends
  }
}
