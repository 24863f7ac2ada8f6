package dev.octavo.bench.float32;

import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.util.Arrays;

/**
 * A problem seen as the rows of a matrix product, group by group: row {@code r} holds what output
 * pixel {@code r} (or row {@code r} of dst) is summed over. For a convolution this is the classic
 * im2row, done for a few rows at a time into a buffer that stays in the cache.
 */
final class Rows {

  private final Problem problem;
  private final float[] input;

  Rows(Problem problem, float[] input) {
    this.problem = problem;
    this.input = input;
  }

  /** Products in each sum. */
  int depth() {
    return switch (problem) {
      case Gemm g -> g.k();
      case Conv c -> c.depth();
    };
  }

  int groups() {
    return problem instanceof Conv c ? c.groups() : 1;
  }

  /** Columns of one group's product. */
  int columns() {
    return problem.outputChannels() / groups();
  }

  /** Rows of each group's product. */
  int count() {
    return Math.toIntExact(problem.outputElements() / problem.outputChannels());
  }

  /**
   * True when the rows are the input as it stands: a product, or a convolution of single pixels.
   */
  boolean areTheInput() {
    return switch (problem) {
      case Gemm g -> true;
      case Conv c -> c.groups() == 1 && c.depth() == c.channels() && count() == pixels(c);
    };
  }

  private static int pixels(Conv c) {
    return c.batch() * c.height() * c.width();
  }

  /** Writes rows {@code [first, last)} of a group to {@code to}, {@code stride} floats apart. */
  void fill(int group, int first, int last, float[] to, int stride) {
    for (int row = first; row < last; row++) {
      int at = (row - first) * stride;
      switch (problem) {
        case Gemm g -> System.arraycopy(input, row * g.k(), to, at, g.k());
        case Conv c -> gather(c, group, row, to, at);
      }
    }
  }

  /** The pixels under the filter at output pixel {@code row}, tap after tap, zero off the image. */
  private void gather(Conv c, int group, int row, float[] to, int at) {
    Window w = c.window();
    int pixel = row % (c.outHeight() * c.outWidth());
    int image = row / (c.outHeight() * c.outWidth());
    int top = pixel / c.outWidth() * w.strideHeight() - w.padTop();
    int left = pixel % c.outWidth() * w.strideWidth() - w.padLeft();
    for (int r = 0; r < w.kernelHeight(); r++) {
      int y = top + r * w.dilationHeight();
      int width = w.kernelWidth() * c.groupChannels();
      if (y < 0 || y >= c.height()) {
        Arrays.fill(to, at, at + width, 0f);
      } else {
        gatherLine(c, (image * c.height() + y) * c.width(), left, group, to, at);
      }
      at += width;
    }
  }

  private void gatherLine(Conv c, int line, int left, int group, float[] to, int at) {
    Window w = c.window();
    int taken = c.groupChannels();
    boolean inside = left >= 0 && left + w.kernelWidth() <= c.width();
    if (inside && taken == c.channels() && w.dilationWidth() == 1) {
      System.arraycopy(input, (line + left) * taken, to, at, w.kernelWidth() * taken);
      return;
    }
    for (int s = 0; s < w.kernelWidth(); s++, at += taken) {
      int x = left + s * w.dilationWidth();
      if (x < 0 || x >= c.width()) {
        Arrays.fill(to, at, at + taken, 0f);
      } else {
        System.arraycopy(input, (line + x) * c.channels() + group * taken, to, at, taken);
      }
    }
  }
}
