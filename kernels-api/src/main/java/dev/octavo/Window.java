package dev.octavo;

/**
 * The window that a convolution slides over an image. Output extent = ⌊(input + before + after −
 * dilation · (kernel − 1) − 1) / stride⌋ + 1, on each axis.
 *
 * @param kernelHeight at least 1; 1 for a 1-D convolution
 * @param kernelWidth at least 1
 * @param strideHeight at least 1
 * @param strideWidth at least 1
 * @param dilationHeight at least 1
 * @param dilationWidth at least 1
 * @param padTop rows of zero points above the image, at least 0
 * @param padLeft columns before it
 * @param padBottom rows below it
 * @param padRight columns after it
 */
public record Window(
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight) {
  public Window {
    Checks.atLeast("kernel height", kernelHeight, 1);
    Checks.atLeast("kernel width", kernelWidth, 1);
    Checks.atLeast("stride height", strideHeight, 1);
    Checks.atLeast("stride width", strideWidth, 1);
    Checks.atLeast("dilation height", dilationHeight, 1);
    Checks.atLeast("dilation width", dilationWidth, 1);
    Checks.atLeast("top padding", padTop, 0);
    Checks.atLeast("left padding", padLeft, 0);
    Checks.atLeast("bottom padding", padBottom, 0);
    Checks.atLeast("right padding", padRight, 0);
  }

  /** Stride 1, dilation 1, no padding. */
  public static Window of(int kernelHeight, int kernelWidth) {
    return new Window(kernelHeight, kernelWidth, 1, 1, 1, 1, 0, 0, 0, 0);
  }

  /** A 1-D window along the width: height 1, stride 1, no padding. */
  public static Window of(int kernelWidth) {
    return of(1, kernelWidth);
  }

  /** The same with another stride on both axes. */
  public Window withStride(int stride) {
    return withStrides(stride, stride);
  }

  /** The same with other strides. */
  public Window withStrides(int height, int width) {
    return new Window(
        kernelHeight,
        kernelWidth,
        height,
        width,
        dilationHeight,
        dilationWidth,
        padTop,
        padLeft,
        padBottom,
        padRight);
  }

  /** The same with other dilations. */
  public Window withDilations(int height, int width) {
    return new Window(
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        height,
        width,
        padTop,
        padLeft,
        padBottom,
        padRight);
  }

  /** The same with other padding. */
  public Window withPadding(int top, int left, int bottom, int right) {
    return new Window(
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        top,
        left,
        bottom,
        right);
  }

  /** The same with equal padding on all sides. */
  public Window withPadding(int pad) {
    return withPadding(pad, pad, pad, pad);
  }

  /**
   * Output height for an input height.
   *
   * @throws IllegalArgumentException if the padded input is smaller than the dilated kernel, or the
   *     output is too large for an int
   */
  public int outHeight(int height) {
    return extent("height", height, kernelHeight, strideHeight, dilationHeight, padTop, padBottom);
  }

  /**
   * Output width for an input width.
   *
   * @throws IllegalArgumentException if the padded input is smaller than the dilated kernel, or the
   *     output is too large for an int
   */
  public int outWidth(int width) {
    return extent("width", width, kernelWidth, strideWidth, dilationWidth, padLeft, padRight);
  }

  private static int extent(
      String axis, int input, int kernel, int stride, int dilation, int before, int after) {
    if (input < 1) { // asked here, so that a kernel's run makes no text for the good case
      Checks.atLeast("image " + axis, input, 1);
    }
    long padded = (long) input + before + after;
    long reach = (long) dilation * (kernel - 1) + 1;
    if (padded < reach) {
      throw new IllegalArgumentException(
          "padded image " + axis + " " + padded + " is smaller than the dilated kernel's " + reach);
    }
    long extent = (padded - reach) / stride + 1;
    if (extent > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("output " + axis + " " + extent + " is too large");
    }
    return (int) extent;
  }
}
