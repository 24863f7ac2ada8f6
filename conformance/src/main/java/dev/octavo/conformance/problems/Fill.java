package dev.octavo.conformance.problems;

import dev.octavo.ElementType;
import java.util.random.RandomGenerator;

/**
 * What an 8-bit operand holds. The extremes are where products and pair sums are largest: an
 * instruction that saturates, or an accumulator that is too narrow, shows there and nowhere else.
 */
public enum Fill {
  /** Every value equally likely. */
  UNIFORM,
  /** −1, 0 and 1, or 0, 1 and 2: sums so small that they can be checked by hand. */
  SMALL,
  /** Lowest of the type everywhere: −128 or 0. */
  LOWEST,
  /** Highest of the type everywhere: 127 or 255. */
  HIGHEST,
  /** Lowest or highest, at random. */
  ENDS,
  /** Pairs of neighbours alike, lowest and highest in turn. */
  PAIRS;

  /**
   * The value of an element; neighbours in memory order of the innermost axis have consecutive
   * numbers.
   */
  int value(ElementType type, int number, RandomGenerator random) {
    return switch (this) {
      case UNIFORM -> random.nextInt(type.min(), type.max() + 1);
      case SMALL -> random.nextInt(Math.max(-1, type.min()), Math.max(-1, type.min()) + 3);
      case LOWEST -> type.min();
      case HIGHEST -> type.max();
      case ENDS -> random.nextBoolean() ? type.min() : type.max();
      case PAIRS -> (number & 2) == 0 ? type.max() : type.min();
    };
  }
}
