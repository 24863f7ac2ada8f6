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

  /** The first output column whose window the stage holds: 0 unless all rows are of one line. */
  private int firstX(Shape.Image image, Workspace w) {
    int outWidth = outWidth(image);
    int x = (int) (w.row % outWidth);
    return x + w.rows <= outWidth ? x : 0;
  }

  /** Columns of the stage. */
  private int stageWidth(Shape.Image image, Workspace w) {
    int outWidth = outWidth(image);
    int x = (int) (w.row % outWidth);
    int across = x + w.rows <= outWidth ? w.rows : outWidth;
    return (across - 1) * window.strideWidth()
        + (window.kernelWidth() - 1) * window.dilationWidth()
        + 1;
  }

  /** Fills the stage with the lines that the windows of the strip see. */
  void gather(Shape.Image image, MemorySegment input, int padding, Workspace w) {
    int outWidth = outWidth(image);
    int outHeight = outHeight(image);
    long line = w.row / outWidth;
    int y = (int) (line % outHeight) * window.strideHeight() - window.padTop();
    int lines =
        (int) ((w.row + w.rows - 1) / outWidth - line) * window.strideHeight()
            + (window.kernelHeight() - 1) * window.dilationHeight()
            + 1;
    int x = firstX(image, w) * window.strideWidth() - window.padLeft();
    int columns = stageWidth(image, w);
    w.span.x = x;
    w.span.columns = columns;
    w.span.channel = 0;
    w.span.channels = spec.inChannels();
    w.reserveStage((long) lines * columns * spec.inChannels());
    for (int i = 0; i < lines; i++) {
      int at = i * columns * spec.inChannels();
      line(image, input, line / outHeight, y + i, padding, w, at);
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
  int windowOffset(Shape.Image image, Workspace w, int r) {
    int outWidth = outWidth(image);
    int line = (int) ((w.row + r) / outWidth - w.row / outWidth) * window.strideHeight();
    int x = ((int) ((w.row + r) % outWidth) - firstX(image, w)) * window.strideWidth();
    return (line * stageWidth(image, w) + x) * spec.inChannels();
  }

  /** Bytes of the stage from one line to the next. */
  int lineStride(Shape.Image image, Workspace w) {
    return stageWidth(image, w) * spec.inChannels();
  }

  /** Where channel 0 of an output pixel lies. */
  long dstOffset(Shape.Image image, long row) {
    int outWidth = outWidth(image);
    int outHeight = outHeight(image);
    long line = row / outWidth;
    Strides s = image.output();
    return line / outHeight * s.n() + line % outHeight * s.h() + row % outWidth * s.w();
  }

  /** How many pixels from this one on are of one line. */
  int neighbours(Shape.Image image, long row, int most) {
    int outWidth = outWidth(image);
    return (int) Math.min(most, outWidth - row % outWidth);
  }
}
