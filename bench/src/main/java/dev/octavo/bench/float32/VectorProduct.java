package dev.octavo.bench.float32;

import static dev.octavo.bench.float32.Tiles.KC;
import static dev.octavo.bench.float32.Tiles.MR;
import static dev.octavo.bench.float32.Tiles.NR;
import static dev.octavo.bench.float32.Tiles.STEP;

import dev.octavo.bench.problem.Problem;
import java.util.Arrays;

/**
 * {@code dst[m,n] = Σ_k lhs[m,k]·rhs[n,k]} in the usual three blocks: a strip's rows of lhs stay in
 * the second-level cache, {@code KC} depths of one panel of rhs in the first, a tile in registers.
 *
 * <p>The rows are copied into a small buffer (for a convolution: gathered there), block of depths
 * after block, at the distance that {@link Tiles#STEP} explains. A single row stays as it is.
 */
final class VectorProduct implements Float32Kernel {

  /** Floats of lhs in a strip: half a MB, half of a usual second-level cache. */
  private static final int LHS_FLOATS = 128 * 1024;

  /** Rows of a strip at most; more would leave too few strips to share between threads. */
  private static final int ROWS = 8 * MR;

  /** Columns of a strip when rows are too few to share. */
  private static final int COLUMNS = 8 * NR;

  private final Rows rows;
  private final float[] packed; // group, panel, depth, column in panel
  private final float[] dst;
  private final int stripRows;
  private final int stripColumns;
  private final ThreadLocal<float[]> rowBuffer;
  private final ThreadLocal<float[]> buffer; // block, row, depth in block
  private final ThreadLocal<float[]> edgeBuffer;

  VectorProduct(Problem problem, float[] weights, float[] input) {
    rows = new Rows(problem, input);
    dst = new float[Math.toIntExact(problem.outputElements())];
    packed = pack(weights);
    int most = Math.clamp(LHS_FLOATS / rows.depth() / MR * MR, MR, ROWS);
    stripRows = Math.min(most, rows.count());
    stripColumns = rows.count() <= MR ? COLUMNS : panels() * NR;
    rowBuffer = ThreadLocal.withInitial(() -> new float[rows.depth()]);
    int blocks = Math.ceilDiv(rows.depth(), KC);
    buffer = ThreadLocal.withInitial(() -> new float[blocks * stripRows * STEP]);
    edgeBuffer = ThreadLocal.withInitial(() -> new float[stripRows * NR]);
  }

  private float[] pack(float[] weights) {
    int n = rows.columns();
    int k = rows.depth();
    float[] to = new float[rows.groups() * panels() * k * NR];
    for (int group = 0; group < rows.groups(); group++) {
      for (int column = 0; column < n; column++) {
        int panel = group * panels() + column / NR;
        for (int depth = 0; depth < k; depth++) {
          to[(panel * k + depth) * NR + column % NR] = weights[(group * n + column) * k + depth];
        }
      }
    }
    return to;
  }

  private int panels() {
    return Math.ceilDiv(rows.columns(), NR);
  }

  @Override
  public String name() {
    return "sgemm_%dx%dx1_vector%d".formatted(MR, NR, Tiles.S.vectorBitSize());
  }

  private int rowStrips() {
    return Math.ceilDiv(rows.count(), stripRows);
  }

  @Override
  public int strips() {
    return rowStrips() * rows.groups() * Math.ceilDiv(rows.columns(), stripColumns);
  }

  @Override
  public void run(int first, int last) {
    float[] lhs = rows.count() == 1 ? rowBuffer.get() : buffer.get();
    float[] edge = edgeBuffer.get();
    for (int strip = first; strip < last; strip++) {
      int row = strip % rowStrips() * stripRows;
      int rest = strip / rowStrips();
      int group = rest % rows.groups();
      int count = Math.min(stripRows, rows.count() - row);
      fill(group, row, count, lhs);
      int column = rest / rows.groups() * stripColumns;
      int full = Math.min(column + stripColumns, rows.columns() / NR * NR);
      int to = (row * rows.groups() + group) * rows.columns();
      clear(to, count, column, full);
      multiply(lhs, count, group, column, full, dst, to + column, rowFloats());
      if (full < Math.min(column + stripColumns, rows.columns())) {
        lastPanel(lhs, count, group, full, to, edge);
      }
    }
  }

  private void fill(int group, int from, int count, float[] lhs) {
    float[] one = rowBuffer.get();
    for (int r = 0; r < count; r++) {
      rows.fill(group, from + r, from + r + 1, one, 0);
      for (int depth = 0; depth < rows.depth() && lhs != one; depth += KC) {
        int to = (depth / KC * stripRows + r) * STEP;
        System.arraycopy(one, depth, lhs, to, Math.min(KC, rows.depth() - depth));
      }
    }
  }

  /** Floats from one row of dst to the next. */
  private int rowFloats() {
    return rows.columns() * rows.groups();
  }

  private void clear(int to, int count, int column, int end) {
    for (int r = 0; r < count && column < end; r++) {
      Arrays.fill(dst, to + r * rowFloats() + column, to + r * rowFloats() + end, 0f);
    }
  }

  /** Whole panels of columns {@code [column, end)}, added to what {@code to} holds. */
  private void multiply(
      float[] lhs, int count, int group, int column, int end, float[] out, int to, int next) {
    if (rows.count() == 1) { // uses no weight twice: reads on and on
      for (int c = column; c < end; c += NR) {
        Tiles.row(lhs, 0, packed, panel(group, c, 0), rows.depth(), out, to + c - column);
      }
      return;
    }
    for (int depth = 0; depth < rows.depth(); depth += KC) {
      int block = Math.min(KC, rows.depth() - depth);
      int at = depth / KC * stripRows * STEP;
      for (int c = column; c < end; c += NR) {
        int from = panel(group, c, depth);
        Tiles.rows(count, lhs, at, packed, from, block, out, to + c - column, next);
      }
    }
  }

  private int panel(int group, int column, int depth) {
    return ((group * panels() + column / NR) * rows.depth() + depth) * NR;
  }

  /** The last panel, when it is wider than what is left of dst: by way of a buffer. */
  private void lastPanel(float[] lhs, int count, int group, int column, int to, float[] edge) {
    Arrays.fill(edge, 0f);
    multiply(lhs, count, group, column, column + NR, edge, 0, NR);
    for (int r = 0; r < count; r++) {
      int width = rows.columns() - column;
      System.arraycopy(edge, r * NR, dst, to + r * rowFloats() + column, width);
    }
  }

  @Override
  public float[] output() {
    return Arrays.copyOf(dst, dst.length);
  }
}
