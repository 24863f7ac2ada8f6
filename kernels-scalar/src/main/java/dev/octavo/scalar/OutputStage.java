package dev.octavo.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octavo.Bias;
import dev.octavo.Norm;
import dev.octavo.Output;
import java.lang.foreign.MemorySegment;

/**
 * The last step: accumulators, which contain their int32 bias, become elements of the output. The
 * arithmetic is {@link Norm}'s; here are the loops, and the way to the output.
 */
final class OutputStage {
  private final Output output;
  private final Bias bias;

  /** Null unless the output is requantized. */
  private final Requantizer requantizer;

  OutputStage(Output output, Bias bias) {
    this.output = output;
    this.bias = bias;
    this.requantizer = output instanceof Output.Requantized out ? new Requantizer(out, bias) : null;
  }

  /** Whether the lhs scale matters. */
  boolean needsScale() {
    return output instanceof Output.Dequantized;
  }

  /**
   * Writes row r of a strip.
   *
   * @param to byte offset of its first channel
   * @param stride bytes from one channel to the next
   */
  void write(Strip strip, int r, float lhsScale, MemorySegment dst, long to, long stride) {
    int[] acc = strip.acc[r];
    int count = strip.channels;
    switch (output) {
      case Output.Accumulators a -> {
        if (stride == Integer.BYTES) {
          MemorySegment.copy(acc, 0, dst, JAVA_INT, to, count);
        } else {
          for (int c = 0; c < count; c++) {
            dst.set(JAVA_INT, to + c * stride, acc[c]);
          }
        }
      }
      case Output.Requantized out -> {
        requantizer.apply(acc, strip.bytes, 0, count, strip.channel, 1);
        if (stride == Byte.BYTES) {
          MemorySegment.copy(strip.bytes, 0, dst, JAVA_BYTE, to, count);
        } else {
          for (int c = 0; c < count; c++) {
            dst.set(JAVA_BYTE, to + c * stride, strip.bytes[c]);
          }
        }
      }
      case Output.Dequantized out -> {
        dequantize(out, strip, acc, lhsScale);
        if (stride == Float.BYTES) {
          MemorySegment.copy(strip.floats, 0, dst, JAVA_FLOAT, to, count);
        } else {
          for (int c = 0; c < count; c++) {
            dst.set(JAVA_FLOAT, to + c * stride, strip.floats[c]);
          }
        }
      }
    }
  }

  private void dequantize(Output.Dequantized out, Strip strip, int[] acc, float lhsScale) {
    for (int c = 0; c < strip.channels; c++) {
      int channel = strip.channel + c;
      float scale = lhsScale * out.rhsScales().at(channel);
      strip.floats[c] =
          bias instanceof Bias.Float32 f
              ? Norm.dequantizeAccumulator(acc[c], scale, f.at(channel))
              : Norm.dequantizeAccumulator(acc[c], scale);
    }
  }
}
