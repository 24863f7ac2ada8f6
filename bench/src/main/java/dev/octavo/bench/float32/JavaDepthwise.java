package dev.octavo.bench.float32;

import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import java.util.Arrays;

/**
 * {@code dst[y,x,c] = Σ_taps image[…,c]·filter[c,tap]}: the inner loop runs along the channels of
 * one pixel, for up to three taps of a filter line at once. Pixels and taps are arrays of their
 * own, so that the compiler vectorizes the loop; see {@link JavaProduct}.
 */
final class JavaDepthwise implements Float32Kernel {

  private final Conv conv;
  private final float[][] image; // pixel, channel
  private final float[][] filter; // tap, channel
  private final float[] dst;

  JavaDepthwise(Conv conv, float[] weights, float[] input) {
    this.conv = conv;
    this.image = rows(input, conv.channels());
    this.filter = rows(Depthwise.tapsFirst(conv, weights), conv.channels());
    this.dst = new float[Math.toIntExact(conv.outputElements())];
  }

  private static float[][] rows(float[] matrix, int columns) {
    float[][] rows = new float[matrix.length / columns][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(matrix, i * columns, (i + 1) * columns));
    return rows;
  }

  @Override
  public String name() {
    return "sdepthwise_java";
  }

  /** A strip is an output line. */
  @Override
  public int strips() {
    return conv.batch() * conv.outHeight();
  }

  @Override
  public void run(int first, int last) {
    float[] sum = new float[conv.channels()];
    for (int line = first; line < last; line++) {
      for (int x = 0; x < conv.outWidth(); x++) {
        Arrays.fill(sum, 0f);
        pixel(line, x, sum);
        System.arraycopy(sum, 0, dst, (line * conv.outWidth() + x) * sum.length, sum.length);
      }
    }
  }

  private void pixel(int line, int column, float[] sum) {
    Window w = conv.window();
    int left = column * w.strideWidth() - w.padLeft();
    int top = line % conv.outHeight() * w.strideHeight() - w.padTop();
    int first = line / conv.outHeight() * conv.height();
    for (int r = 0; r < w.kernelHeight(); r++) {
      int y = top + r * w.dilationHeight();
      if (y < 0 || y >= conv.height()) {
        continue;
      }
      int start = (first + y) * conv.width();
      int tap = r * w.kernelWidth();
      boolean inside = left >= 0 && left + 2 * w.dilationWidth() < conv.width();
      int s = 0;
      if (w.kernelWidth() >= 3 && inside) {
        add3(sum, start + left, w.dilationWidth(), tap);
        s = 3;
      }
      for (; s < w.kernelWidth(); s++) {
        int x = left + s * w.dilationWidth();
        if (x >= 0 && x < conv.width()) {
          add1(sum, image[start + x], filter[tap + s]);
        }
      }
    }
  }

  private void add3(float[] sum, int pixel, int step, int tap) {
    float[] x = image[pixel];
    float[] y = image[pixel + step];
    float[] z = image[pixel + 2 * step];
    float[] a = filter[tap];
    float[] b = filter[tap + 1];
    float[] c = filter[tap + 2];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.fma(z[i], c[i], Math.fma(y[i], b[i], Math.fma(x[i], a[i], sum[i])));
    }
  }

  private static void add1(float[] sum, float[] x, float[] a) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.fma(x[i], a[i], sum[i]);
    }
  }

  @Override
  public float[] output() {
    return dst.clone();
  }
}
