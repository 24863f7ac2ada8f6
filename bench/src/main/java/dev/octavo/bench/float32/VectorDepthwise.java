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
 * <p>The lines of the image under one output line are first copied, padded, into a small buffer, so
 * that the loop over the taps asks no questions.
 */
final class VectorDepthwise implements Float32Kernel {

  private static final int PIXELS = 4;

  private final Conv conv;
  private final Window window;
  private final float[] image;
  private final float[] filter; // tap by tap, all channels
  private final float[] dst;
  private final ThreadLocal<float[]> buffer; // the padding in it is never written, and stays 0

  VectorDepthwise(Conv conv, float[] weights, float[] image) {
    this.conv = conv;
    this.window = conv.window();
    this.image = image;
    this.filter = Depthwise.tapsFirst(conv, weights);
    this.dst = new float[Math.toIntExact(conv.outputElements())];
    int floats = window.kernelHeight() * lineWidth() * conv.channels();
    this.buffer = ThreadLocal.withInitial(() -> new float[floats]);
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

  /** Pixels of a padded line, enough for a last group of pixels that is not full. */
  private int lineWidth() {
    int outputs = Math.ceilDiv(conv.outWidth(), PIXELS) * PIXELS;
    int reach = (window.kernelWidth() - 1) * window.dilationWidth() + 1;
    return Math.max((outputs - 1) * window.strideWidth() + reach, window.padLeft() + conv.width());
  }

  @Override
  public void run(int first, int last) {
    float[] lines = buffer.get();
    for (int line = first; line < last; line++) {
      gather(line, lines);
      for (int x = 0; x < conv.outWidth(); x += PIXELS) {
        pixels(lines, line, x, Math.min(PIXELS, conv.outWidth() - x));
      }
    }
  }

  private void gather(int line, float[] lines) {
    int channels = conv.channels();
    int top = line % conv.outHeight() * window.strideHeight() - window.padTop();
    for (int r = 0; r < window.kernelHeight(); r++) {
      int y = top + r * window.dilationHeight();
      int to = (r * lineWidth() + window.padLeft()) * channels;
      if (y < 0 || y >= conv.height()) {
        Arrays.fill(lines, to, to + conv.width() * channels, 0f);
      } else {
        int from = (line / conv.outHeight() * conv.height() + y) * conv.width() * channels;
        System.arraycopy(image, from, lines, to, conv.width() * channels);
      }
    }
  }

  private void pixels(float[] lines, int line, int x, int count) {
    int channels = conv.channels();
    int to = (line * conv.outWidth() + x) * channels;
    for (int c = 0; c < channels; c += L) {
      vector(lines, x, c, to + c, count);
    }
  }

  private void vector(float[] lines, int x, int channel, int to, int count) {
    int channels = conv.channels();
    int step = window.strideWidth() * channels;
    VectorMask<Float> mask = S.indexInRange(channel, channels);
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    int tap = channel;
    for (int r = 0; r < window.kernelHeight(); r++) {
      int at = (r * lineWidth() + x * window.strideWidth()) * channels + channel;
      for (int s = 0; s < window.kernelWidth(); s++) {
        FloatVector w = FloatVector.fromArray(S, filter, tap, mask);
        s0 = FloatVector.fromArray(S, lines, at, mask).fma(w, s0);
        s1 = FloatVector.fromArray(S, lines, at + step, mask).fma(w, s1);
        s2 = FloatVector.fromArray(S, lines, at + 2 * step, mask).fma(w, s2);
        s3 = FloatVector.fromArray(S, lines, at + 3 * step, mask).fma(w, s3);
        at += window.dilationWidth() * channels;
        tap += channels;
      }
    }
    s0.intoArray(dst, to, mask);
    if (count > 1) {
      s1.intoArray(dst, to + channels, mask);
    }
    if (count > 2) {
      s2.intoArray(dst, to + 2 * channels, mask);
    }
    if (count > 3) {
      s3.intoArray(dst, to + 3 * channels, mask);
    }
  }

  @Override
  public float[] output() {
    return Arrays.copyOf(dst, dst.length);
  }
}
