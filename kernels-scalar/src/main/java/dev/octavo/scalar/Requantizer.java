package dev.octavo.scalar;

import dev.octavo.Bias;
import dev.octavo.Multipliers.FixedPoint;
import dev.octavo.Multipliers.Float32;
import dev.octavo.Multipliers.Float64;
import dev.octavo.Norm;
import dev.octavo.Output;

/**
 * The recipe of an output, over runs of accumulators. The arithmetic is {@link Norm}'s. Which
 * recipe it is, is asked once for a run and not for every element: this is what lets the JIT
 * compiler vectorize the loops.
 */
final class Requantizer {
  private final Output.Requantized out;
  private final Bias bias;
  private final int z;
  private final int min;
  private final int max;

  Requantizer(Output.Requantized out, Bias bias) {
    this.out = out;
    this.bias = bias;
    this.z = out.zeroPoint();
    this.min = out.min();
    this.max = out.max();
  }

  /**
   * to[from + i] = recipe(acc[from + i]) for channel c + i · step, i = 0 … count − 1.
   *
   * @param step 1 along the channels, 0 within one
   */
  void apply(int[] acc, byte[] to, int from, int count, int c, int step) {
    switch (out.recipe()) {
      case FLOAT32_NEAREST_EVEN ->
          float32NearestEven((Float32) out.multipliers(), acc, to, from, count, c, step);
      case FLOAT32_ZERO_POINT_FIRST ->
          float32ZeroPointFirst((Float32) out.multipliers(), acc, to, from, count, c, step);
      case FLOAT32_FLOAT_BIAS ->
          float32FloatBias((Float32) out.multipliers(), acc, to, from, count, c, step);
      case FIXED_POINT_DOUBLE_ROUNDING ->
          fixedPointDoubleRounding((FixedPoint) out.multipliers(), acc, to, from, count, c, step);
      case FIXED_POINT_SINGLE_ROUNDING ->
          fixedPointSingleRounding((FixedPoint) out.multipliers(), acc, to, from, count, c, step);
      case FLOAT64_HALF_AWAY ->
          float64HalfAway((Float64) out.multipliers(), acc, to, from, count, c, step);
    }
  }

  private void float32NearestEven(
      Float32 m, int[] acc, byte[] to, int from, int count, int c, int step) {
    for (int i = 0; i < count; i++) {
      int channel = c + i * step;
      to[from + i] = (byte) Norm.float32NearestEven(acc[from + i], m.at(channel), z, min, max);
    }
  }

  private void float32ZeroPointFirst(
      Float32 m, int[] acc, byte[] to, int from, int count, int c, int step) {
    for (int i = 0; i < count; i++) {
      int channel = c + i * step;
      to[from + i] = (byte) Norm.float32ZeroPointFirst(acc[from + i], m.at(channel), z, min, max);
    }
  }

  private void float32FloatBias(
      Float32 m, int[] acc, byte[] to, int from, int count, int c, int step) {
    for (int i = 0; i < count; i++) {
      int channel = c + i * step;
      to[from + i] =
          (byte) Norm.float32FloatBias(acc[from + i], bias(channel), m.at(channel), z, min, max);
    }
  }

  private void fixedPointDoubleRounding(
      FixedPoint m, int[] acc, byte[] to, int from, int count, int c, int step) {
    for (int i = 0; i < count; i++) {
      int channel = c + i * step;
      to[from + i] =
          (byte)
              Norm.fixedPointDoubleRounding(
                  acc[from + i], m.mantissa(channel), m.shift(channel), z, min, max);
    }
  }

  private void fixedPointSingleRounding(
      FixedPoint m, int[] acc, byte[] to, int from, int count, int c, int step) {
    for (int i = 0; i < count; i++) {
      int channel = c + i * step;
      to[from + i] =
          (byte)
              Norm.fixedPointSingleRounding(
                  acc[from + i], m.mantissa(channel), m.shift(channel), z, min, max);
    }
  }

  private void float64HalfAway(
      Float64 m, int[] acc, byte[] to, int from, int count, int c, int step) {
    for (int i = 0; i < count; i++) {
      int channel = c + i * step;
      to[from + i] = (byte) Norm.float64HalfAway(acc[from + i], m.at(channel), z, min, max);
    }
  }

  /** The float bias of a channel, 0 if there is none. */
  private float bias(int channel) {
    return bias instanceof Bias.Float32 b ? b.at(channel) : 0f;
  }
}
