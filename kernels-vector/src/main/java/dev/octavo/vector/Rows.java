package dev.octavo.vector;

import dev.octavo.Shape;

/** Where the rows of a product go: rows of a matrix, or pixels of images. */
interface Rows {
  /** Where dst[row, 0] lies. */
  long dstOffset(Shape shape, long row);

  /** Bytes from one output channel to the next. */
  long channelStride(Shape shape);

  /** How many rows from this one on, at most, lie next to each other where channels do not. */
  int neighbours(Shape shape, long row, int most);
}
