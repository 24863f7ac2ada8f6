package dev.octavo.scalar;

import dev.octavo.ConvSpec;
import dev.octavo.LhsParameters;
import dev.octavo.Shape;
import dev.octavo.Strides;
import dev.octavo.Window;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The images of a convolution as rows of a product: output pixel [b, y, x] is row (b · outHeight +
 * y) · outWidth + x, and its lhs is the patch of the input under the window.
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
   * Loads the patch of row r of a strip, tap after tap, input channels from … from + channels − 1.
   * The taps go to lhs[r] one behind the other, or, tapsApart, to an array each. A tap outside the
   * image is 0, because the zero point is subtracted already.
   */
  void load(
      Shape.Image image,
      MemorySegment input,
      LhsParameters lhs,
      Strip strip,
      int r,
      int from,
      int channels,
      boolean tapsApart) {
    int outWidth = window.outWidth(image.width());
    int outHeight = window.outHeight(image.height());
    long line = (strip.row + r) / outWidth;
    long y = line % outHeight * window.strideHeight() - window.padTop();
    long x = (strip.row + r) % outWidth * window.strideWidth() - window.padLeft();
    Strides s = image.input();
    long base = line / outHeight * s.n() + from * s.c();
    int zero = LhsValues.zeroPoint(spec.lhs(), lhs, 0);
    int taps = window.kernelHeight() * window.kernelWidth();
    for (int tap = 0; tap < taps; tap++) {
      int[] to = tapsApart ? strip.lhs[r * taps + tap] : strip.lhs[r];
      int at = tapsApart ? 0 : tap * channels;
      long inY = y + (long) (tap / window.kernelWidth()) * window.dilationHeight();
      long inX = x + (long) (tap % window.kernelWidth()) * window.dilationWidth();
      if (inY < 0 || inY >= image.height() || inX < 0 || inX >= image.width()) {
        Arrays.fill(to, at, at + channels, 0);
      } else {
        long pixel = base + inY * s.h() + inX * s.w();
        Elements.read(input, pixel, s.c(), channels, strip.bytes);
        Elements.widen(spec.lhsType(), strip.bytes, channels, zero, to, at);
      }
    }
  }

  /** Stores the channels of row r of a strip. */
  void store(Shape.Image image, MemorySegment output, LhsParameters lhs, Strip strip, int r) {
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
