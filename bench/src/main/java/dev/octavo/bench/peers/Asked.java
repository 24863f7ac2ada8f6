package dev.octavo.bench.peers;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Weights;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** What a task asks of an engine that is not ours. */
final class Asked {

  private Asked() {}

  /**
   * Why no peer is asked this; empty for s8 weights, one zero point for all activations and the
   * usual outputs.
   */
  static Optional<String> refusal(Task.Int8 task) {
    GemmSpec product = task.product();
    String reason = null;
    if (product.rhsType() != ElementType.S8 || !product.rhsZeroPoints().allZero()) {
      reason = "peers are asked for s8 weights with zero point 0";
    } else if (product.lhs() instanceof LhsQuantization.PerRow) {
      reason = "peers are asked for one zero point for all activations";
    } else if (product.output() instanceof Output.Dequantized) {
      reason = "peers are asked for int32 and for requantized results";
    } else if (product.output() instanceof Output.Requantized r
        && !(r.multipliers() instanceof Multipliers.Float32
            && r.min() == r.type().min()
            && r.max() == r.type().max())) {
      reason = "peers are asked for float32 multipliers without a clamp";
    } else if (task.weights().bias() instanceof Bias.Float32
        || product.output() == Output.ACCUMULATORS && task.weights().bias() instanceof Bias.Int32) {
      reason = "peers are asked for an int32 bias, and only before a requantization";
    }
    return Optional.ofNullable(reason);
  }

  /** Whether the zero point of the activations is known before the first run. */
  static boolean hasFixedZeroPoint(Task.Int8 task) {
    return task.product().lhs() instanceof LhsQuantization.Fixed;
  }

  /**
   * The zero point of the activations. Peers that take it as an operand of each run may be given
   * one that is only known then.
   */
  static int zeroPoint(Task.Int8 task) {
    return task.product().lhs() instanceof LhsQuantization.Fixed f
        ? f.zeroPoint()
        : task.lhs().zeroPoints().get(ValueLayout.JAVA_INT_UNALIGNED, 0);
  }

  /** The weights in native memory, dense: {@code n} rows of {@code k}; filters OHWI. */
  static MemorySegment weights(Task.Int8 task, Arena arena) {
    Weights w = task.weights();
    MemorySegment data = w.data();
    MemorySegment dense = arena.allocate(task.problem().weights(), 64);
    long at = 0;
    Extents e = extents(task);
    for (int o = 0; o < e.outs; o++) {
      for (int y = 0; y < e.height; y++) {
        for (int x = 0; x < e.width; x++) {
          for (int i = 0; i < e.ins; i++) {
            byte value = data.get(ValueLayout.JAVA_BYTE, w.offset(o, y, x, i));
            dense.set(ValueLayout.JAVA_BYTE, at++, value);
          }
        }
      }
    }
    return dense;
  }

  private record Extents(int outs, int height, int width, int ins) {}

  private static Extents extents(Task.Int8 task) {
    return switch (task.problem()) {
      case Gemm g -> new Extents(g.n(), 1, 1, g.k());
      case Conv c ->
          new Extents(
              c.outChannels(),
              c.window().kernelHeight(),
              c.window().kernelWidth(),
              c.groupChannels());
    };
  }
}
