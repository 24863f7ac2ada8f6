package dev.octavo.scalar;

/**
 * The strip of a product that is worked on: where it lies, and the arrays it is worked on in. One
 * caller's, used again for strip after strip.
 */
final class Strip {
  /** Elements on their way from or to a segment. */
  final byte[] bytes;

  /** Floats on their way to a segment. */
  final float[] floats;

  /** Widened rows of the lhs, lhs − zl; for a depthwise convolution tap by tap. */
  final int[][] lhs;

  /** Widened filters, rhs − zr. */
  final int[][] filter;

  /** Accumulators, [row][channel]. */
  final int[][] acc;

  /** The first lhs row, and how many there are. */
  long row;

  int rows;

  /** The first output channel, and how many there are. */
  int channel;

  int channels;

  Strip(int run, int[][] lhs, int[][] filter, int[][] acc) {
    this.bytes = new byte[run];
    this.floats = new float[run];
    this.lhs = lhs;
    this.filter = filter;
    this.acc = acc;
  }
}
