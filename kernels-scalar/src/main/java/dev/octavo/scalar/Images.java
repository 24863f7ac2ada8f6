package dev.octavo.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.octavo.ConvSpec;
import dev.octavo.LhsParameters;
import dev.octavo.Shape;
import dev.octavo.Strides;
import dev.octavo.Window;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The images of a convolution as rows of a product: output pixel [b, y, x] is row (b · outHeight +
 * y) · outWidth + x.
 */
final class Images {
  private final ConvSpec spec;
  private final Window window;
  private final OutputStage stage;

  Images(ConvSpec spec, OutputStage stage) {
    this.spec = spec;
    this.window = spec.window();
    this.stage = stage;
  }

  /** Pixels of all output images. */
  long pixels(Shape.Image image) {
    return image.batch() * window.outHeight(image.height()) * window.outWidth(image.width());
  }

  /**
   * Loads row r of a strip: the patch of the input under the window, [tap][channel], channels
   * [from, from + channels). A tap outside the image is 0, because the zero point is subtracted
   * already.
   */
  void load(
      Shape.Image image,
      MemorySegment input,
      LhsParameters lhs,
      int r,
      int from,
      int channels,
      Strip strip) {
    int zero = LhsValues.zeroPoint(spec.lhs(), lhs, 0);
    int outWidth = window.outWidth(image.width());
    int outHeight = window.outHeight(image.height());
    long line = (strip.row + r) / outWidth;
    long y = line % outHeight * window.strideHeight() - window.padTop();
    long x = (strip.row + r) % outWidth * window.strideWidth() - window.padLeft();
    Strides s = image.input();
    long base = line / outHeight * s.n() + from * s.c();
    int to = r * window.kernelHeight() * window.kernelWidth() * channels;
    for (int h = 0; h < window.kernelHeight(); h++) {
      long inY = y + (long) h * window.dilationHeight();
      for (int w = 0; w < window.kernelWidth(); w++) {
        long inX = x + (long) w * window.dilationWidth();
        if (inY < 0 || inY >= image.height() || inX < 0 || inX >= image.width()) {
          Arrays.fill(strip.lhs, to, to + channels, 0);
        } else {
          long at = base + inY * s.h() + inX * s.w();
          if (s.c() == 1) {
            Elements.widen(spec.lhsType(), input, at, channels, zero, strip.bytes, strip.lhs, to);
          } else {
            for (int c = 0; c < channels; c++) {
              byte element = input.get(JAVA_BYTE, at + c * s.c());
              strip.lhs[to + c] = Elements.toInt(spec.lhsType(), element) - zero;
            }
          }
        }
        to += channels;
      }
    }
  }

  /** Stores the channels of row r of a strip. */
  void store(Shape.Image image, MemorySegment output, LhsParameters lhs, int r, Strip strip) {
    int outWidth = window.outWidth(image.width());
    int outHeight = window.outHeight(image.height());
    long line = (strip.row + r) / outWidth;
    Strides s = image.output();
    long to =
        line / outHeight * s.n()
            + line % outHeight * s.h()
            + (strip.row + r) % outWidth * s.w()
            + strip.channel * s.c();
    float scale = stage.needsScale() ? LhsValues.scale(spec.lhs(), lhs, 0) : 0;
    stage.write(strip, r, scale, output, to, s.c());
  }
}
