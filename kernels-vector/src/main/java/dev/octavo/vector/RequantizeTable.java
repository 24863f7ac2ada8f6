package dev.octavo.vector;

import dev.octavo.Bias;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Recipe;
import java.util.Arrays;

/**
 * The parameters of a requantization, as {@link Requantizer} wants them.
 *
 * <p><b>Bounds.</b> Where a large accumulator would leave the 32 bits that a vector has for it, it
 * is clamped before it is scaled, to [−bound[c] − 1, bound[c]] with bound · m about 2<sup>21</sup>,
 * or 2<sup>30</sup> of doubles: far beyond any 8-bit output, so what is clamped here saturates
 * anyway. For the same reason multipliers above {@link #MAX} are replaced by it: with either of
 * them every accumulator but 0 saturates, and 0 gives 0.
 */
final class RequantizeTable {
  /** An 8-bit output is at most 510 away from its zero point. */
  static final double MAX = 4096;

  private static final double REACH = 1 << 21;

  private static final double REACH_OF_DOUBLES = 1 << 30;

  final Recipe recipe;
  final int zeroPoint;
  final int min;
  final int max;

  /** m[c] of the recipes of float32. */
  float[] multipliers;

  /** m[c] of FLOAT64_HALF_AWAY, at most {@link #MAX}; see {@link #doubleOf}. */
  double[] doubles;

  /** Accumulators outside [−bound[c] − 1, bound[c]] saturate; null where none need be clamped. */
  int[] bound;

  /** b[c] of FLOAT32_FLOAT_BIAS. */
  float[] floatBias;

  /** M[c] of the fixed-point recipes. */
  int[] mantissas;

  /** By how much accumulators are shifted left first; null if by nothing. */
  int[] left;

  /** By how much a product is shifted right, but for the last time. */
  int[] right;

  /** Of FIXED_POINT_DOUBLE_ROUNDING: −1 where there is a second division, otherwise 0. */
  int[] away;

  RequantizeTable(Output.Requantized output, Bias bias, Channels channels) {
    this.recipe = output.recipe();
    this.zeroPoint = output.zeroPoint();
    this.min = output.min();
    this.max = output.max();
    switch (output.multipliers()) {
      case Multipliers.Float32 m -> {
        multipliers = Tables.floats(channels, m::at);
        if (recipe == Recipe.FLOAT32_FLOAT_BIAS) {
          floatBias = Tables.floats(channels, c -> bias instanceof Bias.Float32 b ? b.at(c) : 0f);
        }
      }
      case Multipliers.Float64 m -> {
        doubles = new double[(channels.length() + 1) / 2 * 2];
        for (int i = 0; i < channels.length(); i++) {
          doubles[doubleOf(i)] = Math.min(m.at(channels.at(i)), MAX);
        }
        bound =
            noneIfAll(
                Integer.MAX_VALUE, Tables.ints(channels, c -> bound(m.at(c), REACH_OF_DOUBLES)));
      }
      case Multipliers.FixedPoint m when recipe == Recipe.FIXED_POINT_DOUBLE_ROUNDING -> {
        mantissas = Tables.ints(channels, m::mantissa);
        left = noneIfAll(0, Tables.ints(channels, c -> Math.max(m.shift(c), 0)));
        right = Tables.ints(channels, c -> Math.max(-m.shift(c) - 1, 0));
        away = Tables.ints(channels, c -> m.shift(c) < 0 ? -1 : 0);
      }
      case Multipliers.FixedPoint m -> singleRounding(m, channels);
    }
  }

  /**
   * r = ⌊(acc · M + 2<sup>e − 1</sup>) / 2<sup>e</sup>⌋, e = 31 − s. Where e ≥ 32, that is for all
   * multipliers below ½, h = ⌊acc · M / 2<sup>31</sup>⌋ is enough to know, which fits 32 bits: r =
   * ⌊h / 2<sup>e − 31</sup> + ½⌋ = ⌊(⌊h / 2<sup>e − 32</sup>⌋ + 1) / 2⌋. Where e is smaller, acc is
   * shifted left to make up for it, which its bound has room for: bound · 2<sup>32 − e</sup> ≤
   * 2<sup>23</sup>, because m ≥ 2<sup>30 − e</sup>.
   */
  private void singleRounding(Multipliers.FixedPoint m, Channels channels) {
    mantissas = Tables.ints(channels, c -> real(m, c) > MAX ? 1 << 30 : m.mantissa(c));
    left = noneIfAll(0, Tables.ints(channels, c -> Math.max(32 - exponent(m, c), 0)));
    bound = left == null ? null : Tables.ints(channels, c -> bound(real(m, c), REACH));
    right = Tables.ints(channels, c -> Math.max(exponent(m, c) - 32, 0));
  }

  /** e of a multiplier, or of MAX = 2<sup>30</sup> / 2<sup>18</sup>. */
  private static int exponent(Multipliers.FixedPoint m, int channel) {
    return real(m, channel) > MAX ? 18 : 31 - m.shift(channel);
  }

  /** Where the multiplier of an entry is: those of all even entries, then those of the odd ones. */
  int doubleOf(int entry) {
    return entry / 2 + (entry % 2 == 0 ? 0 : doubles.length / 2);
  }

  private static int[] noneIfAll(int value, int[] table) {
    return Arrays.stream(table).allMatch(i -> i == value) ? null : table;
  }

  private static double real(Multipliers.FixedPoint m, int channel) {
    return Math.scalb((double) m.mantissa(channel), m.shift(channel) - 31);
  }

  private static int bound(double multiplier, double reach) {
    double bound = reach / Math.min(multiplier, MAX);
    return bound < Integer.MAX_VALUE ? (int) bound : Integer.MAX_VALUE;
  }
}
