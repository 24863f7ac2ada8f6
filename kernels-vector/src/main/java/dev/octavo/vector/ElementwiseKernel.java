package dev.octavo.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octavo.ElementType;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Spec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A function of an element and its channel. Elements are numbered through all rows and a strip is
 * an interval of them, worked on in chunks: loaded into a {@link Workspace}, computed there a
 * vector at a time, stored. 8-bit elements come as w.stage and leave as w.out, int32 come as w.acc,
 * float32 come and leave as w.lhs.
 *
 * <p>A chunk lies within one row; and within one run of a channel, unless channels vary fastest:
 * then the parameters vary with the elements, and come from a table that repeats them.
 */
abstract class ElementwiseKernel extends Kernel {
  /** Elements of a chunk. */
  static final int CHUNK = 2048;

  private static final int STRIP = 16 * CHUNK;

  final Width width;
  private final int channels;

  ElementwiseKernel(Spec spec, Plan plan, Arena arena, int channels, Width width) {
    super(spec, plan, arena);
    this.channels = channels;
    this.width = width;
  }

  /** A chunk whose first element has the channel, and whose others have the next ones. */
  abstract void applyPeriodic(Workspace w, int channel, int count);

  /** A chunk of one channel. */
  abstract void applyOne(Workspace w, int channel, int count);

  @Override
  protected final void runStrips(
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      MemorySegment scratch,
      long first,
      long last) {
    Shape.Elements e = (Shape.Elements) shape;
    int in = spec().inputType().bytes();
    int out = spec().outputType().bytes();
    long row = channels * e.inner();
    if (e.inputStride() == row * in && e.outputStride() == row * out) {
      row *= e.outer(); // dense rows are one long row
    }
    boolean periodic = channels > 1 && e.inner() == 1;
    long end = Math.min(last * STRIP, elements(e));
    Workspace w = width.pool.take();
    int count;
    for (long i = first * STRIP; i < end; i += count) {
      long at = i % row;
      long left = Math.min(end - i, row - at);
      if (channels > 1 && !periodic) {
        left = Math.min(left, e.inner() - at % e.inner());
      }
      count = (int) Math.min(CHUNK, left);
      load(w, spec().inputType(), input, i / row * e.inputStride() + at * in, count);
      if (periodic) {
        applyPeriodic(w, (int) (at % channels), count);
      } else {
        applyOne(w, channels == 1 ? 0 : (int) (at / e.inner() % channels), count);
      }
      store(w, spec().outputType(), output, i / row * e.outputStride() + at * out, count);
    }
    width.pool.giveBack(w);
  }

  static void load(Workspace w, ElementType type, MemorySegment input, long from, int count) {
    switch (type) {
      case U8, S8 -> MemorySegment.copy(input, JAVA_BYTE, from, w.stage, 0, count);
      case S32 -> MemorySegment.copy(input, JAVA_INT, from, w.acc, 0, count);
      case F32 -> MemorySegment.copy(input, JAVA_FLOAT, from, w.lhs, 0, count);
    }
  }

  static void store(Workspace w, ElementType type, MemorySegment output, long to, int count) {
    switch (type) {
      case U8, S8 -> MemorySegment.copy(w.out, 0, output, JAVA_BYTE, to, count);
      case S32 -> MemorySegment.copy(w.acc, 0, output, JAVA_INT, to, count);
      case F32 -> MemorySegment.copy(w.lhs, 0, output, JAVA_FLOAT, to, count);
    }
  }

  private long elements(Shape.Elements e) {
    return e.outer() * channels * e.inner();
  }

  @Override
  protected final long stripsFor(Shape shape) {
    return Math.ceilDiv(elements((Shape.Elements) shape), STRIP);
  }

  @Override
  protected final long scratchBytesFor(Shape shape) {
    return 0;
  }
}
