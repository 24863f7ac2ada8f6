package dev.octavo.conformance.problems;

import dev.octavo.ElementType;
import java.util.random.RandomGenerator;

/** Where a zero point lies in the range of its type. */
public enum ZeroPointChoice {
  ZERO,
  LOWEST,
  HIGHEST,
  ANY;

  int value(ElementType type, RandomGenerator random) {
    return switch (this) {
      case ZERO -> 0;
      case LOWEST -> type.min();
      case HIGHEST -> type.max();
      case ANY -> (int) random.nextLong(type.min(), type.max() + 1L);
    };
  }
}
