package dev.octavo.bench.float32;

import static dev.octavo.bench.float32.Tiles.L;
import static dev.octavo.bench.float32.Tiles.S;

import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The depthwise convolution of nearly all networks: three by three taps next to each other, strides
 * of one or two. A vector of channels goes along two output lines with the nine weights in
 * registers. Each column of the image is loaded once and serves all pixels it belongs to: it ends
 * the sums of two, goes on with two and begins two more. So eighteen multiply-adds stand against
 * four loads, ten with a stride of two.
 *
 * <p>The image is read where it lies. A line above or below it is a line of zeros behind it, and
 * columns beside it are passed over: an edge costs nothing.
 */
final class VectorDepthwise3x3 implements Float32Kernel {

  /**
   * Pixels of a line before the next channels: pixels whose distance is a power of two, as it is in
   * most networks, share a few cache sets, and more of them would push each other out.
   */
  private static final int PIXELS = 8;

  private final Conv conv;
  private final Window window;
  private final int channels;
  private final float[] image; // and a line of zeros
  private final float[] filter; // tap by tap, all channels
  private final float[] dst;

  VectorDepthwise3x3(Conv conv, float[] weights, float[] image) {
    this.conv = conv;
    this.window = conv.window();
    this.channels = conv.channels();
    this.image = Arrays.copyOf(image, image.length + conv.width() * channels);
    this.filter = pack(weights);
    this.dst = new float[Math.toIntExact(conv.outputElements())];
  }

  /** Nine vectors, one a tap, for each vector of channels; the last is filled up with zeros. */
  private float[] pack(float[] weights) {
    float[] to = new float[Math.ceilDiv(channels, L) * L * 9];
    for (int c = 0; c < channels; c++) {
      for (int tap = 0; tap < 9; tap++) {
        to[c / L * L * 9 + tap * L + c % L] = weights[c * 9 + tap];
      }
    }
    return to;
  }

  /** Whether this class can do it. */
  static boolean fits(Conv conv) {
    Window w = conv.window();
    boolean taps = w.kernelHeight() == 3 && w.kernelWidth() == 3;
    boolean together = w.dilationHeight() == 1 && w.dilationWidth() == 1;
    boolean edges = w.padLeft() <= 1 && w.padRight() <= 1 && conv.width() > 1;
    return taps
        && together
        && edges
        && w.strideWidth() <= 2
        && w.strideHeight() == w.strideWidth()
        && conv.outHeight() > 1;
  }

  @Override
  public String name() {
    String stride = window.strideWidth() == 1 ? "" : "s2"; // other code, which warms up by itself
    return "sdepthwise_2x%dx9%s_vector%d".formatted(L, stride, S.vectorBitSize());
  }

  /** A strip is two output lines; an odd last one is done together with the one above again. */
  @Override
  public int strips() {
    return conv.batch() * imageStrips();
  }

  private int imageStrips() {
    return Math.ceilDiv(conv.outHeight(), 2);
  }

  @Override
  public void run(int first, int last) {
    int[] lines = new int[3 + window.strideHeight()];
    for (int strip = first; strip < last; strip++) {
      int number = strip / imageStrips();
      int y = Math.min(strip % imageStrips() * 2, conv.outHeight() - 2);
      for (int r = 0; r < lines.length; r++) {
        lines[r] = line(number, y * window.strideHeight() - window.padTop() + r);
      }
      lines(lines, (number * conv.outHeight() + y) * conv.outWidth() * channels);
    }
  }

  /** Where line {@code y} of an image begins, or the zeros. */
  private int line(int number, int y) {
    boolean on = y >= 0 && y < conv.height();
    int line = on ? number * conv.height() + y : conv.batch() * conv.height();
    return line * conv.width() * channels;
  }

  private void lines(int[] lines, int to) {
    int stride = window.strideWidth();
    for (int x = 0; x < conv.outWidth(); x += PIXELS) {
      int count = Math.min(PIXELS, conv.outWidth() - x);
      int column = x * stride - window.padLeft();
      for (int c = 0; c <= channels - L; c += L) {
        if (stride == 1) {
          along(lines, c, column, count, to + x * channels + c);
        } else {
          alongByTwo(lines, c, column, count, to + x * channels + c);
        }
      }
    }
    if (channels % L != 0) {
      rest(lines, 0, to);
      rest(lines, stride, to + conv.outWidth() * channels);
    }
  }

  /**
   * A vector of channels from {@code c} on of some neighbouring pixels and those below them.
   *
   * @param column the first column of the first pixel; −1 is beside the image
   * @param count pixels in a line
   */
  private void along(int[] lines, int c, int column, int count, int to) {
    FloatVector f00 = tap(0, c);
    FloatVector f01 = tap(1, c);
    FloatVector f02 = tap(2, c);
    FloatVector f10 = tap(3, c);
    FloatVector f11 = tap(4, c);
    FloatVector f12 = tap(5, c);
    FloatVector f20 = tap(6, c);
    FloatVector f21 = tap(7, c);
    FloatVector f22 = tap(8, c);
    int at = (column + 1) * channels + c;
    int at0 = lines[0] + at;
    int at1 = lines[1] + at;
    int at2 = lines[2] + at;
    int at3 = lines[3] + at;
    FloatVector sum = FloatVector.zero(S);
    FloatVector below = sum;
    if (column >= 0) {
      FloatVector v0 = FloatVector.fromArray(S, image, at0 - channels);
      FloatVector v1 = FloatVector.fromArray(S, image, at1 - channels);
      FloatVector v2 = FloatVector.fromArray(S, image, at2 - channels);
      FloatVector v3 = FloatVector.fromArray(S, image, at3 - channels);
      sum = v2.fma(f20, v1.fma(f10, v0.mul(f00)));
      below = v3.fma(f20, v2.fma(f10, v1.mul(f00)));
    }
    FloatVector v0 = FloatVector.fromArray(S, image, at0);
    FloatVector v1 = FloatVector.fromArray(S, image, at1);
    FloatVector v2 = FloatVector.fromArray(S, image, at2);
    FloatVector v3 = FloatVector.fromArray(S, image, at3);
    sum = v2.fma(f21, v1.fma(f11, v0.fma(f01, sum)));
    below = v3.fma(f21, v2.fma(f11, v1.fma(f01, below)));
    FloatVector next = v2.fma(f20, v1.fma(f10, v0.mul(f00)));
    FloatVector nextBelow = v3.fma(f20, v2.fma(f10, v1.mul(f00)));
    int line = conv.outWidth() * channels;
    int whole = Math.min(count, conv.width() - 2 - column);
    for (int i = 0; i < whole; i++, to += channels) {
      at0 += channels;
      at1 += channels;
      at2 += channels;
      at3 += channels;
      v0 = FloatVector.fromArray(S, image, at0);
      v1 = FloatVector.fromArray(S, image, at1);
      v2 = FloatVector.fromArray(S, image, at2);
      v3 = FloatVector.fromArray(S, image, at3);
      v2.fma(f22, v1.fma(f12, v0.fma(f02, sum))).intoArray(dst, to);
      v3.fma(f22, v2.fma(f12, v1.fma(f02, below))).intoArray(dst, to + line);
      sum = v2.fma(f21, v1.fma(f11, v0.fma(f01, next)));
      below = v3.fma(f21, v2.fma(f11, v1.fma(f01, nextBelow)));
      next = v2.fma(f20, v1.fma(f10, v0.mul(f00)));
      nextBelow = v3.fma(f20, v2.fma(f10, v1.mul(f00)));
    }
    if (whole < count) { // the last column lies beside the image
      sum.intoArray(dst, to);
      below.intoArray(dst, to + line);
    }
  }

  /** The same where the filter moves by two: the second of two columns begins the next sum. */
  private void alongByTwo(int[] lines, int c, int column, int count, int to) {
    FloatVector f00 = tap(0, c);
    FloatVector f01 = tap(1, c);
    FloatVector f02 = tap(2, c);
    FloatVector f10 = tap(3, c);
    FloatVector f11 = tap(4, c);
    FloatVector f12 = tap(5, c);
    FloatVector f20 = tap(6, c);
    FloatVector f21 = tap(7, c);
    FloatVector f22 = tap(8, c);
    int at = (column + 1) * channels + c;
    int at0 = lines[0] + at;
    int at1 = lines[1] + at;
    int at2 = lines[2] + at;
    int at3 = lines[3] + at;
    int at4 = lines[4] + at;
    FloatVector sum = FloatVector.zero(S);
    FloatVector below = sum;
    if (column >= 0) {
      FloatVector v0 = FloatVector.fromArray(S, image, at0 - channels);
      FloatVector v1 = FloatVector.fromArray(S, image, at1 - channels);
      FloatVector v2 = FloatVector.fromArray(S, image, at2 - channels);
      FloatVector v3 = FloatVector.fromArray(S, image, at3 - channels);
      FloatVector v4 = FloatVector.fromArray(S, image, at4 - channels);
      sum = v2.fma(f20, v1.fma(f10, v0.mul(f00)));
      below = v4.fma(f20, v3.fma(f10, v2.mul(f00)));
    }
    int line = conv.outWidth() * channels;
    int whole = Math.min(count, (conv.width() - 1 - column) / 2);
    for (int i = 0; i < whole; i++, to += channels) {
      FloatVector v0 = FloatVector.fromArray(S, image, at0);
      FloatVector v1 = FloatVector.fromArray(S, image, at1);
      FloatVector v2 = FloatVector.fromArray(S, image, at2);
      FloatVector v3 = FloatVector.fromArray(S, image, at3);
      FloatVector v4 = FloatVector.fromArray(S, image, at4);
      sum = v2.fma(f21, v1.fma(f11, v0.fma(f01, sum)));
      below = v4.fma(f21, v3.fma(f11, v2.fma(f01, below)));
      v0 = FloatVector.fromArray(S, image, at0 + channels);
      v1 = FloatVector.fromArray(S, image, at1 + channels);
      v2 = FloatVector.fromArray(S, image, at2 + channels);
      v3 = FloatVector.fromArray(S, image, at3 + channels);
      v4 = FloatVector.fromArray(S, image, at4 + channels);
      v2.fma(f22, v1.fma(f12, v0.fma(f02, sum))).intoArray(dst, to);
      v4.fma(f22, v3.fma(f12, v2.fma(f02, below))).intoArray(dst, to + line);
      sum = v2.fma(f20, v1.fma(f10, v0.mul(f00)));
      below = v4.fma(f20, v3.fma(f10, v2.mul(f00)));
      at0 += 2 * channels;
      at1 += 2 * channels;
      at2 += 2 * channels;
      at3 += 2 * channels;
      at4 += 2 * channels;
    }
    if (whole < count) {
      FloatVector v0 = FloatVector.fromArray(S, image, at0);
      FloatVector v1 = FloatVector.fromArray(S, image, at1);
      FloatVector v2 = FloatVector.fromArray(S, image, at2);
      FloatVector v3 = FloatVector.fromArray(S, image, at3);
      FloatVector v4 = FloatVector.fromArray(S, image, at4);
      v2.fma(f21, v1.fma(f11, v0.fma(f01, sum))).intoArray(dst, to);
      v4.fma(f21, v3.fma(f11, v2.fma(f01, below))).intoArray(dst, to + line);
    }
  }

  private FloatVector tap(int tap, int c) {
    return FloatVector.fromArray(S, filter, c * 9 + tap * L);
  }

  /** The last channels of a line, fewer than a vector, pixel by pixel. */
  private void rest(int[] lines, int top, int to) {
    int c = channels - channels % L;
    VectorMask<Float> mask = S.indexInRange(c, channels);
    for (int x = 0; x < conv.outWidth(); x++) {
      int column = x * window.strideWidth() - window.padLeft();
      FloatVector sum = FloatVector.zero(S);
      for (int s = Math.max(0, -column); s < 3 && column + s < conv.width(); s++) {
        int at = (column + s) * channels + c;
        for (int r = 0; r < 3; r++) {
          FloatVector f = tap(r * 3 + s, c);
          sum = FloatVector.fromArray(S, image, lines[top + r] + at, mask).fma(f, sum);
        }
      }
      sum.intoArray(dst, to + x * channels + c, mask);
    }
  }

  @Override
  public float[] output() {
    return Arrays.copyOf(dst, dst.length);
  }
}
