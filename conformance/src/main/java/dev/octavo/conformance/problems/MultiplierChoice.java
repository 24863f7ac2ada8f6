package dev.octavo.conformance.problems;

import dev.octavo.Multipliers;
import dev.octavo.Recipe;
import java.util.random.RandomGenerator;

/** How large the multipliers of a requantization are. */
public enum MultiplierChoice {
  /**
   * Powers of two, 2^-24 to 1, small ones rarer: every product is exact, so that ties really are
   * ties.
   */
  POWER_OF_TWO,
  /** Between 2^-20 and 1/2, as networks have them. */
  ORDINARY,
  /** 1 and its neighbours. */
  NEAR_ONE,
  /** Greater than 1. */
  LARGE,
  /** So small that every result is the zero point. */
  TINY,
  /** The ends of what a multiplier can be. */
  LIMITS;

  /** Multipliers of the kind a recipe wants. */
  Multipliers multipliers(Recipe recipe, int count, RandomGenerator random) {
    if (recipe.multipliers() == Multipliers.Float32.class) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) value(random, Float.MIN_VALUE, Float.MAX_VALUE, Math.ulp(1f));
      }
      return Multipliers.Float32.of(values);
    }
    if (recipe.multipliers() == Multipliers.Float64.class) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        values[i] = value(random, Double.MIN_VALUE, Double.MAX_VALUE, Math.ulp(1.0));
      }
      return Multipliers.Float64.of(values);
    }
    int[] mantissas = new int[count];
    int[] shifts = new int[count];
    for (int i = 0; i < count; i++) {
      double value = value(random, 0x1p-32, 0x1p30, 0x1p-30);
      shifts[i] = Math.clamp(Math.getExponent(value) + 1, -31, 30);
      // Any mantissa will do that has the size; the ends of the range come with LIMITS.
      mantissas[i] =
          (int)
              Math.clamp(
                  Math.round(Math.scalb(value, 31 - shifts[i])), 1L << 30, Integer.MAX_VALUE);
      if (this == LIMITS) {
        mantissas[i] = new int[] {0, 1 << 30, (1 << 30) + 1, Integer.MAX_VALUE}[random.nextInt(4)];
      }
    }
    return Multipliers.FixedPoint.of(mantissas, shifts);
  }

  private double value(RandomGenerator random, double smallest, double largest, double ulp) {
    return switch (this) {
      case POWER_OF_TWO -> Math.scalb(1.0, -random.nextInt(1 + random.nextInt(25)));
      case ORDINARY -> Math.scalb(random.nextDouble(0.5, 1), -random.nextInt(20));
      case NEAR_ONE -> 1 + ulp * random.nextInt(-2, 3);
      case LARGE -> Math.scalb(random.nextDouble(1, 2), random.nextInt(1, 20));
      case TINY -> Math.scalb(random.nextDouble(1, 2), -random.nextInt(40, 80));
      case LIMITS -> random.nextBoolean() ? smallest : largest;
    };
  }

  /** The real value of a channel's multiplier, as near as a double comes. */
  static double real(Multipliers multipliers, int channel) {
    return switch (multipliers) {
      case Multipliers.Float32 m -> m.at(channel);
      case Multipliers.Float64 m -> m.at(channel);
      case Multipliers.FixedPoint m ->
          Math.scalb((double) m.mantissa(channel), m.shift(channel) - 31);
    };
  }
}
