package dev.octavo.conformance.truth;

import dev.octavo.ElementType;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What an operator of another library accepts as operands.
 *
 * @param lhs type of the activations
 * @param rhs type of the weights
 * @param zeroPoints of the weights
 * @param rhsMin smallest weight, for libraries whose weights are narrower than their type
 * @param rhsMax largest weight
 */
public record Operands(
    ElementType lhs, ElementType rhs, RhsZeroPoints zeroPoints, int rhsMin, int rhsMax) {

  /** What zero points the weights may have. */
  public enum RhsZeroPoints {
    /** Zero. */
    ZERO,
    /** One. */
    PER_TENSOR,
    /** One per output channel. */
    PER_CHANNEL
  }

  /**
   * Weights over the whole range of their type; of seven bits where signed ones would make this
   * machine's 8-bit multiply saturate, which these libraries let happen and we do not imitate.
   */
  public static Operands of(ElementType lhs, ElementType rhs, RhsZeroPoints zeroPoints) {
    Operands whole = new Operands(lhs, rhs, zeroPoints, rhs.min(), rhs.max());
    return rhs == ElementType.S8 && Machine.SATURATES ? whole.withRhsRange(-64, 63) : whole;
  }

  /** The same with other limits of the weights. */
  public Operands withRhsRange(int min, int max) {
    return new Operands(lhs, rhs, zeroPoints, min, max);
  }

  /** Zero points for weights of so many channels. */
  int[] rhsZeroPoints(SplittableRandom random, int channels) {
    int[] values = new int[zeroPoints == RhsZeroPoints.PER_CHANNEL ? channels : 1];
    if (zeroPoints != RhsZeroPoints.ZERO) {
      Arrays.setAll(values, c -> zeroPoint(random, rhsMin, rhsMax));
    }
    return values;
  }

  /** A zero point: odd more often than not, and now and then at an end of the range. */
  static int zeroPoint(SplittableRandom random, int min, int max) {
    return switch (random.nextInt(6)) {
      case 0 -> min;
      case 1 -> max;
      case 2 -> random.nextInt(min, max + 1);
      default -> Math.clamp(random.nextInt(min, max + 1) | 1, min, max);
    };
  }

  /**
   * Values in [min, max]: uniform, or only the extremes (where narrow multiplies saturate), or next
   * to the zero point (where sums are small and ties frequent).
   */
  static Tensor fill(
      SplittableRandom random, ElementType type, int min, int max, int zeroPoint, long... extents) {
    Tensor tensor = Tensor.of(type, extents);
    int mode = random.nextInt(4);
    for (int i = 0; i < tensor.count(); i++) {
      tensor.put(
          i,
          switch (mode) {
            case 0 -> random.nextInt(8) == 0 ? zeroPoint : random.nextBoolean() ? min : max;
            case 1 -> Math.clamp(zeroPoint + random.nextInt(-3, 4), min, max);
            default -> random.nextInt(min, max + 1);
          });
    }
    return tensor;
  }

  static String describe(Product problem) {
    return problem.lhs().type().code()
        + "·"
        + problem.rhs().type().code()
        + " zl="
        + problem.lhsZeroPoint()
        + " zr="
        + Arrays.toString(problem.rhsZeroPoints());
  }
}
