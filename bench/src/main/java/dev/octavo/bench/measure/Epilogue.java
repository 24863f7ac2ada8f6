package dev.octavo.bench.measure;

import dev.octavo.Bias;
import dev.octavo.LhsQuantization;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.bench.measure.Task.Int8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a task's spec says, for the checks: zero points, bias, and the way from sums to output. */
final class Epilogue {

  private Epilogue() {}

  /** The zero point of row {@code row} of lhs. */
  static int lhsZeroPoint(Int8 task, int row) {
    return switch (task.product().lhs()) {
      case LhsQuantization.Fixed f -> f.zeroPoint();
      case LhsQuantization.PerTensor t ->
          task.lhs().zeroPoints().get(ValueLayout.JAVA_INT_UNALIGNED, 0);
      case LhsQuantization.PerRow r ->
          task.lhs().zeroPoints().getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, row);
    };
  }

  private static float lhsScale(Int8 task, int row) {
    return switch (task.product().lhs()) {
      case LhsQuantization.Fixed f -> f.scale();
      case LhsQuantization.PerTensor t ->
          task.lhs().scales().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
      case LhsQuantization.PerRow r ->
          task.lhs().scales().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, row);
    };
  }

  /** The bias that goes into the int32 sums; a float32 bias comes later. */
  static Bias int32Bias(Int8 task) {
    return task.weights().bias() instanceof Bias.Int32 b ? b : Bias.none();
  }

  /** The output that the norm makes of the sums. */
  static MemorySegment apply(Int8 task, int[] sums) {
    int channels = task.problem().outputChannels();
    int width = task.spec().outputType().bytes();
    MemorySegment to = MemorySegment.ofArray(new byte[Math.multiplyExact(sums.length, width)]);
    Bias.Float32 bias = task.weights().bias() instanceof Bias.Float32 b ? b : null;
    switch (task.product().output()) {
      case Output.Accumulators a -> to.copyFrom(MemorySegment.ofArray(sums));
      case Output.Requantized r -> {
        for (int i = 0; i < sums.length; i++) {
          int c = i % channels;
          int q = Norm.requantize(r, sums[i], bias == null ? 0f : bias.at(c), c);
          to.set(ValueLayout.JAVA_BYTE, i, (byte) q);
        }
      }
      case Output.Dequantized d -> {
        for (int i = 0; i < sums.length; i++) {
          int c = i % channels;
          float scale = lhsScale(task, i / channels) * d.rhsScales().at(c);
          float y =
              bias == null
                  ? Norm.dequantizeAccumulator(sums[i], scale)
                  : Norm.dequantizeAccumulator(sums[i], scale, bias.at(c));
          to.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, y);
        }
      }
    }
    return to;
  }
}
