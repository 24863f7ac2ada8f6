package dev.octavo.bench.float32;

import static dev.octavo.bench.float32.Tiles.MR;
import static dev.octavo.bench.float32.Tiles.NR;

import dev.octavo.bench.problem.Problem;
import java.util.Arrays;

/**
 * {@code dst[m,n] = Σ_k lhs[m,k]·rhs[n,k]} in the usual three blocks: a strip's rows of lhs stay in
 * the second-level cache, {@code KC} depths of one panel of rhs in the first, a tile in registers.
 *
 * <p>The rows are copied into a small buffer (for a convolution: gathered there), whose rows lie an
 * odd number of cache lines apart. Read in place, rows whose distance is a power of two would fall
 * into the same few cache sets.
 */
final class VectorProduct implements Float32Kernel {

  /** Depths of a block: a panel of it, 24 or 48 KB wide vectors and all, lives near the core. */
  private static final int KC = 256;

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
  private final int step; // from one row of lhs to the next in the buffer
  private final ThreadLocal<float[]> buffer;
  private final ThreadLocal<float[]> edgeBuffer;

  VectorProduct(Problem problem, float[] weights, float[] input) {
    rows = new Rows(problem, input);
    dst = new float[Math.toIntExact(problem.outputElements())];
    packed = pack(weights);
    int most = Math.clamp(LHS_FLOATS / rows.depth() / MR * MR, MR, ROWS);
    stripRows = Math.min(most, rows.count());
    stripColumns = rows.count() <= MR ? COLUMNS : panels() * NR;
    step = rows.depth() / 16 * 16 + (rows.depth() / 16 % 2 == 0 ? 16 : 32);
    buffer = ThreadLocal.withInitial(() -> new float[stripRows * step]);
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
    float[] lhs = buffer.get();
    float[] edge = edgeBuffer.get();
    for (int strip = first; strip < last; strip++) {
      int row = strip % rowStrips() * stripRows;
      int rest = strip / rowStrips();
      int group = rest % rows.groups();
      int count = Math.min(stripRows, rows.count() - row);
      rows.fill(group, row, row + count, lhs, step);
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
    int kc = count == 1 ? rows.depth() : KC; // a single row uses no weight twice: read on and on
    for (int depth = 0; depth < rows.depth(); depth += kc) {
      int block = Math.min(kc, rows.depth() - depth);
      for (int c = column; c < end; c += NR) {
        int from = ((group * panels() + c / NR) * rows.depth() + depth) * NR;
        Tiles.rows(count, lhs, depth, step, packed, from, block, out, to + c - column, next);
      }
    }
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
