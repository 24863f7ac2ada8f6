package dev.octavo.bench.float32;

import static dev.octavo.bench.float32.Tiles.MR;
import static dev.octavo.bench.float32.Tiles.NR;

import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.util.Arrays;

/**
 * {@code dst[m,n] = Σ_k lhs[m,k]·rhs[n,k]} in the usual blocks: the depths of a block that a
 * strip's rows have, and one panel of rhs for them, stay in the second-level cache, a tile in
 * registers. {@link Places} says where the rows are; nothing but rhs is packed.
 */
final class VectorProduct implements Float32Kernel {

  /**
   * Depths of a block at most. Measured: a panel of 256 depths, which fits the first-level cache,
   * lost 5 to 10 % to one three times as deep, which is read ahead from the second in time and
   * needs dst a third as often.
   */
  private static final int KC = 768;

  private final Problem problem;
  private final Places places;
  private final int groups;
  private final int columns; // of a group
  private final int depth;
  private final int columnStrips; // of a group
  private final int stripColumns;
  private final float[] packed; // group, panel, depth, column in panel
  private final float[] input;
  private final float[] dst;
  private final ThreadLocal<Places.Strip> strip;
  private final ThreadLocal<float[]> edge = ThreadLocal.withInitial(() -> new float[MR * NR]);

  VectorProduct(Problem problem, float[] weights, float[] input, int threads) {
    this.problem = problem;
    this.input = input;
    groups = problem instanceof Conv c ? c.groups() : 1;
    columns = problem.outputChannels() / groups;
    depth = problem instanceof Conv c ? c.depth() : ((Gemm) problem).k();
    places = new Places(problem, input, threads);
    strip = ThreadLocal.withInitial(places::newStrip);
    int enough = threads == 1 ? 1 : Places.STRIPS_A_THREAD * threads;
    int split = Math.ceilDiv(enough, places.strips() * groups);
    stripColumns = Math.ceilDiv(panels(), Math.min(split, panels())) * NR;
    columnStrips = Math.ceilDiv(columns, stripColumns);
    packed = pack(weights);
    dst = new float[Math.toIntExact(problem.outputElements())];
  }

  private boolean isRow() {
    return problem instanceof Gemm g && g.m() == 1;
  }

  private int panels() {
    return Math.ceilDiv(columns, NR);
  }

  private float[] pack(float[] weights) {
    float[] to = new float[groups * panels() * depth * NR];
    for (int group = 0; group < groups; group++) {
      for (int column = 0; column < columns; column++) {
        int at = panel(group, column, 0) + column % NR;
        int from = (group * columns + column) * depth;
        for (int k = 0; k < depth; k++) {
          to[at + k * NR] = weights[from + k];
        }
      }
    }
    return to;
  }

  private int panel(int group, int column, int k) {
    return ((group * panels() + column / NR) * depth + k) * NR;
  }

  @Override
  public String name() {
    return isRow()
        ? "sgemv_1x%dx4_vector%d".formatted(NR, Tiles.S.vectorBitSize())
        : "sgemm_%dx%dx1_vector%d".formatted(MR, NR, Tiles.S.vectorBitSize());
  }

  @Override
  public int strips() {
    return places.strips() * groups * columnStrips;
  }

  @Override
  public void run(int first, int last) {
    Places.Strip found = strip.get();
    int rowsFound = -1;
    for (int i = first; i < last; i++) {
      int rest = i / columnStrips;
      int rows = rest / groups;
      if (rows != rowsFound) {
        places.find(rows, found);
        rowsFound = rows;
      }
      int column = i % columnStrips * stripColumns;
      multiply(found, rest % groups, column, Math.min(column + stripColumns, columns));
    }
  }

  /** Columns {@code [column, end)} of a group. */
  private void multiply(Places.Strip s, int group, int column, int end) {
    if (isRow()) { // uses no weight twice: reads on and on
      row(column, end);
      return;
    }
    int length = places.runLength();
    int taken = problem instanceof Conv c && groups > 1 ? group * c.groupChannels() : 0;
    int together = Math.clamp(KC / length, 1, places.runs().length);
    int chunk = Math.ceilDiv(length, Math.ceilDiv(length, KC));
    boolean fresh = true;
    for (int run = 0; run < places.runs().length; run += together) {
      int lastRun = Math.min(run + together, places.runs().length);
      for (int k = 0; k < length; k += chunk) {
        int block = Math.min(chunk, length - k);
        Tiles.Block b =
            new Tiles.Block(s.lhs(), places.runs(), run, lastRun, taken + k, block, packed, fresh);
        for (int c = column; c < end; c += NR) {
          panel(s, b, group, c, panel(group, c, run * length + k));
        }
        fresh = false;
      }
    }
  }

  private void row(int column, int end) {
    for (int c = column; c < end; c += NR) {
      boolean whole = c + NR <= columns;
      float[] to = whole ? dst : edge.get();
      Tiles.row(input, 0, packed, panel(0, c, 0), depth, to, whole ? c : 0);
      if (!whole) {
        System.arraycopy(to, 0, dst, c, columns - c);
      }
    }
  }

  /** All rows of a strip with one panel. */
  private void panel(Places.Strip s, Tiles.Block b, int group, int column, int from) {
    int next = groups * columns;
    int to = s.first() * next + group * columns + column;
    int width = Math.min(NR, columns - column);
    for (int r = 0; r < s.count(); ) {
      int left = s.count() - r;
      int tile = left > 4 ? MR : 4;
      int height = Math.min(tile, left);
      if (width == NR && height == tile) {
        Tiles.rows(tile, b, s.rows(), r, from, dst, to + r * next, next);
      } else {
        edge(s, b, r, from, to + r * next, height, width);
      }
      r += height;
    }
  }

  /** A tile that sticks out of dst: by way of a buffer. */
  private void edge(Places.Strip s, Tiles.Block b, int r, int from, int to, int height, int width) {
    int next = groups * columns;
    float[] buffer = edge.get();
    for (int i = 0; i < height && !b.fresh(); i++) {
      System.arraycopy(dst, to + i * next, buffer, i * NR, width);
    }
    Tiles.rows(height > 4 ? MR : 4, b, s.rows(), r, from, buffer, 0, NR);
    for (int i = 0; i < height; i++) {
      System.arraycopy(buffer, i * NR, dst, to + i * next, width);
    }
  }

  @Override
  public float[] output() {
    return Arrays.copyOf(dst, dst.length);
  }
}
