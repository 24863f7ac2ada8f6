package dev.octavo.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Norm;
import dev.octavo.Plan;
import dev.octavo.QuantizeRule;
import dev.octavo.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Two passes over the rows that share a scale: their range, then their integers. A strip is a few
 * rows, each with parameters of its own; or, per tensor, everything, because nothing can be
 * quantized before everything has been looked at.
 */
final class DynamicQuantizeKernel extends Kernel {
  private static final int CHUNK = ElementwiseKernel.CHUNK;

  /** Elements of a strip of short rows. */
  private static final int STRIP = 16 * CHUNK;

  private final DynamicQuantizeSpec spec;
  private final Width width;

  DynamicQuantizeKernel(DynamicQuantizeSpec spec, Plan plan, Arena arena, Width width) {
    super(spec, plan, arena);
    this.spec = spec;
    this.width = width;
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
    Workspace w = width.pool.take();
    if (spec.perRow()) {
      long rows = rowsPerStrip(e);
      for (long row = first * rows; row < Math.min(last * rows, e.outer()); row++) {
        range(e, row, row + 1, row, input, lhs, w);
        quantize(e, row, row + 1, input, output, w);
      }
    } else {
      range(e, 0, e.outer(), 0, input, lhs, w);
      quantize(e, 0, e.outer(), input, output, w);
    }
    width.pool.giveBack(w);
  }

  /** Scale and zero point number {@code index}, of rows [from, to). */
  private void range(
      Shape.Elements e,
      long from,
      long to,
      long index,
      MemorySegment input,
      LhsParameters lhs,
      Workspace w) {
    float lo = 0;
    float hi = 0;
    for (long row = from; row < to; row++) {
      for (long i = 0; i < e.inner(); i += CHUNK) {
        int count = load(e, row, i, input, w);
        lo = width.quantizer.min(lo, w.lhs, count);
        hi = width.quantizer.max(hi, w.lhs, count);
      }
    }
    float scale = Norm.dynamicScale(spec, lo, hi);
    int zero = Norm.dynamicZeroPoint(spec, lo, scale);
    lhs.scales().setAtIndex(JAVA_FLOAT, index, scale);
    lhs.zeroPoints().setAtIndex(JAVA_INT, index, zero);
    Arrays.fill(w.dynamic.scales, scale);
    Arrays.fill(w.dynamic.zeros, zero);
  }

  private void quantize(
      Shape.Elements e,
      long from,
      long to,
      MemorySegment input,
      MemorySegment output,
      Workspace w) {
    QuantizeRule rule = QuantizeRule.DIVIDE_HALF_EVEN;
    w.limits[0] = spec.min();
    w.limits[1] = spec.max();
    for (long row = from; row < to; row++) {
      for (long i = 0; i < e.inner(); i += CHUNK) {
        int count = load(e, row, i, input, w);
        width.quantizer.quantize(rule, w.dynamic, 0, 0, w.limits, w.lhs, w.acc, count);
        width.quantizer.narrow(w.acc, w.out, count);
        long at = row * e.outputStride() + i;
        ElementwiseKernel.store(w, spec.outputType(), output, at, count);
      }
    }
  }

  private int load(Shape.Elements e, long row, long i, MemorySegment input, Workspace w) {
    int count = (int) Math.min(CHUNK, e.inner() - i);
    long from = row * e.inputStride() + i * Float.BYTES;
    ElementwiseKernel.load(w, spec.inputType(), input, from, count);
    return count;
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
