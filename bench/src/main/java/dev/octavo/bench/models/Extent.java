package dev.octavo.bench.models;

/** Rows, columns and channels of what flows between two layers. */
public record Extent(int height, int width, int channels) {

  /** Elements of one image. */
  public long elements() {
    return (long) height * width * channels;
  }

  @Override
  public String toString() {
    return height + "x" + width + "x" + channels;
  }
}
