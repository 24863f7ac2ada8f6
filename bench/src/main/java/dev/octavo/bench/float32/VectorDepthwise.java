package dev.octavo.bench.float32;

import static dev.octavo.bench.float32.Tiles.L;
import static dev.octavo.bench.float32.Tiles.S;

import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@code dst[y,x,c] = Σ_taps image[…,c]·filter[c,tap]}, a vector of channels and four neighbouring
 * pixels at a time: each tap's weights are loaded once for the four.
 *
 * <p>The image is read where it lies. Pixels whose filter hangs over an edge go one by one, with
 * the taps that fall on the image; copying lines into a padded buffer cost more than the
 * arithmetic.
 */
final class VectorDepthwise implements Float32Kernel {

  private static final int PIXELS = 4;

  private final Conv conv;
  private final Window window;
  private final int channels;
  private final float[] image;
  private final float[] filter; // tap by tap, all channels
  private final float[] dst;

  VectorDepthwise(Conv conv, float[] weights, float[] image) {
    this.conv = conv;
    this.window = conv.window();
    this.channels = conv.channels();
    this.image = image;
    this.filter = Depthwise.tapsFirst(conv, weights);
    this.dst = new float[Math.toIntExact(conv.outputElements())];
  }

  @Override
  public String name() {
    return "sdepthwise_%dx%dx1_vector%d".formatted(PIXELS, L, S.vectorBitSize());
  }

  /** A strip is an output line. */
  @Override
  public int strips() {
    return conv.batch() * conv.outHeight();
  }

  /**
   * The part of the filter that lies on the image: rows [top, bottom) and columns [left, right).
   */
  private record Taps(int top, int bottom, int left, int right) {}

  @Override
  public void run(int first, int last) {
    int reach = (window.kernelWidth() - 1) * window.dilationWidth() + 1;
    for (int line = first; line < last; line++) {
      int y = line % conv.outHeight() * window.strideHeight() - window.padTop();
      int imageLine = line / conv.outHeight() * conv.height() + y;
      int top = firstTap(y, window.dilationHeight());
      int bottom = endTap(y, window.dilationHeight(), conv.height(), window.kernelHeight());
      int x = 0;
      while (x < conv.outWidth()) {
        int column = x * window.strideWidth() - window.padLeft();
        int at = (imageLine * conv.width() + column) * channels;
        int to = (line * conv.outWidth() + x) * channels;
        int end = column + (PIXELS - 1) * window.strideWidth() + reach;
        if (column >= 0 && end <= conv.width() && x + PIXELS <= conv.outWidth()) {
          four(new Taps(top, bottom, 0, window.kernelWidth()), at, to);
          x += PIXELS;
        } else {
          int left = firstTap(column, window.dilationWidth());
          int right = endTap(column, window.dilationWidth(), conv.width(), window.kernelWidth());
          one(new Taps(top, bottom, left, right), at, to);
          x++;
        }
      }
    }
  }

  private static int firstTap(int from, int dilation) {
    return from >= 0 ? 0 : Math.ceilDiv(-from, dilation);
  }

  private static int endTap(int from, int dilation, int extent, int taps) {
    return Math.clamp(Math.ceilDiv(extent - from, dilation), 0, taps);
  }

  private void four(Taps taps, int at, int to) {
    int step = window.strideWidth() * channels;
    int line = window.dilationHeight() * conv.width() * channels;
    int column = window.dilationWidth() * channels;
    int c = 0;
    for (; c <= channels - L; c += L) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = FloatVector.zero(S);
      FloatVector s2 = FloatVector.zero(S);
      FloatVector s3 = FloatVector.zero(S);
      for (int r = taps.top; r < taps.bottom; r++) {
        int from = at + r * line + c;
        int tap = r * window.kernelWidth() * channels + c;
        for (int s = 0; s < taps.right; s++, from += column, tap += channels) {
          FloatVector w = FloatVector.fromArray(S, filter, tap);
          s0 = FloatVector.fromArray(S, image, from).fma(w, s0);
          s1 = FloatVector.fromArray(S, image, from + step).fma(w, s1);
          s2 = FloatVector.fromArray(S, image, from + 2 * step).fma(w, s2);
          s3 = FloatVector.fromArray(S, image, from + 3 * step).fma(w, s3);
        }
      }
      s0.intoArray(dst, to + c);
      s1.intoArray(dst, to + c + channels);
      s2.intoArray(dst, to + c + 2 * channels);
      s3.intoArray(dst, to + c + 3 * channels);
    }
    for (int p = 0; p < PIXELS && c < channels; p++) {
      rest(taps, c, at + p * step, to + p * channels);
    }
  }

  private void one(Taps taps, int at, int to) {
    int line = window.dilationHeight() * conv.width() * channels;
    int column = window.dilationWidth() * channels;
    int c = 0;
    for (; c <= channels - L; c += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int r = taps.top; r < taps.bottom; r++) {
        for (int s = taps.left; s < taps.right; s++) {
          FloatVector w =
              FloatVector.fromArray(S, filter, (r * window.kernelWidth() + s) * channels + c);
          sum = FloatVector.fromArray(S, image, at + r * line + s * column + c).fma(w, sum);
        }
      }
      sum.intoArray(dst, to + c);
    }
    if (c < channels) {
      rest(taps, c, at, to);
    }
  }

  /** The channels from {@code c} on, fewer than a vector, of one pixel. */
  private void rest(Taps taps, int c, int at, int to) {
    int line = window.dilationHeight() * conv.width() * channels;
    int column = window.dilationWidth() * channels;
    VectorMask<Float> mask = S.indexInRange(c, channels);
    FloatVector sum = FloatVector.zero(S);
    for (int r = taps.top; r < taps.bottom; r++) {
      for (int s = taps.left; s < taps.right; s++) {
        int tap = (r * window.kernelWidth() + s) * channels + c;
        FloatVector w = FloatVector.fromArray(S, filter, tap, mask);
        sum = FloatVector.fromArray(S, image, at + r * line + s * column + c, mask).fma(w, sum);
      }
    }
    sum.intoArray(dst, to + c, mask);
  }

  @Override
  public float[] output() {
    return Arrays.copyOf(dst, dst.length);
  }
}
