package dev.octavo.bench.float32;

import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.util.Arrays;

/**
 * Where the rows of a product lie when none of them is copied. A row of lhs is one run of k floats.
 * The row of a convolution's output pixel is a run for each line of the filter, since neighbouring
 * pixels of an NHWC image are neighbours in memory, or one for each tap when taps are apart. The
 * runs of all pixels begin at the same distances from their pixel; so a convolution is a product
 * over shifted rows, and nothing is unrolled. Lines that hang over the image's edge are copied with
 * the zeros around them, once for all columns.
 */
final class Places {

  /**
   * Floats of padded lines that a strip may need: half a MB, half of a usual second-level cache.
   */
  private static final int FLOATS = 128 * 1024;

  /** Rows of a strip at most. */
  private static final int ROWS = 256;

  /** Enough of them that a thread that comes late does not hold up the others for long. */
  static final int STRIPS_A_THREAD = 4;

  private final Problem problem;
  private final float[] input;
  private final int[] runs;
  private final int runLength;
  private final int stripRows; // a convolution's are whole lines
  private final boolean padded;

  Places(Problem problem, float[] input, int threads) {
    this.problem = problem;
    this.input = input;
    this.padded = problem instanceof Conv c && isPadded(c.window());
    switch (problem) {
      case Gemm g -> {
        runs = new int[1];
        runLength = g.k();
        stripRows = Math.min(g.m(), share(g.m(), threads, ROWS, Tiles.MR));
      }
      case Conv c -> {
        runs = runs(c);
        runLength = c.depth() / runs.length;
        stripRows = lines(c, threads) * c.outWidth();
      }
    }
  }

  private static boolean isPadded(Window w) {
    return (w.padTop() | w.padLeft() | w.padBottom() | w.padRight()) != 0;
  }

  /**
   * How much of {@code all} a strip has: {@code most} on one thread; on more of them there are some
   * strips for each thread and as many for one as for the other.
   */
  private static int share(int all, int threads, int most, int unit) {
    if (threads == 1) {
      return most;
    }
    int strips = Math.max(Math.ceilDiv(all, most), STRIPS_A_THREAD * threads);
    int each = Math.ceilDiv(all, Math.ceilDiv(strips, threads) * threads);
    return Math.ceilDiv(each, unit) * unit;
  }

  private int lines(Conv c, int threads) {
    Window w = c.window();
    int reach = (w.kernelHeight() - 1) * w.dilationHeight() + 1;
    int held = FLOATS / lineFloats(c) - reach;
    int byCache = padded ? Math.max(0, held) / w.strideHeight() + 1 : c.outHeight();
    int byRows = Math.max(1, ROWS / c.outWidth());
    int most = Math.min(c.outHeight(), Math.min(byCache, byRows));
    return share(c.outHeight(), threads, most, 1);
  }

  /** Floats from one line of the image that is read to the next. */
  private int lineFloats(Conv c) {
    Window w = c.window();
    int around = padded ? w.padLeft() + w.padRight() : 0;
    return (c.width() + around) * c.channels();
  }

  private int[] runs(Conv c) {
    Window w = c.window();
    boolean together = c.groups() == 1 && w.dilationWidth() == 1;
    int perLine = together ? 1 : w.kernelWidth();
    int[] at = new int[w.kernelHeight() * perLine];
    for (int i = 0; i < at.length; i++) {
      at[i] =
          i / perLine * w.dilationHeight() * lineFloats(c)
              + i % perLine * w.dilationWidth() * c.channels();
    }
    return at;
  }

  int[] runs() {
    return runs;
  }

  int runLength() {
    return runLength;
  }

  private int imageStrips(Conv c) {
    return Math.ceilDiv(c.outHeight() * c.outWidth(), stripRows);
  }

  /** How many strips of rows there are. */
  int strips() {
    return switch (problem) {
      case Gemm g -> Math.ceilDiv(g.m(), stripRows);
      case Conv c -> c.batch() * imageStrips(c);
    };
  }

  /** A strip's rows: where they are from the first run on, and the first one's number. */
  static final class Strip {
    private final int[] rows;
    private final float[] lines;
    private float[] lhs;
    private int first;
    private int count;

    private Strip(int rows, int lines) {
      // A tile that sticks out reads its last rows again.
      this.rows = new int[rows + Tiles.MR];
      this.lines = new float[lines];
    }

    float[] lhs() {
      return lhs;
    }

    int[] rows() {
      return rows;
    }

    int first() {
      return first;
    }

    int count() {
      return count;
    }
  }

  /** Room for one strip at a time. */
  Strip newStrip() {
    int lines = problem instanceof Conv c && padded ? inputLines(c) * lineFloats(c) : 0;
    return new Strip(stripRows, lines);
  }

  private int inputLines(Conv c) {
    Window w = c.window();
    int lines = stripRows / c.outWidth();
    return (lines - 1) * w.strideHeight() + (w.kernelHeight() - 1) * w.dilationHeight() + 1;
  }

  /** Finds the rows of strip {@code index}. */
  void find(int index, Strip strip) {
    strip.lhs = input;
    switch (problem) {
      case Gemm g -> {
        strip.first = index * stripRows;
        strip.count = Math.min(stripRows, g.m() - strip.first);
        for (int i = 0; i < strip.count; i++) {
          strip.rows[i] = (strip.first + i) * g.k();
        }
      }
      case Conv c -> find(c, index, strip);
    }
    int last = strip.rows[strip.count - 1];
    Arrays.fill(strip.rows, strip.count, strip.count + Tiles.MR, last);
  }

  private void find(Conv c, int index, Strip strip) {
    Window w = c.window();
    int image = index / imageStrips(c);
    int y = index % imageStrips(c) * (stripRows / c.outWidth());
    int lines = Math.min(stripRows / c.outWidth(), c.outHeight() - y);
    int origin = (image * c.height() + y * w.strideHeight()) * c.width() * c.channels();
    if (padded) {
      pad(c, image, y * w.strideHeight() - w.padTop(), strip.lines);
      strip.lhs = strip.lines;
      origin = 0;
    }
    strip.first = (image * c.outHeight() + y) * c.outWidth();
    strip.count = lines * c.outWidth();
    for (int i = 0; i < strip.count; i++) {
      strip.rows[i] =
          origin
              + i / c.outWidth() * w.strideHeight() * lineFloats(c)
              + i % c.outWidth() * w.strideWidth() * c.channels();
    }
  }

  /** Copies lines from {@code y} on, with zeros where there is no image. */
  private void pad(Conv c, int image, int y, float[] to) {
    int line = lineFloats(c);
    int left = c.window().padLeft() * c.channels();
    int width = c.width() * c.channels();
    for (int at = 0; at < to.length; at += line, y++) {
      if (y < 0 || y >= c.height()) {
        Arrays.fill(to, at, at + line, 0f);
      } else {
        Arrays.fill(to, at, at + left, 0f);
        System.arraycopy(input, (image * c.height() + y) * width, to, at + left, width);
        Arrays.fill(to, at + left + width, at + line, 0f);
      }
    }
  }
}
