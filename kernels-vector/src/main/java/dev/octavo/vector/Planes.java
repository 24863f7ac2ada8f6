package dev.octavo.vector;

import dev.octavo.Window;

/**
 * The input of a strip of a depthwise convolution, laid out so that a tap meets the pixels of the
 * strip one behind the other, through all lines: a block for every vector of channels, and in it a
 * plane for every remainder that the places of lines and pixels have by the strides.
 *
 * <pre>
 *   [block] [x mod strideWidth] [y mod strideHeight] [y / strideHeight] [x / strideWidth] [lane]
 * </pre>
 *
 * <p>Where a line of output ends, its plane goes on with the pixels that only wider windows meet;
 * what is computed of them is not stored.
 */
final class Planes {
  private int strideWidth;
  private int strideHeight;

  /** Lines of a plane. */
  private int lines;

  /** Channels of a block. */
  private int lanes;

  /** Pixels of a line of a plane. */
  int width;

  /** Bytes from one block to the next. */
  int block;

  /** For so many input lines of so many columns. */
  void measure(Window window, int lanes, int lines, int columns) {
    this.lanes = lanes;
    // Of planes that no pixel is in, a stride of millions would make millions.
    this.strideWidth = Math.min(window.strideWidth(), columns);
    this.strideHeight = Math.min(window.strideHeight(), lines);
    this.lines = Math.ceilDiv(lines, strideHeight);
    this.width = width(window, lanes, columns);
    this.block = strideWidth * strideHeight * this.lines * width * lanes;
  }

  /**
   * Pixels of a line of a plane; one more where a vector is narrower than the narrowest of bytes,
   * and so writes into the pixel behind its own.
   */
  static int width(Window window, int lanes, int columns) {
    return Math.ceilDiv(columns, window.strideWidth()) + (lanes < 8 ? 1 : 0);
  }

  /** Where a pixel is in a block. */
  int at(int y, int x) {
    int plane = x % strideWidth * strideHeight + y % strideHeight;
    return ((plane * lines + y / strideHeight) * width + x / strideWidth) * lanes;
  }
}
