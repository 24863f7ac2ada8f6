package dev.octavo;

import java.util.Arrays;

/**
 * The real multiplier m = lhsScale · rhsScale / outputScale of a requantization, in the form that a
 * {@link Recipe} computes with: one for the whole tensor, or one per output channel. Immutable.
 *
 * <p>How m is rounded into that form is part of what an ecosystem computes, so each way has its own
 * factory. All scales must be positive and finite.
 */
public sealed interface Multipliers {
  /** How many there are: 1 means per tensor. */
  int count();

  /**
   * Binary32 multipliers, for {@link Recipe#FLOAT32_NEAREST_EVEN}, {@link
   * Recipe#FLOAT32_ZERO_POINT_FIRST} and {@link Recipe#FLOAT32_FLOAT_BIAS}.
   */
  final class Float32 implements Multipliers {
    private final float[] values;

    private Float32(float[] values) {
      this.values = values;
    }

    /** Multipliers as they stand; each positive and finite. */
    public static Float32 of(float... values) {
      float[] copy = values.clone();
      requireSome(copy.length);
      for (int i = 0; i < copy.length; i++) {
        Scales.requirePositive("multiplier[" + i + "]", copy[i]);
      }
      return new Float32(copy);
    }

    /**
     * m[c] = f32(f32(lhsScale · rhsScale[c]) / outputScale), as ONNX Runtime, XNNPACK and FBGEMM
     * form it. QNNPACK's is {@link #ofReciprocal}.
     */
    public static Float32 of(float lhsScale, Scales rhsScales, float outputScale) {
      Scales.requirePositive("lhs scale", lhsScale);
      Scales.requirePositive("output scale", outputScale);
      float[] values = new float[rhsScales.count()];
      for (int c = 0; c < values.length; c++) {
        values[c] = lhsScale * rhsScales.at(c) / outputScale;
      }
      return of(values);
    }

    /**
     * m[c] = f32(f32(lhsScale · rhsScale[c]) · f32(1 / outputScale)), as PyTorch's QNNPACK forms
     * it: the last bit differs from {@link #of(float, Scales, float)} now and then.
     */
    public static Float32 ofReciprocal(float lhsScale, Scales rhsScales, float outputScale) {
      Scales.requirePositive("lhs scale", lhsScale);
      Scales.requirePositive("output scale", outputScale);
      float reciprocal = 1 / outputScale;
      float[] values = new float[rhsScales.count()];
      for (int c = 0; c < values.length; c++) {
        values[c] = lhsScale * rhsScales.at(c) * reciprocal;
      }
      return of(values);
    }

    /** The multiplier of a channel; the only one if there is one. */
    public float at(int channel) {
      return values[values.length == 1 ? 0 : channel];
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

  /**
   * Fixed-point multipliers, m = mantissa · 2<sup>shift − 31</sup>, for {@link
   * Recipe#FIXED_POINT_DOUBLE_ROUNDING} and {@link Recipe#FIXED_POINT_SINGLE_ROUNDING}. A mantissa
   * is 0 or in [2<sup>30</sup>, 2<sup>31</sup>), a shift in [−31, 30].
   */
  final class FixedPoint implements Multipliers {
    private final int[] mantissas;
    private final int[] shifts;

    private FixedPoint(int[] mantissas, int[] shifts) {
      this.mantissas = mantissas;
      this.shifts = shifts;
    }

    /**
     * Mantissas and shifts as they stand, as TensorFlow Lite's tools store them.
     *
     * @throws IllegalArgumentException if their numbers differ or one leaves its range
     */
    public static FixedPoint of(int[] mantissas, int[] shifts) {
      requireSome(mantissas.length);
      if (mantissas.length != shifts.length) {
        throw new IllegalArgumentException(
            mantissas.length + " mantissas but " + shifts.length + " shifts");
      }
      for (int i = 0; i < mantissas.length; i++) {
        if (mantissas[i] != 0 && mantissas[i] < 1 << 30) {
          throw new IllegalArgumentException(
              "mantissa[" + i + "] must be 0 or in [2^30, 2^31), not " + mantissas[i]);
        }
        if (shifts[i] < -31 || shifts[i] > 30) {
          throw new IllegalArgumentException(
              "shift[" + i + "] must be in [-31, 30], not " + shifts[i]);
        }
      }
      return new FixedPoint(mantissas.clone(), shifts.clone());
    }

    /**
     * TensorFlow Lite's quantize_multiplier: m = f · 2<sup>s</sup> with f in [½, 1); mantissa = f ·
     * 2<sup>31</sup> rounded half away; if that is 2<sup>31</sup>, halve it and increment s; if s
     * is below −31 the result is (0, 0); if it is above 30, (2<sup>31</sup> − 1, 30).
     */
    public static FixedPoint of(double... multipliers) {
      requireSome(multipliers.length);
      int[] mantissas = new int[multipliers.length];
      int[] shifts = new int[multipliers.length];
      for (int i = 0; i < multipliers.length; i++) {
        double m = Scales.requirePositive("multiplier[" + i + "]", multipliers[i]);
        int shift = Math.getExponent(m) + 1;
        // m is positive, so floor(x + 1/2) is rounding half away; x < 2^32 keeps it exact.
        long mantissa = (long) Math.floor(Math.scalb(m, 31 - shift) + 0.5);
        if (mantissa == 1L << 31) {
          mantissa >>= 1;
          shift++;
        }
        if (shift < -31) {
          continue;
        }
        mantissas[i] = shift > 30 ? Integer.MAX_VALUE : (int) mantissa;
        shifts[i] = Math.min(shift, 30);
      }
      return new FixedPoint(mantissas, shifts);
    }

    /**
     * m[c] = (double) lhsScale · rhsScale[c] / outputScale, then {@link #of(double...)}: TensorFlow
     * Lite's per-channel path, TensorFlow Lite Micro.
     */
    public static FixedPoint of(float lhsScale, Scales rhsScales, float outputScale) {
      return of(Float64.reals(lhsScale, rhsScales, outputScale));
    }

    /**
     * m = (double) f32(lhsScale · rhsScale) / outputScale, then {@link #of(double...)}: TensorFlow
     * Lite's per-tensor path, where the product of the input scales is formed in binary32.
     */
    public static FixedPoint ofFloat32Product(float lhsScale, float rhsScale, float outputScale) {
      Scales.requirePositive("lhs scale", lhsScale);
      Scales.requirePositive("rhs scale", rhsScale);
      Scales.requirePositive("output scale", outputScale);
      return of((double) (lhsScale * rhsScale) / outputScale);
    }

    /** The mantissa of a channel; the only one if there is one. */
    public int mantissa(int channel) {
      return mantissas[mantissas.length == 1 ? 0 : channel];
    }

    /** The shift of a channel (positive means left); the only one if there is one. */
    public int shift(int channel) {
      return shifts[shifts.length == 1 ? 0 : channel];
    }

    @Override
    public int count() {
      return mantissas.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof FixedPoint that
          && Arrays.equals(mantissas, that.mantissas)
          && Arrays.equals(shifts, that.shifts);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(mantissas) + Arrays.hashCode(shifts);
    }

    @Override
    public String toString() {
      return "q31" + Checks.abbreviate(count(), i -> mantissas[i] + "·2^" + (shifts[i] - 31));
    }
  }

  /** Binary64 multipliers, for {@link Recipe#FLOAT64_HALF_AWAY}. */
  final class Float64 implements Multipliers {
    private final double[] values;

    private Float64(double[] values) {
      this.values = values;
    }

    /** Multipliers as they stand; each positive and finite. */
    public static Float64 of(double... values) {
      double[] copy = values.clone();
      requireSome(copy.length);
      for (int i = 0; i < copy.length; i++) {
        Scales.requirePositive("multiplier[" + i + "]", copy[i]);
      }
      return new Float64(copy);
    }

    /** m[c] = (double) lhsScale · rhsScale[c] / outputScale. */
    public static Float64 of(float lhsScale, Scales rhsScales, float outputScale) {
      return new Float64(reals(lhsScale, rhsScales, outputScale));
    }

    static double[] reals(float lhsScale, Scales rhsScales, float outputScale) {
      Scales.requirePositive("lhs scale", lhsScale);
      Scales.requirePositive("output scale", outputScale);
      double[] values = new double[rhsScales.count()];
      for (int c = 0; c < values.length; c++) {
        values[c] = (double) lhsScale * rhsScales.at(c) / outputScale;
      }
      return values;
    }

    /** The multiplier of a channel; the only one if there is one. */
    public double at(int channel) {
      return values[values.length == 1 ? 0 : channel];
    }

    @Override
    public int count() {
      return values.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Float64 that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return "f64" + Checks.abbreviate(count(), i -> Double.toString(values[i]));
    }
  }

  private static void requireSome(int count) {
    if (count == 0) {
      throw new IllegalArgumentException("multipliers must not be empty");
    }
  }
}
