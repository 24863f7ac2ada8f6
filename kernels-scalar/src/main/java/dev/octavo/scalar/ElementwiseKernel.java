package dev.octavo.scalar;

import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Spec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A function of an element and its channel. Elements are numbered through all rows and a strip is
 * an interval of them. It is worked on in chunks, each within one row:
 *
 * <pre>
 *   load the chunk ──▶ {@link #apply} to runs of one channel, or along the channels ──▶ store it
 * </pre>
 */
abstract class ElementwiseKernel extends Kernel {
  private static final int STRIP = 4 * Chunk.SIZE;

  private final int channels;
  private final Pool<Chunk> pool = new Pool<>(Chunk::new);

  ElementwiseKernel(Spec spec, Plan plan, Arena arena, int channels) {
    super(spec, plan, arena);
    this.channels = channels;
  }

  /**
   * Works on elements [from, to) of a chunk.
   *
   * @param c channel of the first
   * @param step 0 if they are all of one channel, 1 if each is of the next
   */
  abstract void apply(Chunk chunk, int from, int to, int c, int step);

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
    long end = Math.min(last * STRIP, elements(e));
    Chunk chunk = pool.take();
    int count;
    for (long i = first * STRIP; i < end; i += count) {
      long at = i % row;
      count = (int) Math.min(Chunk.SIZE, Math.min(end - i, row - at));
      chunk.load(spec().inputType(), input, i / row * e.inputStride() + at * in, count);
      applyRuns(chunk, at, count, e.inner());
      chunk.store(spec().outputType(), output, i / row * e.outputStride() + at * out, count);
    }
    pool.giveBack(chunk);
  }

  /** The chunk begins at element {@code at} of a row; every {@code inner} the channel changes. */
  private void applyRuns(Chunk chunk, long at, int count, long inner) {
    if (channels == 1) {
      apply(chunk, 0, count, 0, 0);
      return;
    }
    int to;
    for (int from = 0; from < count; from = to) {
      long run = (at + from) / inner;
      int channel = (int) (run % channels);
      if (inner == 1) {
        to = Math.min(count, from + channels - channel);
        apply(chunk, from, to, channel, 1);
      } else {
        to = (int) Math.min(count, (run + 1) * inner - at);
        apply(chunk, from, to, channel, 0);
      }
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
