package dev.octavo.conformance.problems;

import dev.octavo.Output;
import java.util.random.RandomGenerator;

/**
 * Where accumulators are made to land. Random ones hardly ever tell two rounding recipes apart;
 * those next to a tie do.
 */
public enum Aim {
  /** Nowhere: whatever the sums come to. */
  NONE,
  /** The accumulators next to (q + 1/2) / m, for any output q and a little beyond. */
  TIE,
  /** Around ±2^24, where float32 begins to drop bits, and above. */
  FLOAT_PRECISION,
  /** The ends of int32. */
  INT_LIMITS;

  /** An accumulator for a channel of an output. */
  public int target(Output output, int channel, RandomGenerator random) {
    int nudge = random.nextBoolean() ? 0 : random.nextInt(-1, 2);
    return switch (this) {
      case NONE -> random.nextInt(-100, 101);
      case TIE ->
          output instanceof Output.Requantized r
              ? tie(r, channel, nudge, random)
              : random.nextInt(-3, 4);
      case FLOAT_PRECISION ->
          (random.nextBoolean() ? 1 : -1) * ((1 << 24 + random.nextInt(6)) + random.nextInt(-3, 4));
      case INT_LIMITS ->
          random.nextInt(-2, 3) + (random.nextBoolean() ? Integer.MIN_VALUE : Integer.MAX_VALUE);
    };
  }

  private static int tie(Output.Requantized r, int channel, int nudge, RandomGenerator random) {
    int q = random.nextInt(r.min() - r.zeroPoint() - 2, r.max() - r.zeroPoint() + 2);
    double multiplier = MultiplierChoice.real(r.multipliers(), channel);
    return (int) Math.rint((q + 0.5) / multiplier) + nudge;
  }
}
