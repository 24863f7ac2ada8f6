package dev.octavo.scalar;

import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Spec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a GEMM and the convolutions share. The lhs is m rows: of a matrix, or the patch under the
 * window for each pixel of the output images. A strip is
 *
 * <pre>
 *   load      its rows, widened, zero point subtracted
 *   multiply  them by its filters
 *   store     the accumulators, by way of the {@link OutputStage}
 * </pre>
 */
abstract class ProductKernel extends Kernel {
  final Filters filters;
  private final Blocks blocks;
  private final Pool<Strip> pool;

  ProductKernel(Spec spec, Plan plan, Arena arena, Filters filters, Blocks blocks) {
    super(spec, plan, arena);
    this.filters = filters;
    this.blocks = blocks;
    this.pool = new Pool<>(() -> arrays(blocks));
  }

  /** The arrays for any strip. */
  Strip arrays(Blocks blocks) {
    int k = blocks.k();
    int rows = blocks.maxRows();
    int channels = blocks.maxChannels();
    return new Strip(
        Math.max(k, channels), new int[rows][k], new int[1][k], new int[rows][channels]);
  }

  /** m: rows of the matrix, or pixels of all output images. */
  abstract long rows(Shape shape);

  /** strip.lhs[r] = lhs[row] − zl, where row = strip.row + r. */
  abstract void load(Shape shape, MemorySegment input, LhsParameters lhs, Strip strip, int r);

  /** dst[row] = output(strip.acc[r]), where row = strip.row + r. */
  abstract void store(Shape shape, MemorySegment output, LhsParameters lhs, Strip strip, int r);

  /** strip.acc = bias + Σ (lhs − zl) · (rhs − zr): one filter, four rows at a time. */
  void multiply(Strip strip) {
    int k = blocks.k();
    int[] filter = strip.filter[0];
    for (int c = 0; c < strip.channels; c++) {
      filters.widenRow(strip.channel + c, strip);
      int bias = filters.bias(strip.channel + c);
      int r = 0;
      for (; r + Tile.MR <= strip.rows; r += Tile.MR) {
        Tile.multiply(strip.lhs, filter, k, bias, strip.acc, r, c);
      }
      for (; r < strip.rows; r++) {
        Tile.multiplyRow(strip.lhs, filter, k, bias, strip.acc, r, c);
      }
    }
  }

  @Override
  protected final void runStrips(
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      MemorySegment scratch,
      long first,
      long last) {
    long m = rows(shape);
    Strip strip = pool.take();
    for (long s = first; s < last; s++) {
      blocks.place(strip, m, s);
      for (int r = 0; r < strip.rows; r++) {
        load(shape, input, lhs, strip, r);
      }
      multiply(strip);
      for (int r = 0; r < strip.rows; r++) {
        store(shape, output, lhs, strip, r);
      }
    }
    pool.giveBack(strip);
  }

  @Override
  protected final long stripsFor(Shape shape) {
    return blocks.strips(rows(shape));
  }

  @Override
  protected final long scratchBytesFor(Shape shape) {
    return 0;
  }

  @Override
  public final MemorySegment packed() {
    return filters.packed();
  }
}
