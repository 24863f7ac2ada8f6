package dev.octavo;

/**
 * The norm: the one scalar definition of every step in which bits can honestly differ between
 * libraries. The formulas below <em>are</em> the specification; every backend equals them bit for
 * bit, and no flag or property alters them.
 *
 * <p>Notation: f32(e) is one IEEE-754 binary32 operation, rounded to nearest, ties to even; acc is
 * an int32 accumulator that already contains the int32 bias; z is the output zero point; [min, max]
 * is the clamp in the output type, and min ≤ q ≤ max always holds. nearestEven rounds to an
 * integer, ties to even; halfAway rounds ties away from zero. Nothing here is ever fused or
 * reassociated.
 */
public final class Norm {
  private Norm() {}

  /**
   * t = f32(f32(acc) · m); q = nearestEven(clamp(t, min − z, max − z)) + z.
   *
   * <p>Ties go to even before the zero point is added. f32(acc) rounds where |acc| &gt;
   * 2<sup>24</sup>.
   */
  public static int float32NearestEven(int acc, float m, int z, int min, int max) {
    return nearestEven((float) acc * m, z, min, max);
  }

  /**
   * t = f32(f32(f32(acc) + b) · m); q = nearestEven(clamp(t, min − z, max − z)) + z.
   *
   * @param b the float bias of the channel in accumulator units, f32(bias / f32(lhsScale ·
   *     rhsScale)); see {@link Bias#dividedByScales}
   */
  public static int float32FloatBias(int acc, float b, float m, int z, int min, int max) {
    return nearestEven(((float) acc + b) * m, z, min, max);
  }

  /**
   * t = f32(f32(acc) · m); q = nearestEven(clamp(f32(t + z), min, max)).
   *
   * <p>Ties go to even after the zero point is added, so every tie with an odd z differs from
   * {@link #float32NearestEven}.
   */
  public static int float32ZeroPointFirst(int acc, float m, int z, int min, int max) {
    return nearestEven((float) acc * m + z, 0, min, max);
  }

  /**
   * x = acc · 2<sup>max(s, 0)</sup> mod 2<sup>32</sup>; h = ⌊(x · M + 2<sup>30</sup>) /
   * 2<sup>31</sup>⌋; r = halfAway(h / 2<sup>max(−s, 0)</sup>); q = clamp(r + z).
   *
   * <p>Two roundings: the first to +∞ on ties, the second away from zero.
   *
   * @param mantissa M, 0 or in [2<sup>30</sup>, 2<sup>31</sup>)
   * @param shift s in [−31, 30]
   */
  public static int fixedPointDoubleRounding(
      int acc, int mantissa, int shift, int z, int min, int max) {
    int x = acc << Math.max(shift, 0);
    long h = ((long) x * mantissa + (1L << 30)) >> 31;
    int right = Math.max(-shift, 0);
    // Half away from zero: round the magnitude half up, then restore the sign.
    long half = right == 0 ? 0 : 1L << (right - 1);
    long r = h < 0 ? -((-h + half) >> right) : (h + half) >> right;
    return clamp(r + z, min, max);
  }

  /**
   * r = ⌊(acc · M + 2<sup>30 − s</sup>) / 2<sup>31 − s</sup>⌋; q = clamp(r + z), all in 64 bits.
   *
   * <p>One rounding, ties to +∞.
   *
   * @param mantissa M, 0 or in [2<sup>30</sup>, 2<sup>31</sup>)
   * @param shift s in [−31, 30]
   */
  public static int fixedPointSingleRounding(
      int acc, int mantissa, int shift, int z, int min, int max) {
    long r = ((long) acc * mantissa + (1L << (30 - shift))) >> (31 - shift);
    return clamp(r + z, min, max);
  }

  /**
   * t = f64(acc · m); q = clamp(halfAway(t) + z).
   *
   * <p>The product is one binary64 operation; the integer is exact.
   */
  public static int float64HalfAway(int acc, double m, int z, int min, int max) {
    double t = Math.clamp(acc * m, (double) min - z - 1, (double) max - z + 1);
    double whole = Math.floor(Math.abs(t));
    // |t| − whole is exact, so this is half away without the double rounding of floor(|t| + 1/2).
    long r = (long) whole + (Math.abs(t) - whole >= 0.5 ? 1 : 0);
    return clamp((t < 0 ? -r : r) + z, min, max);
  }

  /** The recipe of an output, applied to one accumulator of one channel. Bias already in acc. */
  public static int requantize(Output.Requantized out, int acc, int channel) {
    return requantize(out, acc, 0f, channel);
  }

  /**
   * The recipe of an output, applied to one accumulator of one channel.
   *
   * @param floatBias the channel's bias in accumulator units, used only by {@link
   *     Recipe#FLOAT32_FLOAT_BIAS}; 0 there is the same as no bias
   */
  public static int requantize(Output.Requantized out, int acc, float floatBias, int channel) {
    int z = out.zeroPoint();
    int min = out.min();
    int max = out.max();
    Multipliers all = out.multipliers();
    return switch (out.recipe()) {
      case FLOAT32_NEAREST_EVEN -> {
        Multipliers.Float32 m = (Multipliers.Float32) all;
        yield float32NearestEven(acc, m.at(channel), z, min, max);
      }
      case FLOAT32_ZERO_POINT_FIRST -> {
        Multipliers.Float32 m = (Multipliers.Float32) all;
        yield float32ZeroPointFirst(acc, m.at(channel), z, min, max);
      }
      case FLOAT32_FLOAT_BIAS -> {
        Multipliers.Float32 m = (Multipliers.Float32) all;
        yield float32FloatBias(acc, floatBias, m.at(channel), z, min, max);
      }
      case FIXED_POINT_DOUBLE_ROUNDING -> {
        Multipliers.FixedPoint m = (Multipliers.FixedPoint) all;
        yield fixedPointDoubleRounding(acc, m.mantissa(channel), m.shift(channel), z, min, max);
      }
      case FIXED_POINT_SINGLE_ROUNDING -> {
        Multipliers.FixedPoint m = (Multipliers.FixedPoint) all;
        yield fixedPointSingleRounding(acc, m.mantissa(channel), m.shift(channel), z, min, max);
      }
      case FLOAT64_HALF_AWAY -> {
        Multipliers.Float64 m = (Multipliers.Float64) all;
        yield float64HalfAway(acc, m.at(channel), z, min, max);
      }
    };
  }

  /** y = f32(f32(acc) · scale), where scale = f32(lhsScale · rhsScale[c]). */
  public static float dequantizeAccumulator(int acc, float scale) {
    return (float) acc * scale;
  }

  /** y = f32(f32(f32(acc) · scale) + bias): two roundings, never a fused multiply-add. */
  public static float dequantizeAccumulator(int acc, float scale, float bias) {
    return (float) acc * scale + bias;
  }

  /** y = f32(f32(x − z) · s), x − z modulo 2<sup>32</sup>. */
  public static float dequantize(int x, float s, int z) {
    return (float) (x - z) * s;
  }

  /**
   * The {@link QuantizeRule}: q = round(x / s) + z saturated to [min, max], the operations and the
   * rounding as the rule says. NaN gives min.
   */
  public static int quantize(QuantizeRule rule, float x, float s, int z, int min, int max) {
    return switch (rule) {
      case DIVIDE_HALF_EVEN -> nearestEven(x / s, z, min, max);
      case MULTIPLY_HALF_EVEN -> nearestEven(x * (1f / s), z, min, max);
      case MULTIPLY_ZERO_POINT_FIRST -> nearestEven(x * (1f / s) + z, 0, min, max);
      case DIVIDE_HALF_AWAY -> halfAway(x / s, z, min, max);
    };
  }

  /**
   * The dynamic scale of values whose smallest and largest are lo and hi (zero included; NaNs are
   * not counted): ASYMMETRIC s = f32(f32(hi − lo) / (qmax − qmin)); SYMMETRIC s = f32(max(−lo, hi)
   * / qmax). Where that is 0 (all values 0, or the division underflows), s = 1, as ONNX Runtime has
   * it.
   */
  public static float dynamicScale(DynamicQuantizeSpec spec, float lo, float hi) {
    int qmax = spec.outputType().max();
    float s =
        spec.range() == DynamicQuantizeSpec.Range.SYMMETRIC
            ? Math.max(-lo, hi) / qmax
            : (hi - lo) / (qmax - spec.outputType().min());
    return s == 0 ? 1f : s;
  }

  /**
   * The dynamic zero point that goes with {@link #dynamicScale}: ASYMMETRIC z =
   * nearestEven(clamp(f32(qmin − f32(lo / s)), qmin, qmax)); SYMMETRIC z = 0.
   */
  public static int dynamicZeroPoint(DynamicQuantizeSpec spec, float lo, float scale) {
    ElementType type = spec.outputType();
    return spec.range() == DynamicQuantizeSpec.Range.SYMMETRIC
        ? 0
        : nearestEven(type.min() - lo / scale, 0, type.min(), type.max());
  }

  /**
   * q = {@link #quantize}(rule, x, s, z, min, max); y = f32(f32(q − z) · s): a value after a round
   * trip through integers.
   */
  public static float fakeQuantize(QuantizeRule rule, float x, float s, int z, int min, int max) {
    return dequantize(quantize(rule, x, s, z, min, max), s, z);
  }

  /**
   * OpenVINO's FakeQuantize-1: x ≤ min(il, ih) gives ol; x &gt; max(il, ih) gives oh; otherwise
   * nearestEven((x − il) / (ih − il) · (levels − 1)) / (levels − 1) · (oh − ol) + ol, each
   * operation f32, from left to right.
   */
  public static float fakeQuantizeLevels(
      float x, float il, float ih, float ol, float oh, int levels) {
    if (x <= Math.min(il, ih)) {
      return ol;
    }
    if (x > Math.max(il, ih)) {
      return oh;
    }
    float steps = levels - 1;
    return (float) Math.rint((x - il) / (ih - il) * steps) / steps * (oh - ol) + ol;
  }

  /** nearestEven(clamp(t, min − z, max − z)) + z; NaN gives min. */
  private static int nearestEven(float t, int z, int min, int max) {
    float low = min - z;
    float clamped = Math.max(low, Math.min(t, max - z)); // NaN stays NaN,
    return (int) (Math.rint(clamped) - low) + min; // and (int) NaN is 0
  }

  private static int halfAway(float t, int z, int min, int max) {
    float clamped = clamp(t, min - z, max - z);
    float whole = (float) Math.floor(Math.abs(clamped));
    int r = (int) whole + (Math.abs(clamped) - whole >= 0.5f ? 1 : 0);
    return (clamped < 0 ? -r : r) + z;
  }

  private static float clamp(float t, int lo, int hi) {
    return t >= lo ? Math.min(t, hi) : lo; // NaN fails the comparison
  }

  private static int clamp(long q, int min, int max) {
    return (int) Math.clamp(q, (long) min, (long) max);
  }
}
