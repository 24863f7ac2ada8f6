package dev.octavo.vector;

import dev.octavo.Bias;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Recipe;

/**
 * The parameters of a requantization, as {@link Requantizer} wants them.
 *
 * <p><b>Bounds.</b> A vector cannot afford 64 bits where 32 do, nor floats beyond 2<sup>22</sup>,
 * where the fast way to round ends. So accumulators are clamped before they are scaled, to
 * ±bound[c] with bound · m about 2<sup>21</sup>: far beyond any 8-bit output, so what is clamped
 * here saturates anyway. Multipliers above {@link #MAX} are replaced by it, since with either of
 * them every accumulator but 0 saturates, and 0 gives 0.
 */
final class RequantizeTable {
  /** An 8-bit output is at most 510 away from its zero point. */
  static final double MAX = 4096;

  private static final double REACH = 1 << 21;

  final Recipe recipe;
  final int zeroPoint;
  final int min;
  final int max;

  /** m[c], at most {@link #MAX}; of FLOAT32_FLOAT_BIAS, where that would not do, as given. */
  float[] multipliers;

  /** m[c] of FLOAT64_HALF_AWAY, at most {@link #MAX}. */
  double[] doubles;

  /** Accumulators beyond ±bound[c] saturate. */
  int[] bound;

  /** b[c] of FLOAT32_FLOAT_BIAS. */
  float[] floatBias;

  /** M[c] and the two parts of s[c] of the fixed-point recipes. */
  int[] mantissas;

  int[] left;
  int[] right;

  /** 31 − s[c]; the rounding constant that goes with it, and what it adds to the result. */
  long[] shift;

  long[] round;
  int[] excess;

  RequantizeTable(Output.Requantized output, Bias bias, Channels channels) {
    this.recipe = output.recipe();
    this.zeroPoint = output.zeroPoint();
    this.min = output.min();
    this.max = output.max();
    switch (output.multipliers()) {
      case Multipliers.Float32 m -> {
        if (recipe == Recipe.FLOAT32_FLOAT_BIAS) {
          multipliers = Tables.floats(channels, m::at);
          floatBias = Tables.floats(channels, c -> bias instanceof Bias.Float32 b ? b.at(c) : 0f);
        } else {
          multipliers = Tables.floats(channels, c -> Math.min(m.at(c), (float) MAX));
          bound = Tables.ints(channels, c -> bound(m.at(c)));
        }
      }
      case Multipliers.Float64 m -> {
        doubles = new double[channels.length()];
        for (int i = 0; i < doubles.length; i++) {
          doubles[i] = Math.min(m.at(channels.at(i)), MAX);
        }
        bound = Tables.ints(channels, c -> bound(m.at(c)));
      }
      case Multipliers.FixedPoint m -> {
        mantissas = Tables.ints(channels, m::mantissa);
        if (recipe == Recipe.FIXED_POINT_DOUBLE_ROUNDING) {
          left = Tables.ints(channels, c -> Math.max(m.shift(c), 0));
          right = Tables.ints(channels, c -> Math.max(-m.shift(c), 0));
        } else {
          singleRounding(m, channels);
        }
      }
    }
  }

  /**
   * r = ⌊(acc · M + 2<sup>30 − s</sup>) / 2<sup>31 − s</sup>⌋. There is no arithmetic right shift
   * of longs before AVX-512, so 2<sup>62</sup> is added to make the sum positive, and what that
   * adds to r, 2<sup>31 + s</sup>, is subtracted from its low 32 bits.
   */
  private void singleRounding(Multipliers.FixedPoint m, Channels channels) {
    shift = new long[channels.length()];
    round = new long[channels.length()];
    excess = Tables.ints(channels, c -> (int) (1L << (31 + m.shift(c))));
    // |r| stays below 2^31, and so does 1 · m where m itself is as large as 2^30.
    bound = Tables.ints(channels, c -> Math.max(1, (int) (REACH / real(m, c))));
    for (int i = 0; i < shift.length; i++) {
      int s = m.shift(channels.at(i));
      shift[i] = 31 - s;
      round[i] = (1L << 62) + (1L << (30 - s));
    }
  }

  private static double real(Multipliers.FixedPoint m, int channel) {
    return Math.scalb((double) m.mantissa(channel), m.shift(channel) - 31);
  }

  private static int bound(double multiplier) {
    double bound = REACH / Math.min(multiplier, MAX);
    return bound < Integer.MAX_VALUE ? (int) bound : Integer.MAX_VALUE;
  }
}
