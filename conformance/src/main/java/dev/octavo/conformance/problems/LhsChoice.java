package dev.octavo.conformance.problems;

import dev.octavo.ElementType;
import dev.octavo.LhsQuantization;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Where zero point and scale of the lhs come from. */
public enum LhsChoice {
  FIXED,
  PER_TENSOR,
  PER_ROW;

  LhsQuantization quantization(ElementType type, ZeroPointChoice zero, RandomGenerator random) {
    return switch (this) {
      case FIXED -> new LhsQuantization.Fixed(zero.value(type, random), scale(random));
      case PER_TENSOR -> new LhsQuantization.PerTensor();
      case PER_ROW -> new LhsQuantization.PerRow();
    };
  }

  /** Run-time zero points for m rows. */
  int[] zeroPoints(int m, ElementType type, ZeroPointChoice zero, RandomGenerator random) {
    int[] zeroPoints = new int[count(m)];
    Arrays.setAll(zeroPoints, row -> zero.value(type, random));
    return zeroPoints;
  }

  /** Run-time scales for m rows. */
  float[] scales(int m, RandomGenerator random) {
    float[] scales = new float[count(m)];
    for (int row = 0; row < scales.length; row++) {
      scales[row] = scale(random);
    }
    return scales;
  }

  private int count(int m) {
    return this == FIXED ? 0 : this == PER_TENSOR ? 1 : m;
  }

  private static float scale(RandomGenerator random) {
    return random.nextFloat(0.001f, 2f);
  }
}
