package dev.octavo;

import java.util.Arrays;

/**
 * What is added to the accumulators of each output channel. Immutable.
 *
 * <ul>
 *   <li>{@link #none()}: nothing is added (a float −0 stays −0).
 *   <li>{@link Int32}: added to the accumulator modulo 2<sup>32</sup>, before everything else.
 *   <li>{@link Float32}: for {@link Output.Dequantized} added last, in real units; for {@link
 *       Recipe#FLOAT32_FLOAT_BIAS} added first, in accumulator units (see {@link
 *       #dividedByScales}).
 * </ul>
 */
public sealed interface Bias {
  /** No bias. */
  static Bias none() {
    return None.INSTANCE;
  }

  /** One int32 per output channel, added to the accumulator modulo 2<sup>32</sup>. */
  static Bias of(int... values) {
    return new Int32(values.clone());
  }

  /**
   * One float32 per output channel.
   *
   * @throws IllegalArgumentException if one is NaN or infinite
   */
  static Bias of(float... values) {
    float[] copy = values.clone();
    for (int i = 0; i < copy.length; i++) {
      if (!Float.isFinite(copy[i])) {
        throw new IllegalArgumentException("bias[" + i + "] must be finite, not " + copy[i]);
      }
    }
    return new Float32(copy);
  }

  /**
   * b[c] = f32(bias[c] / f32(lhsScale · rhsScale[c])): a real bias in accumulator units, as {@link
   * Recipe#FLOAT32_FLOAT_BIAS} wants it (PyTorch's FBGEMM).
   */
  static Bias dividedByScales(float[] bias, float lhsScale, Scales rhsScales) {
    Scales.requirePositive("lhs scale", lhsScale);
    Checks.perChannel("rhs scales", rhsScales.count(), bias.length);
    float[] divided = new float[bias.length];
    for (int c = 0; c < bias.length; c++) {
      divided[c] = bias[c] / (lhsScale * rhsScales.at(c));
    }
    return of(divided);
  }

  /**
   * b[c] = nearestEven(f32(bias[c] · f32(1 / f32(lhsScale · rhsScale[c])))), saturated to int32: a
   * real bias counted in accumulator units, as PyTorch's QNNPACK engine rounds it.
   *
   * @throws IllegalArgumentException if a bias is NaN
   */
  static Bias roundedToScales(float[] bias, float lhsScale, Scales rhsScales) {
    Scales.requirePositive("lhs scale", lhsScale);
    Checks.perChannel("rhs scales", rhsScales.count(), bias.length);
    int[] rounded = new int[bias.length];
    for (int c = 0; c < bias.length; c++) {
      if (Float.isNaN(bias[c])) {
        throw new IllegalArgumentException("bias[" + c + "] must be a number, not NaN");
      }
      rounded[c] = (int) Math.rint(bias[c] * (1 / (lhsScale * rhsScales.at(c))));
    }
    return of(rounded);
  }

  /**
   * The bias that goes with {@link Output.Requantized#fbgemm}, from PyTorch's parameters. Weights
   * per channel: {@link #dividedByScales}. Weights per tensor: b[c] = f32(bias[c] · f32(1 /
   * f32(lhsScale · rhsScale))), a reciprocal, because FBGEMM's vector code has it so.
   *
   * @param bias in real units, one per output channel
   */
  static Bias fbgemm(float[] bias, Quantization lhs, Quantization rhs) {
    float lhsScale = lhs.scale("lhs");
    if (rhs.scales().count() > 1) {
      return dividedByScales(bias, lhsScale, rhs.scales());
    }
    float reciprocal = 1 / (lhsScale * rhs.scales().at(0));
    float[] multiplied = new float[bias.length];
    for (int c = 0; c < bias.length; c++) {
      multiplied[c] = bias[c] * reciprocal;
    }
    return of(multiplied);
  }

  /**
   * The bias that goes with {@link Output.Requantized#qnnpack}: {@link #roundedToScales} from
   * PyTorch's parameters.
   *
   * @param bias in real units, one per output channel
   */
  static Bias qnnpack(float[] bias, Quantization lhs, Quantization rhs) {
    return roundedToScales(bias, lhs.scale("lhs"), rhs.scales());
  }

  /** How many values there are; 0 for {@link #none()}. */
  int count();

  /** No bias. */
  final class None implements Bias {
    private static final None INSTANCE = new None();

    private None() {}

    @Override
    public int count() {
      return 0;
    }

    @Override
    public String toString() {
      return "none";
    }
  }

  /** Integers, added to the accumulator. */
  final class Int32 implements Bias {
    private final int[] values;

    private Int32(int[] values) {
      this.values = values;
    }

    /** The value of a channel. */
    public int at(int channel) {
      return values[channel];
    }

    @Override
    public int count() {
      return values.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Int32 that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return "s32" + Checks.abbreviate(count(), i -> Integer.toString(values[i]));
    }
  }

  /** Floats, added where the output says. */
  final class Float32 implements Bias {
    private final float[] values;

    private Float32(float[] values) {
      this.values = values;
    }

    /** The value of a channel. */
    public float at(int channel) {
      return values[channel];
    }

    @Override
    public int count() {
      return values.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Float32 that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return "f32" + Checks.abbreviate(count(), i -> Float.toString(values[i]));
    }
  }
}
