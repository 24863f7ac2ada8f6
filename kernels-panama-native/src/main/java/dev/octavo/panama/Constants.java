package dev.octavo.panama;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.QuantizeSpec;
import dev.octavo.RequantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.ZeroPoints;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * What a spec and its weights hold besides words, in native memory for the time of one {@code
 * octavo_prepare}: its pointer arguments, absent ones {@link MemorySegment#NULL}.
 */
record Constants(
    MemorySegment zeroPoints, MemorySegment multipliers, MemorySegment shifts, MemorySegment bias) {
  private static final MemorySegment NONE = MemorySegment.NULL;

  static Constants of(Spec spec, Weights weights, SegmentAllocator memory) {
    Stage stage = new Stage(memory);
    return switch (spec) {
      case GemmSpec s -> stage.product(s.output(), s.rhsZeroPoints(), weights.bias());
      case ConvSpec s -> stage.product(s.output(), s.rhsZeroPoints(), weights.bias());
      case RequantizeSpec s ->
          stage.requantized(NONE, s.output().multipliers(), stage.bias(s.bias()));
      case QuantizeSpec s -> stage.grid(s.zeroPoints(), s.scales());
      case DequantizeSpec s -> stage.grid(s.zeroPoints(), s.scales());
      case DynamicQuantizeSpec s -> new Constants(NONE, NONE, NONE, NONE);
      case FakeQuantizeSpec s ->
          switch (s.grid()) {
            case FakeQuantizeSpec.Affine a -> stage.grid(a.zeroPoints(), a.scales());
            case FakeQuantizeSpec.Levels l -> new Constants(NONE, stage.limits(l), NONE, NONE);
          };
    };
  }

  private record Stage(SegmentAllocator memory) {
    Constants product(Output output, ZeroPoints rhsZeroPoints, Bias values) {
      MemorySegment zeroPoints = ints(rhsZeroPoints.toArray());
      MemorySegment bias = bias(values);
      return switch (output) {
        case Output.Accumulators a -> new Constants(zeroPoints, NONE, NONE, bias);
        case Output.Dequantized d ->
            new Constants(zeroPoints, floats(d.rhsScales().toArray()), NONE, bias);
        case Output.Requantized r -> requantized(zeroPoints, r.multipliers(), bias);
      };
    }

    Constants requantized(MemorySegment zeroPoints, Multipliers m, MemorySegment bias) {
      return switch (m) {
        case Multipliers.Float32 f -> {
          MemorySegment values = memory.allocate(ValueLayout.JAVA_FLOAT, f.count());
          for (int c = 0; c < f.count(); c++) {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, c, f.at(c));
          }
          yield new Constants(zeroPoints, values, NONE, bias);
        }
        case Multipliers.Float64 d -> {
          double[] values = IntStream.range(0, d.count()).mapToDouble(d::at).toArray();
          yield new Constants(
              zeroPoints, memory.allocateFrom(ValueLayout.JAVA_DOUBLE, values), NONE, bias);
        }
        case Multipliers.FixedPoint q ->
            new Constants(
                zeroPoints,
                ints(IntStream.range(0, q.count()).map(q::mantissa).toArray()),
                ints(IntStream.range(0, q.count()).map(q::shift).toArray()),
                bias);
      };
    }

    Constants grid(ZeroPoints zeroPoints, Scales scales) {
      return new Constants(ints(zeroPoints.toArray()), floats(scales.toArray()), NONE, NONE);
    }

    MemorySegment bias(Bias bias) {
      return switch (bias) {
        case Bias.None n -> NONE;
        case Bias.Int32 b -> ints(IntStream.range(0, b.count()).map(b::at).toArray());
        case Bias.Float32 b -> {
          float[] values = new float[b.count()];
          for (int c = 0; c < values.length; c++) {
            values[c] = b.at(c);
          }
          yield floats(values);
        }
      };
    }

    /** Input low and high, output low and high of channel 0, then of channel 1, and so on. */
    MemorySegment limits(FakeQuantizeSpec.Levels levels) {
      int n = levels.channels();
      float[] values = new float[4 * n];
      for (int c = 0; c < n; c++) {
        values[4 * c] = levels.inputLow(c);
        values[4 * c + 1] = levels.inputHigh(c);
        values[4 * c + 2] = levels.outputLow(c);
        values[4 * c + 3] = levels.outputHigh(c);
      }
      return floats(values);
    }

    private MemorySegment ints(int[] values) {
      return memory.allocateFrom(ValueLayout.JAVA_INT, values);
    }

    private MemorySegment floats(float[] values) {
      return memory.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }
  }
}
