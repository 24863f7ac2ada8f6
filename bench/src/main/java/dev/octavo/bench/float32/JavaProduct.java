package dev.octavo.bench.float32;

import dev.octavo.bench.problem.Problem;
import java.util.Arrays;

/**
 * {@code dst[m,·] = Σ_k lhs[m,k]·rhs[k,·]}: the sum runs over whole rows of rhs, so the innermost
 * loop is a plain loop over contiguous floats, and the JIT compiler vectorizes it. Two rows of dst
 * and four depths go together: eight multiply-adds for eight loads and stores instead of
 * twenty-four.
 *
 * <p>Every array is indexed by the loop variable alone. With differing offsets the compiler could
 * not tell that reading one array does not see what was written to another, and would not
 * vectorize.
 */
final class JavaProduct implements Float32Kernel {

  /** Rows of dst in a strip: they share what they read of rhs in the cache. */
  private static final int STRIP = 16;

  private final Rows rows;
  private final float[][][] rhs; // group, depth, column
  private final float[] dst;
  private final ThreadLocal<float[]> buffer;

  JavaProduct(Problem problem, float[] weights, float[] input) {
    rows = new Rows(problem, input);
    dst = new float[Math.toIntExact(problem.outputElements())];
    buffer = ThreadLocal.withInitial(() -> new float[STRIP * rows.depth()]);
    int n = rows.columns();
    int k = rows.depth();
    rhs = new float[rows.groups()][k][n];
    for (int group = 0; group < rows.groups(); group++) {
      for (int column = 0; column < n; column++) {
        for (int depth = 0; depth < k; depth++) {
          rhs[group][depth][column] = weights[(group * n + column) * k + depth];
        }
      }
    }
  }

  @Override
  public String name() {
    return "sgemm_java";
  }

  @Override
  public int strips() {
    return Math.ceilDiv(rows.count(), STRIP);
  }

  @Override
  public void run(int first, int last) {
    int k = rows.depth();
    float[] lhs = buffer.get();
    float[] sum = new float[rows.columns()];
    float[] next = new float[rows.columns()];
    for (int strip = first; strip < last; strip++) {
      int from = strip * STRIP;
      int to = Math.min(from + STRIP, rows.count());
      for (int group = 0; group < rows.groups(); group++) {
        rows.fill(group, from, to, lhs, k);
        int row = from;
        for (; row <= to - 2; row += 2) {
          twoRows(rhs[group], lhs, (row - from) * k, sum, next);
          System.arraycopy(sum, 0, dst, at(row, group), sum.length);
          System.arraycopy(next, 0, dst, at(row + 1, group), next.length);
        }
        if (row < to) {
          oneRow(rhs[group], lhs, (row - from) * k, sum);
          System.arraycopy(sum, 0, dst, at(row, group), sum.length);
        }
      }
    }
  }

  private int at(int row, int group) {
    return (row * rows.groups() + group) * rows.columns();
  }

  /** Rows {@code from} and {@code from + k} of lhs times rhs. */
  private static void twoRows(float[][] rhs, float[] lhs, int from, float[] sum, float[] next) {
    Arrays.fill(sum, 0f);
    Arrays.fill(next, 0f);
    int k = 0;
    for (; k <= rhs.length - 4; k += 4) {
      add4(sum, rhs, k, lhs, from, next, from + rhs.length);
    }
    for (; k < rhs.length; k++) {
      add1(sum, rhs[k], lhs[from + k]);
      add1(next, rhs[k], lhs[from + rhs.length + k]);
    }
  }

  private static void oneRow(float[][] rhs, float[] lhs, int from, float[] sum) {
    Arrays.fill(sum, 0f);
    int k = 0;
    for (; k <= rhs.length - 4; k += 4) {
      add4(sum, rhs, k, lhs, from);
    }
    for (; k < rhs.length; k++) {
      add1(sum, rhs[k], lhs[from + k]);
    }
  }

  private static void add4(
      float[] s, float[][] rhs, int k, float[] lhs, int row, float[] t, int next) {
    float[] w = rhs[k];
    float[] x = rhs[k + 1];
    float[] y = rhs[k + 2];
    float[] z = rhs[k + 3];
    float a = lhs[row + k];
    float b = lhs[row + k + 1];
    float c = lhs[row + k + 2];
    float d = lhs[row + k + 3];
    float e = lhs[next + k];
    float f = lhs[next + k + 1];
    float g = lhs[next + k + 2];
    float h = lhs[next + k + 3];
    for (int i = 0; i < s.length; i++) {
      s[i] = Math.fma(d, z[i], Math.fma(c, y[i], Math.fma(b, x[i], Math.fma(a, w[i], s[i]))));
      t[i] = Math.fma(h, z[i], Math.fma(g, y[i], Math.fma(f, x[i], Math.fma(e, w[i], t[i]))));
    }
  }

  private static void add4(float[] s, float[][] rhs, int k, float[] lhs, int row) {
    float[] w = rhs[k];
    float[] x = rhs[k + 1];
    float[] y = rhs[k + 2];
    float[] z = rhs[k + 3];
    float a = lhs[row + k];
    float b = lhs[row + k + 1];
    float c = lhs[row + k + 2];
    float d = lhs[row + k + 3];
    for (int i = 0; i < s.length; i++) {
      s[i] = Math.fma(d, z[i], Math.fma(c, y[i], Math.fma(b, x[i], Math.fma(a, w[i], s[i]))));
    }
  }

  private static void add1(float[] s, float[] w, float a) {
    for (int i = 0; i < s.length; i++) {
      s[i] = Math.fma(a, w[i], s[i]);
    }
  }

  @Override
  public float[] output() {
    return dst.clone();
  }
}
