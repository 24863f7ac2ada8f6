package dev.octavo.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octavo.Bias;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Shape;
import java.lang.foreign.MemorySegment;

/**
 * The last step of a product: accumulators, which contain their int32 bias, become elements of the
 * output, and go where the output holds them.
 */
final class OutputStage {
  /** Elements, at most, that short rows are requantized at a time. */
  private static final int TOGETHER = 1024;

  private final Output output;
  private final Requantizer requantizer;
  private final RequantizeTable table;
  private final float[] scales;
  private final float[] bias;

  /** Columns of a whole row. */
  private final int columns;

  /** For how many whole rows the table has parameters. */
  private final int together;

  OutputStage(Output output, Bias bias, Channels.Columns channels, Width width) {
    this.output = output;
    this.columns = channels.all();
    this.together = Math.clamp(TOGETHER / Math.max(columns, 1), 1, Workspace.MAX_ROWS);
    this.requantizer =
        output instanceof Output.Requantized r
            ? width.requantizer(r.recipe(), 1)
            : width.dequantizer;
    this.table =
        output instanceof Output.Requantized r
            ? new RequantizeTable(r, bias, new Channels.Rows(channels, together))
            : null;
    this.scales =
        output instanceof Output.Dequantized d
            ? Tables.floats(channels, c -> d.rhsScales().at(c))
            : null;
    this.bias =
        output instanceof Output.Dequantized && bias instanceof Bias.Float32 b
            ? Tables.floats(channels, b::at)
            : null;
  }

  /** From w.acc, its first w.rows, to w.out or w.lhs; int32 output stays where it is. */
  void apply(Workspace w, LhsQuantization quantization, LhsParameters lhs) {
    if (table != null) {
      int most = w.pitch == columns ? together : 1;
      for (int r = 0; r < w.rows; r += most) {
        int n = Math.min(most, w.rows - r) * w.pitch;
        requantizer.requantize(table, w.column, w.acc, w.out, r * w.pitch, n);
      }
    } else if (scales != null) {
      for (int r = 0; r < w.rows; r++) {
        float scale = LhsValues.scale(quantization, lhs, w.row + r);
        requantizer.dequantize(scales, bias, w.column, scale, w.acc, w.lhs, r * w.pitch, w.pitch);
      }
    }
  }

  /** Writes the strip to its place. */
  void store(Rows places, Shape shape, MemorySegment dst, Workspace w) {
    int element = output.type().bytes();
    long channelStride = places.channelStride(shape);
    long shift = w.channel * channelStride;
    if (channelStride == element) {
      storeRows(places, shape, dst, w, shift);
      return;
    }
    int run;
    for (int r = 0; r < w.rows; r += run) {
      run = places.neighbours(w, r);
      long to = places.dstOffset(shape, w, r) + shift;
      for (int c = 0; c < w.channels; c++) {
        storeColumn(w, (w.accRow + r) * w.pitch + c, run, dst, to + c * channelStride);
      }
    }
  }

  private void storeRows(Rows places, Shape shape, MemorySegment dst, Workspace w, long shift) {
    long first = places.dstOffset(shape, w, 0) + shift;
    long last = places.dstOffset(shape, w, w.rows - 1) + shift;
    int bytes = w.channels * output.type().bytes();
    if (w.pitch == w.channels && last - first == (long) bytes * (w.rows - 1)) {
      copy(w, w.accRow * w.pitch, w.rows * w.channels, dst, first); // no gaps on either side
      return;
    }
    for (int r = 0; r < w.rows; r++) {
      copy(w, (w.accRow + r) * w.pitch, w.channels, dst, places.dstOffset(shape, w, r) + shift);
    }
  }

  private void copy(Workspace w, int at, int count, MemorySegment dst, long to) {
    switch (output) {
      case Output.Requantized r -> MemorySegment.copy(w.out, at, dst, JAVA_BYTE, to, count);
      case Output.Accumulators a -> MemorySegment.copy(w.acc, at, dst, JAVA_INT, to, count);
      case Output.Dequantized d -> MemorySegment.copy(w.lhs, at, dst, JAVA_FLOAT, to, count);
    }
  }

  /** One channel of neighbouring pixels, for channels-first output. */
  private void storeColumn(Workspace w, int at, int count, MemorySegment dst, long to) {
    switch (output) {
      case Output.Requantized r -> {
        for (int i = 0; i < count; i++) {
          w.lineBytes[i] = w.out[at + i * w.pitch];
        }
        MemorySegment.copy(w.lineBytes, 0, dst, JAVA_BYTE, to, count);
      }
      case Output.Accumulators a -> {
        for (int i = 0; i < count; i++) {
          w.lineInts[i] = w.acc[at + i * w.pitch];
        }
        MemorySegment.copy(w.lineInts, 0, dst, JAVA_INT, to, count);
      }
      case Output.Dequantized d -> {
        for (int i = 0; i < count; i++) {
          w.rhs[i] = w.lhs[at + i * w.pitch];
        }
        MemorySegment.copy(w.rhs, 0, dst, JAVA_FLOAT, to, count);
      }
    }
  }
}
