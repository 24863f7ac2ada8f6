package dev.octavo.conformance.fuzz;

/** A fuzzer's bytes as decisions. When they run out, every decision is the first one. */
final class Bytes {
  /** One byte in ten or so makes something hostile. */
  private static final int HOSTILE = 232;

  private final byte[] data;
  private int next;

  Bytes(byte[] data) {
    this.data = data;
  }

  int one() {
    return next < data.length ? data[next++] & 0xff : 0;
  }

  /** 0 to bound − 1. */
  int below(int bound) {
    return one() % bound;
  }

  boolean flag() {
    return (one() & 1) != 0;
  }

  boolean hostile() {
    return one() >= HOSTILE;
  }

  @SafeVarargs
  final <T> T pick(T... choices) {
    return choices[below(choices.length)];
  }

  /** The valid number, or any other. */
  int or(int valid) {
    return hostile() ? (int) any() : valid;
  }

  /** The valid number, or any other. */
  long or(long valid) {
    return hostile() ? any() : valid;
  }

  /** The valid number, or one that no scale may be. */
  float or(float valid) {
    return hostile()
        ? pick(0f, -0f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE)
        : valid;
  }

  private long any() {
    long edge = pick(0L, 1L << 15, 1L << 16, 1L << 31, 1L << 32, 1L << 62, Long.MIN_VALUE, 16L);
    return switch (below(4)) {
      case 0 -> edge - 1;
      case 1 -> edge + (byte) one();
      case 2 -> (byte) one();
      default -> (long) one() << 24 | one() << 16 | one() << 8 | one();
    };
  }
}
