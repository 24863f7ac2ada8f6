package dev.octavo.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.octavo.ConvSpec;
import dev.octavo.Shape;
import dev.octavo.Strides;
import dev.octavo.Window;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The images of a convolution as rows of a product: output pixel [b, y, x] is row (b · outHeight +
 * y) · outWidth + x. Input lines are copied to a stage, padding and all, channels innermost; there
 * every filter row of every window is one run of bytes.
 */
final class Images {
  /** From this width on a line is a unit of rows of its own, so that a stage is never very wide. */
  private static final int WIDE = 112;

  private final ConvSpec spec;
  private final Window window;

  Images(ConvSpec spec) {
    this.spec = spec;
    this.window = spec.window();
  }

  int outHeight(Shape.Image image) {
    return window.outHeight(image.height());
  }

  int outWidth(Shape.Image image) {
    return window.outWidth(image.width());
  }

  private boolean wide(Shape.Image image) {
    return outWidth(image) >= WIDE;
  }

  long units(Shape.Image image) {
    return wide(image) ? image.batch() * outHeight(image) : image.batch();
  }

  long unitRows(Shape.Image image) {
    return wide(image) ? outWidth(image) : (long) outHeight(image) * outWidth(image);
  }

  /** Notes the extents of the output: they take divisions, and every row of a strip needs them. */
  void measure(Shape.Image image, Workspace w) {
    w.outHeight = outHeight(image);
    w.outWidth = outWidth(image);
  }

  /** Fills the stage with the lines that the windows of the strip see. */
  void gather(Shape.Image image, MemorySegment input, int padding, Workspace w) {
    measure(image, w);
    long line = w.row / w.outWidth;
    int firstX = (int) (w.row % w.outWidth);
    int across = w.rows;
    if (firstX + across > w.outWidth) { // rows of several lines: the stage is as wide as they are
      firstX = 0;
      across = w.outWidth;
    }
    int y = (int) (line % w.outHeight) * window.strideHeight() - window.padTop();
    int lines =
        (int) ((w.row + w.rows - 1) / w.outWidth - line) * window.strideHeight()
            + (window.kernelHeight() - 1) * window.dilationHeight()
            + 1;
    int columns =
        (across - 1) * window.strideWidth()
            + (window.kernelWidth() - 1) * window.dilationWidth()
            + 1;
    w.firstX = firstX;
    w.lineStride = columns * spec.inChannels();
    w.span.x = firstX * window.strideWidth() - window.padLeft();
    w.span.columns = columns;
    w.span.channel = 0;
    w.span.channels = spec.inChannels();
    w.reserveStage((long) lines * w.lineStride);
    for (int i = 0; i < lines; i++) {
      line(image, input, line / w.outHeight, y + i, padding, w, i * w.lineStride);
    }
  }

  /** Part of an input line: columns from x on, negative in the padding; and channels. */
  static final class Span {
    int x;
    int columns;
    int channel;
    int channels;
  }

  /** Copies w.span of line y of an image to w.stage[at …], padding where there is no image. */
  void line(
      Shape.Image image, MemorySegment input, long batch, int y, int padding, Workspace w, int at) {
    Span span = w.span;
    int channels = span.channels;
    int end = at + span.columns * channels;
    int left = Math.clamp(-(long) span.x, 0, span.columns);
    int right = Math.clamp((long) span.x + span.columns - image.width(), 0, span.columns - left);
    int inside = span.columns - left - right;
    if (y < 0 || y >= image.height() || inside == 0) {
      Arrays.fill(w.stage, at, end, (byte) padding);
      return;
    }
    Arrays.fill(w.stage, at, at + left * channels, (byte) padding);
    Arrays.fill(w.stage, end - right * channels, end, (byte) padding);
    Strides s = image.input();
    long from = batch * s.n() + y * s.h() + Math.max(span.x, 0) * s.w() + span.channel * s.c();
    at += left * channels;
    if (s.c() != 1) {
      planes(input, from, inside, s.c(), channels, w, at);
    } else if (s.w() == channels) {
      MemorySegment.copy(input, JAVA_BYTE, from, w.stage, at, inside * channels);
    } else {
      for (int i = 0; i < inside; i++) {
        MemorySegment.copy(
            input, JAVA_BYTE, from + i * s.w(), w.stage, at + i * channels, channels);
      }
    }
  }

  /** Channels-first: a piece of every plane, interleaved. */
  private void planes(
      MemorySegment input,
      long from,
      int inside,
      long planeStride,
      int channels,
      Workspace w,
      int at) {
    for (int i = 0; i < inside; i += w.lineBytes.length) {
      int count = Math.min(w.lineBytes.length, inside - i);
      for (int c = 0; c < channels; c++) {
        MemorySegment.copy(input, JAVA_BYTE, from + c * planeStride + i, w.lineBytes, 0, count);
        int to = at + i * channels + c;
        for (int j = 0; j < count; j++) {
          w.stage[to + j * channels] = w.lineBytes[j];
        }
      }
    }
  }

  /** Where the window of row r of the strip begins in the stage. */
  int windowOffset(Workspace w, int r) {
    int line = (int) ((w.row + r) / w.outWidth - w.row / w.outWidth);
    int x = (int) ((w.row + r) % w.outWidth) - w.firstX;
    return line * window.strideHeight() * w.lineStride + x * step();
  }

  /** Bytes of the stage from one window to the next of the line. */
  int step() {
    return window.strideWidth() * spec.inChannels();
  }

  /** Where channel 0 of the output pixel of row r lies. */
  long dstOffset(Shape.Image image, Workspace w, int r) {
    long line = (w.row + r) / w.outWidth;
    Strides s = image.output();
    return line / w.outHeight * s.n()
        + line % w.outHeight * s.h()
        + (w.row + r) % w.outWidth * s.w();
  }

  /** How many rows of the strip, from row r on, are of one line. */
  int neighbours(Workspace w, int r) {
    return (int) Math.min(w.rows - r, w.outWidth - (w.row + r) % w.outWidth);
  }
}
