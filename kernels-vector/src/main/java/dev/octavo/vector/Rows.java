package dev.octavo.vector;

import dev.octavo.Shape;

/** Where the rows of a product go: rows of a matrix, or pixels of images. */
interface Rows {
  /** Where row r of the strip begins in dst: its channel 0. */
  long dstOffset(Shape shape, Workspace w, int r);

  /** Bytes from one output channel to the next. */
  long channelStride(Shape shape);

  /** How many rows of the strip, from row r on, lie next to each other where channels do not. */
  int neighbours(Workspace w, int r);
}
