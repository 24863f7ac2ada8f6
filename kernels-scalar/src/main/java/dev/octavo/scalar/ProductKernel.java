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

  /**
   * Prepares the work.
   *
   * @param rowInts elements of an lhs row that a strip needs
   * @param filterInts elements of the filters that it needs at a time
   */
  ProductKernel(
      Spec spec,
      Plan plan,
      Arena arena,
      Filters filters,
      Blocks blocks,
      int rowInts,
      int filterInts) {
    super(spec, plan, arena);
    this.filters = filters;
    this.blocks = blocks;
    int rows = blocks.maxRows();
    int channels = blocks.maxChannels();
    int bytes = Math.max(channels, Math.max(rowInts, filterInts));
    this.pool =
        new Pool<>(() -> new Strip(bytes, channels, rows * rowInts, filterInts, rows * channels));
  }

  /** m: rows of the matrix, or pixels of all output images. */
  abstract long rows(Shape shape);

  /** strip.lhs[r, …] = lhs[row, …] − zl, where row = strip.row + r. */
  abstract void load(Shape shape, MemorySegment input, LhsParameters lhs, int r, Strip strip);

  /** dst[row, …] = output(strip.acc[r, …]), where row = strip.row + r. */
  abstract void store(Shape shape, MemorySegment output, LhsParameters lhs, int r, Strip strip);

  /** strip.acc = bias + Σ (lhs − zl) · (rhs − zr): one filter, four rows at a time. */
  void multiply(Strip strip) {
    int k = blocks.k();
    for (int c = 0; c < strip.channels; c++) {
      filters.widenRow(strip.channel + c, strip);
      int bias = filters.bias(strip.channel + c);
      // The last tile may hold rows that nobody stores.
      for (int r = 0; r < strip.rows; r += Tile.MR) {
        int to = r * strip.channels + c;
        Tile.multiply(strip.lhs, r * k, strip.filter, k, bias, strip.acc, to, strip.channels);
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
        load(shape, input, lhs, r, strip);
      }
      multiply(strip);
      for (int r = 0; r < strip.rows; r++) {
        store(shape, output, lhs, r, strip);
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
