package dev.octavo.conformance.problems;

import java.util.random.RandomGenerator;

/** What a float32 operand holds. */
public enum Reals {
  /** Within what the scale can represent, and a little beyond. */
  ORDINARY,
  /** Next to a rounding tie. */
  TIES,
  /** Zeros, infinities, NaN, subnormals, the largest. */
  SPECIAL,
  /** Any bits. */
  BITS;

  private static final float[] SPECIALS = {
    0f,
    -0f,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1f,
    -1f,
    0x1p31f,
    -0x1p31f,
    0x1p23f,
    0x1.fffffep22f
  };

  /** A value; {@code scale} and {@code zeroPoint} are those it will be quantized with. */
  public float value(float scale, int zeroPoint, RandomGenerator random) {
    int q = random.nextInt(-300, 301) - zeroPoint;
    return switch (this) {
      case ORDINARY -> (float) (random.nextGaussian() * 100 * scale);
      case TIES -> {
        float tie = (q + 0.5f) * scale;
        int nudge = random.nextInt(-1, 2);
        yield nudge == 0 ? tie : nudge < 0 ? Math.nextDown(tie) : Math.nextUp(tie);
      }
      case SPECIAL -> random.nextBoolean() ? SPECIALS[random.nextInt(SPECIALS.length)] : q * scale;
      case BITS -> Float.intBitsToFloat(random.nextInt());
    };
  }
}
