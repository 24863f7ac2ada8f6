package dev.octavo;

/**
 * Byte strides of a four-dimensional tensor: element [n, h, w, c] is at n·this.n + h·this.h +
 * w·this.w + c·this.c. Activations must be channels-last (c next to each other) or channels-first
 * (w next to each other); rows, images and planes may lie further apart than dense.
 */
public record Strides(long n, long h, long w, long c) {
  public Strides {
    Checks.atLeast("image stride", n, 0);
    Checks.atLeast("row stride", h, 0);
    Checks.atLeast("column stride", w, 0);
    Checks.atLeast("channel stride", c, 0);
  }

  /** Dense channels-last. */
  public static Strides nhwc(int height, int width, int channels, int elementBytes) {
    long pixel = Checks.product("pixel bytes", channels, elementBytes);
    long row = Checks.product("row bytes", width, pixel);
    return new Strides(Checks.product("image bytes", height, row), row, pixel, elementBytes);
  }

  /** Dense channels-first. */
  public static Strides nchw(int height, int width, int channels, int elementBytes) {
    long row = Checks.product("row bytes", width, elementBytes);
    long plane = Checks.product("plane bytes", height, row);
    return new Strides(Checks.product("image bytes", channels, plane), row, elementBytes, plane);
  }

  /** Whether the channels of a pixel lie next to each other. */
  public boolean channelsLast(int elementBytes) {
    return c == elementBytes;
  }
}
