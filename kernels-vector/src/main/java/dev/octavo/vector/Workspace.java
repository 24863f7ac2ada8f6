package dev.octavo.vector;

/**
 * The arrays that one caller's strip is worked on in, and where that strip lies. Used again for
 * strip after strip; every vector may read or write a little beyond what it needs, so every array
 * is a little longer.
 */
final class Workspace {
  /** Rows of the largest strip. */
  static final int MAX_ROWS = 128;

  /** Accumulators of the largest strip. */
  static final int MAX_ACC = MAX_ROWS * 256;

  /** Pixels of a line that are worked on at a time. */
  static final int MAX_LINE = 4096;

  private static final int SLACK = 64;

  /** The lhs panel; then, the multiplication done, float output. */
  final float[] lhs = new float[MAX_ROWS * Gemm.PITCH + SLACK];

  /** One rhs panel, widened; behind it the sums of a tile. */
  final float[] rhs = new float[Gemm.SUMS + 8 * 32 + SLACK];

  /** The panels of {@link Pairs}, where those are used. */
  int[] pairLhs = new int[0];

  short[] pairRhs = new short[0];

  /** Accumulators, [row][column], {@link #pitch} ints from one row to the next. */
  final int[] acc = new int[MAX_ACC + SLACK];

  /** Byte output, laid out as the accumulators. */
  final byte[] out = new byte[MAX_ACC + SLACK];

  /** Σ_k lhs for each row. */
  final int[] rowSums = new int[MAX_ROWS];

  /** Elements on their way to or from a segment that does not hold them side by side. */
  final byte[] lineBytes = new byte[MAX_LINE];

  final int[] lineInts = new int[MAX_LINE];

  /** Lowest and highest integer of a quantization. */
  final int[] limits = new int[2];

  /** Parameters of a dynamic quantization. */
  final QuantizeTable dynamic = new QuantizeTable();

  /** Bytes of the input, side by side. */
  byte[] stage = new byte[MAX_ROWS * Gemm.DEPTH + SLACK];

  /** Lines of images as the depthwise convolution wants them. */
  byte[] blocks = new byte[0];

  /** How they lie there. */
  final Planes planes = new Planes();

  /** The part of an input line that is being copied. */
  final Images.Span span = new Images.Span();

  /** Extents of the output images. */
  int outHeight;

  int outWidth;

  /** The first output column whose window the stage holds: 0 unless all rows are of one line. */
  int firstX;

  /** Bytes of the stage from one line to the next. */
  int lineStride;

  private int[] tapOffsets = new int[0];

  /** Whether the strip is multiplied by {@link Pairs}. */
  boolean pairs;

  /** Which rows the stage holds, where that outlasts a strip; −1 for none. */
  long staged;

  /** Which row of the accumulators is the first row of the strip: 0 where nothing else is said. */
  int accRow;

  /** The first row of the strip, and how many there are. */
  long row;

  int rows;

  /** The first output channel of the strip, and how many there are. */
  int channel;

  int channels;

  /** The first column of the strip, and how many there are with padding. */
  int column;

  int pitch;

  /** Makes room for the panels of {@link Pairs}. */
  void reservePairs() {
    if (pairLhs.length == 0) {
      pairLhs = new int[lhs.length];
      pairRhs = new short[Pairs.SUMS + 16 * 32 + SLACK];
    }
  }

  /** Makes the stage at least so long. */
  void reserveStage(long bytes) {
    if (stage.length < bytes + SLACK) {
      stage = new byte[Math.toIntExact(bytes + SLACK)];
    }
  }

  /** Makes the blocks at least so long. */
  void reserveBlocks(long bytes) {
    if (blocks.length < bytes + SLACK) {
      blocks = new byte[Math.toIntExact(bytes + SLACK)];
    }
  }

  /** Room for the place of every tap of a filter. */
  int[] tapOffsets(int taps) {
    if (tapOffsets.length != taps) {
      tapOffsets = new int[taps];
    }
    return tapOffsets;
  }
}
