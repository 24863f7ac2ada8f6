package dev.octavo.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Norm;
import dev.octavo.Plan;
import dev.octavo.QuantizeRule;
import dev.octavo.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Two passes over the rows that share a scale: their range, then their integers. A strip is a few
 * rows, each with parameters of its own; or, per tensor, everything, because nothing can be
 * quantized before everything has been looked at.
 */
final class DynamicQuantizeKernel extends Kernel {
  /** Elements of a strip of short rows. */
  private static final int STRIP = 4 * Chunk.SIZE;

  private final DynamicQuantizeSpec spec;
  private final Pool<Chunk> pool = new Pool<>(Chunk::new);

  DynamicQuantizeKernel(DynamicQuantizeSpec spec, Plan plan, Arena arena) {
    super(spec, plan, arena);
    this.spec = spec;
  }

  @Override
  protected void runStrips(
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      MemorySegment scratch,
      long first,
      long last) {
    Shape.Elements e = (Shape.Elements) shape;
    Chunk chunk = pool.take();
    if (spec.perRow()) {
      long rows = rowsPerStrip(e);
      for (long row = first * rows; row < Math.min(last * rows, e.outer()); row++) {
        quantize(e, row, row + 1, row, input, output, lhs, chunk);
      }
    } else {
      quantize(e, 0, e.outer(), 0, input, output, lhs, chunk);
    }
    pool.giveBack(chunk);
  }

  /** Rows [from, to) with one scale and zero point, which are number {@code index}. */
  private void quantize(
      Shape.Elements e,
      long from,
      long to,
      long index,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      Chunk chunk) {
    float lo = 0;
    float hi = 0;
    for (long row = from; row < to; row++) {
      for (long i = 0; i < e.inner(); i += Chunk.SIZE) {
        int count = load(e, row, i, input, chunk);
        lo = lowest(chunk.floats, count, lo);
        hi = highest(chunk.floats, count, hi);
      }
    }
    float scale = Norm.dynamicScale(spec, lo, hi);
    int zero = Norm.dynamicZeroPoint(spec, lo, scale);
    lhs.scales().setAtIndex(JAVA_FLOAT, index, scale);
    lhs.zeroPoints().setAtIndex(JAVA_INT, index, zero);
    for (long row = from; row < to; row++) {
      for (long i = 0; i < e.inner(); i += Chunk.SIZE) {
        int count = load(e, row, i, input, chunk);
        quantize(chunk, count, scale, zero, spec.min(), spec.max());
        chunk.store(spec.outputType(), output, row * e.outputStride() + i, count);
      }
    }
  }

  private int load(Shape.Elements e, long row, long i, MemorySegment input, Chunk chunk) {
    int count = (int) Math.min(Chunk.SIZE, e.inner() - i);
    chunk.load(ElementType.F32, input, row * e.inputStride() + i * Float.BYTES, count);
    return count;
  }

  private static float lowest(float[] values, int count, float lo) {
    for (int i = 0; i < count; i++) {
      lo = values[i] < lo ? values[i] : lo; // false for NaN
    }
    return lo;
  }

  private static float highest(float[] values, int count, float hi) {
    for (int i = 0; i < count; i++) {
      hi = values[i] > hi ? values[i] : hi;
    }
    return hi;
  }

  private static void quantize(Chunk chunk, int count, float scale, int zero, int min, int max) {
    QuantizeRule rule = QuantizeRule.DIVIDE_HALF_EVEN;
    for (int i = 0; i < count; i++) {
      chunk.bytes[i] = (byte) Norm.quantize(rule, chunk.floats[i], scale, zero, min, max);
    }
  }

  private static long rowsPerStrip(Shape.Elements e) {
    return Math.max(1, STRIP / e.inner());
  }

  @Override
  protected long stripsFor(Shape shape) {
    Shape.Elements e = (Shape.Elements) shape;
    if (e.outer() == 0 || e.inner() == 0) {
      return 0;
    }
    return spec.perRow() ? Math.ceilDiv(e.outer(), rowsPerStrip(e)) : 1;
  }

  @Override
  protected long scratchBytesFor(Shape shape) {
    return 0;
  }
}
