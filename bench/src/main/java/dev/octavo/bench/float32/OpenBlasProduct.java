package dev.octavo.bench.float32;

import dev.octavo.bench.problem.Problem;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * {@code sgemm} on the rows of the problem, {@code sgemv} where there is only one. Convolutions are
 * unrolled into rows first, as Caffe did it, but no more than a few MB at a time: enough that
 * OpenBLAS, which packs the weights anew on each call, does so seldom, and not so much that the
 * rows leave every cache. Products and 1×1 convolutions hand over their input as it is.
 */
final class OpenBlasProduct implements Float32Kernel {

  /** Unrolled floats of a strip: 4 MB. */
  private static final int STRIP_FLOATS = 1024 * 1024;

  /** Floats unrolled on the heap at a time, before they move to OpenBLAS's memory: 64 KB. */
  private static final int CHUNK_FLOATS = 16 * 1024;

  /** A thread's unrolled rows, kept from run to run: fresh pages cost more than filling them. */
  private record Unrolled(float[] chunk, FloatPointer lhs) {}

  private final Rows rows;
  private final int stripRows;
  private final int stripColumns;
  private final FloatPointer input;
  private final FloatPointer weights;
  private final FloatPointer dst;
  private final Queue<FloatPointer> unrolled = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Unrolled> buffers = ThreadLocal.withInitial(this::newBuffers);

  OpenBlasProduct(Problem problem, float[] weights, float[] input, int threads) {
    rows = new Rows(problem, input);
    int most = Math.max(64, STRIP_FLOATS / rows.depth());
    stripRows =
        Math.min(rows.areTheInput() ? rows.count() : most, Math.ceilDiv(rows.count(), threads));
    stripColumns = rows.count() == 1 ? Math.ceilDiv(rows.columns(), threads) : rows.columns();
    this.input = new FloatPointer(input);
    this.weights = new FloatPointer(weights);
    this.dst = new FloatPointer(problem.outputElements());
  }

  @Override
  public String name() {
    return rows.count() == 1 ? "sgemv_openblas" : "sgemm_openblas";
  }

  @Override
  public int strips() {
    return Math.ceilDiv(rows.count(), stripRows) * Math.ceilDiv(rows.columns(), stripColumns);
  }

  @Override
  public void run(int first, int last) {
    if (rows.count() == 1 && rows.groups() == 1) {
      int from = first * stripColumns;
      multiply(from, Math.min(last * stripColumns, rows.columns()) - from);
    } else if (rows.areTheInput()) {
      int from = first * stripRows;
      int count = Math.min(last * stripRows, rows.count()) - from;
      multiply(at(input, (long) from * rows.depth()), 0, from, count);
    } else {
      unroll(first, last);
    }
  }

  private Unrolled newBuffers() {
    FloatPointer lhs = new FloatPointer((long) stripRows * rows.depth());
    unrolled.add(lhs);
    return new Unrolled(new float[chunkRows() * rows.depth()], lhs);
  }

  private int chunkRows() {
    return Math.clamp(CHUNK_FLOATS / rows.depth(), 1, stripRows);
  }

  private void unroll(int first, int last) {
    Unrolled own = buffers.get();
    for (int strip = first; strip < last; strip++) {
      int from = strip * stripRows;
      int count = Math.min(stripRows, rows.count() - from);
      for (int group = 0; group < rows.groups(); group++) {
        for (int row = 0; row < count; row += chunkRows()) {
          int chunk = Math.min(chunkRows(), count - row);
          rows.fill(group, from + row, from + row + chunk, own.chunk, rows.depth());
          at(own.lhs, (long) row * rows.depth()).put(own.chunk, 0, chunk * rows.depth());
        }
        multiply(own.lhs, group, from, count);
      }
    }
  }

  /** {@code count} columns of a single row. */
  private void multiply(int column, int count) {
    openblas_nolapack.cblas_sgemv(
        openblas_nolapack.CblasRowMajor,
        openblas_nolapack.CblasNoTrans,
        count,
        rows.depth(),
        1f,
        at(weights, (long) column * rows.depth()),
        rows.depth(),
        input,
        1,
        0f,
        at(dst, column),
        1);
  }

  /** {@code count} rows of one group. */
  private void multiply(FloatPointer lhs, int group, int row, int count) {
    int n = rows.columns();
    int k = rows.depth();
    openblas_nolapack.cblas_sgemm(
        openblas_nolapack.CblasRowMajor,
        openblas_nolapack.CblasNoTrans,
        openblas_nolapack.CblasTrans,
        count,
        n,
        k,
        1f,
        lhs,
        k,
        at(weights, (long) group * n * k),
        k,
        0f,
        at(dst, ((long) row * rows.groups() + group) * n),
        n * rows.groups());
  }

  private static FloatPointer at(FloatPointer pointer, long element) {
    return pointer.getPointer(element);
  }

  @Override
  public float[] output() {
    float[] copy = new float[Math.toIntExact(dst.limit())];
    dst.get(copy);
    return copy;
  }

  @Override
  public void close() {
    unrolled.forEach(FloatPointer::close);
    input.close();
    weights.close();
    dst.close();
  }
}
