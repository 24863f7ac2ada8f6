package dev.octavo.bench.problem;

/** The checks that every extent goes through, so that all messages read alike. */
final class Extents {

  private Extents() {}

  static void atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, got %d".formatted(name, least, value));
    }
  }

  /** Operands are indexed by int in the float32 baselines and must fit four bytes an element. */
  static void fits(long elements, String name) {
    if (elements > Integer.MAX_VALUE / 4) {
      throw new IllegalArgumentException(
          "%s = %d elements is more than this bench handles (%d)"
              .formatted(name, elements, Integer.MAX_VALUE / 4));
    }
  }

  static void fits(long a, long b, String name) {
    fits(Math.multiplyHigh(a, b) != 0 ? Long.MAX_VALUE : a * b, name);
  }
}
