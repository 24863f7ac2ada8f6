package dev.octavo.vector;

import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Spec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What a GEMM and a convolution share: the cache-blocking loops. A strip is
 *
 * <pre>
 *   acc = base
 *   for each chunk of k                    Gemm.DEPTH
 *     load the lhs rows, widened           stays in the second-level cache
 *     for each panel of columns            nr
 *       widen the rhs panel                stays in the first-level cache
 *       for each tile of rows              mr
 *         acc += lhs · rhs
 *   acc += the zero-point terms that only the run knows
 *   store acc by way of the {@link OutputStage}
 * </pre>
 *
 * <p>Weights are widened once per strip, not once per tile: they stay bytes in memory, which is
 * what int8 is for, and the innermost loop is nothing but multiply-adds.
 */
abstract class ProductKernel extends Kernel implements Rows {
  final Width width;
  private final LhsQuantization quantization;
  private final int lhsShift;
  private final Packed packed;
  private final OutputStage stage;
  private final Blocks blocks;
  private final int k;
  private final int nr;
  private final int mr;

  ProductKernel(
      Spec spec,
      LhsQuantization quantization,
      Plan plan,
      Arena arena,
      Packed packed,
      OutputStage stage,
      Blocks blocks,
      Width width) {
    super(spec, plan, arena);
    this.quantization = quantization;
    this.lhsShift = Packed.shift(spec.inputType());
    this.packed = packed;
    this.stage = stage;
    this.blocks = blocks;
    this.width = width;
    this.k = blocks.k();
    this.nr = blocks.nr();
    this.mr = blocks.mr();
  }

  /** How many units of rows there are: see {@link Blocks}. */
  abstract long units(Shape shape);

  /** Rows of a unit. */
  abstract long unitRows(Shape shape);

  /** Brings the input of a strip together, where loading wants that. */
  void gather(Shape shape, MemorySegment input, LhsParameters lhs, Workspace w) {}

  /** lhs panel[r · pitch + p] = lhs[w.row + r, k0 + p], for p &lt; depth, by way of widen. */
  abstract void load(Shape shape, MemorySegment input, Workspace w, int k0, int depth, int pitch);

  /**
   * lhs panel[to + r · pitch + i] = w.stage[from + r · step + i] as a signed byte, for r &lt; rows
   * and i &lt; n.
   */
  final void widen(Workspace w, int from, int step, int flip, int to, int pitch, int n, int rows) {
    if (w.pairs) {
      width.pairs.widenTwice(w.stage, from, step, flip, w.pairLhs, to, n, rows);
    } else if (pitch == Gemm.PITCH) {
      width.lanes.widenRows(w.stage, from, step, flip, w.lhs, to, n, rows);
    } else {
      for (int r = 0; r < rows; r++) {
        width.lanes.widen(w.stage, from + r * step, flip, w.lhs, to + r * pitch, n);
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
    Workspace w = width.pool.take();
    w.staged = -1;
    long unitRows = unitRows(shape);
    boolean few = blocks.few(unitRows);
    w.pairs = width.pairs != null && !few;
    if (w.pairs) {
      w.reservePairs();
    }
    for (long s = first; s < last; s++) {
      blocks.place(w, unitRows, s);
      for (int r = 0; r < w.rows; r++) {
        System.arraycopy(packed.base, w.column, w.acc, r * w.pitch, w.pitch);
      }
      gather(shape, input, lhs, w);
      if (packed.zero != null) {
        Arrays.fill(w.rowSums, 0);
      }
      if (few) {
        multiplyFew(shape, input, w);
      } else {
        multiply(shape, input, w);
      }
      addZeroPointTerms(lhs, w);
      stage.apply(w, quantization, lhs);
      stage.store(this, shape, output, w);
    }
    width.pool.giveBack(w);
  }

  private void multiply(Shape shape, MemorySegment input, Workspace w) {
    int most = width.depth(Gemm.DEPTH);
    for (int k0 = 0; k0 < k; k0 += most) {
      int depth = Math.min(most, k - k0);
      load(shape, input, w, k0, depth, Gemm.PITCH);
      addRowSums(w, depth, Gemm.PITCH);
      if (w.pairs) {
        multiplyPairs(w, k0, depth);
      } else {
        multiplyFloats(w, k0, depth);
      }
    }
  }

  private void multiplyFloats(Workspace w, int k0, int depth) {
    int tiled = Math.ceilDiv(w.rows, mr) * mr;
    for (int r = w.rows; r < tiled; r++) {
      Arrays.fill(w.lhs, r * Gemm.PITCH, r * Gemm.PITCH + depth, 0f);
    }
    for (int c = 0; c < w.pitch; c += nr) {
      byte[] weights = packed.panels.array((w.column + c) / nr);
      int panel = packed.panels.offset((w.column + c) / nr) + k0 * nr;
      width.lanes.widen(weights, panel, 0, w.rhs, 0, depth * nr);
      int r = 0;
      for (; r < w.rows - width.lastRows.mr(); r += mr) {
        width.gemm.tile(w.lhs, r * Gemm.PITCH, w.rhs, 0, depth, w.acc, r * w.pitch + c, w.pitch);
      }
      if (r < w.rows) {
        int a = r * w.pitch + c;
        width.lastRows.tile(w.lhs, r * Gemm.PITCH, w.rhs, 0, depth, w.acc, a, w.pitch);
      }
    }
  }

  private void multiplyPairs(Workspace w, int k0, int depth) {
    int tiled = Math.ceilDiv(w.rows, Pairs.MR) * Pairs.MR;
    for (int r = 0; r < tiled; r++) {
      int from = r < w.rows ? depth : 0; // where the padding of an odd depth, or of a tile, begins
      Arrays.fill(w.pairLhs, r * Pairs.PITCH + from, r * Pairs.PITCH + depth + 1, 0);
    }
    for (int c = 0; c < w.pitch; c += 2 * nr) {
      boolean two = c + nr < w.pitch;
      widenPair(w, (w.column + c) / nr, k0, depth, 0);
      if (two) {
        widenPair(w, (w.column + c) / nr + 1, k0, depth, Pairs.PANEL);
      }
      for (int r = 0; r < w.rows; r += Pairs.MR) {
        int l = r * Pairs.PITCH;
        int a = r * w.pitch + c;
        if (two) {
          width.pairs.two(w.pairLhs, l, w.pairRhs, depth, w.acc, a, w.pitch);
        } else {
          width.pairs.one(w.pairLhs, l, w.pairRhs, depth, w.acc, a, w.pitch);
        }
      }
    }
  }

  private void widenPair(Workspace w, int panel, int k0, int depth, int to) {
    int from = packed.panels.offset(panel) + k0 * nr;
    width.pairs.widen(packed.panels.array(panel), from, w.pairRhs, to, depth * nr);
  }

  private void multiplyFew(Shape shape, MemorySegment input, Workspace w) {
    int most = width.depth(FewRows.DEPTH);
    for (int k0 = 0; k0 < k; k0 += most) {
      int depth = Math.min(most, k - k0);
      load(shape, input, w, k0, depth, FewRows.PITCH);
      addRowSums(w, depth, FewRows.PITCH);
      int tiled = Math.ceilDiv(w.rows, FewRows.ROWS) * FewRows.ROWS;
      for (int r = w.rows; r < tiled && w.rows > 1; r++) {
        Arrays.fill(w.lhs, r * FewRows.PITCH, r * FewRows.PITCH + depth, 0f);
      }
      for (int c = 0; c < w.pitch; c += nr) {
        byte[] weights = packed.panels.array((w.column + c) / nr);
        int panel = packed.panels.offset((w.column + c) / nr) + k0 * nr;
        if (w.rows == 1) {
          width.fewRows.one(w.lhs, weights, panel, depth, w.acc, c);
          continue;
        }
        for (int r = 0; r < w.rows; r += FewRows.ROWS) {
          int l = r * FewRows.PITCH;
          width.fewRows.four(w.lhs, l, weights, panel, depth, w.acc, r * w.pitch + c, w.pitch);
        }
      }
    }
  }

  private void addRowSums(Workspace w, int depth, int pitch) {
    if (packed.zero != null) {
      for (int r = 0; r < w.rows; r++) {
        w.rowSums[r] +=
            w.pairs
                ? width.pairs.sum(w.pairLhs, r * pitch, depth)
                : width.lanes.sum(w.lhs, r * pitch, depth);
      }
    }
  }

  /** What {@link Packed} could not know: − zl·column − zr·rowSum. */
  private void addZeroPointTerms(LhsParameters lhs, Workspace w) {
    for (int r = 0; r < w.rows; r++) {
      if (packed.column != null) {
        int zero = LhsValues.zeroPoint(quantization, lhs, w.row + r) - lhsShift;
        width.lanes.addProduct(-zero, packed.column, w.column, w.acc, r * w.pitch, w.pitch);
      }
      if (packed.zero != null) {
        width.lanes.addProduct(-w.rowSums[r], packed.zero, w.column, w.acc, r * w.pitch, w.pitch);
      }
    }
  }

  @Override
  protected final long stripsFor(Shape shape) {
    return blocks.strips(units(shape), unitRows(shape));
  }

  @Override
  protected final long scratchBytesFor(Shape shape) {
    return 0;
  }

  @Override
  public final MemorySegment packed() {
    return packed.panels.segment();
  }
}
