package dev.octavo;

import java.util.Objects;

/**
 * How a real tensor is held in 8 bits: real = scale · (q − zero point), per tensor or per channel.
 * The factories choose scale and zero point from the range of the values (calibration, or the
 * weights themselves).
 *
 * @param type {@link ElementType#U8} or {@link ElementType#S8}
 * @param scales 1, or one per channel
 * @param zeroPoints as many as scales, in the range of type
 */
public record Quantization(ElementType type, Scales scales, ZeroPoints zeroPoints) {
  public Quantization {
    type.require8Bit("quantized type");
    Objects.requireNonNull(scales, "scales");
    zeroPoints.requireInRange("zero point", type);
    if (scales.count() != zeroPoints.count()) {
      throw new IllegalArgumentException(
          scales.count() + " scales but " + zeroPoints.count() + " zero points");
    }
  }

  /** Per tensor. */
  public static Quantization of(ElementType type, float scale, int zeroPoint) {
    return new Quantization(type, Scales.of(scale), ZeroPoints.of(zeroPoint));
  }

  /** Symmetric per channel, as TensorFlow Lite and PyTorch hold filters: every zero point is 0. */
  public static Quantization ofChannels(ElementType type, float... scales) {
    return new Quantization(type, Scales.of(scales), ZeroPoints.of(new int[scales.length]));
  }

  /**
   * Asymmetric, per tensor, from the range [lo, hi] of the values, widened to contain 0 so that 0
   * is exact: scale = f32(f32(hi − lo) / (qmax − qmin)), zero point = nearestEven(clamp(qmin − lo /
   * scale)).
   */
  public static Quantization asymmetric(ElementType type, float lo, float hi) {
    requireRange(lo, hi);
    DynamicQuantizeSpec spec =
        new DynamicQuantizeSpec(type, DynamicQuantizeSpec.Range.ASYMMETRIC, false);
    float low = Math.min(lo, 0f);
    float scale = Norm.dynamicScale(spec, low, Math.max(hi, 0f));
    return new Quantization(
        type, Scales.of(scale), ZeroPoints.of(Norm.dynamicZeroPoint(spec, low, scale)));
  }

  /**
   * Symmetric, s8, per tensor, from the range [lo, hi] of the values: scale = f32(max(−lo, hi) /
   * 127), zero point 0, integers −127 … 127.
   */
  public static Quantization symmetric(float lo, float hi) {
    requireRange(lo, hi);
    return new Quantization(ElementType.S8, Scales.of(symmetricScale(lo, hi)), ZeroPoints.ZERO);
  }

  /**
   * Symmetric, s8, one scale per output channel, from weights as rows [channels][perChannel]: what
   * every ecosystem uses for filters.
   */
  public static Quantization symmetricPerChannel(float[] weights, int channels) {
    Checks.atLeast("channels", channels, 1);
    if (weights.length % channels != 0) {
      throw new IllegalArgumentException(
          weights.length + " weights are not rows of " + channels + " channels");
    }
    int perChannel = weights.length / channels;
    float[] scales = new float[channels];
    for (int c = 0; c < channels; c++) {
      float lo = 0;
      float hi = 0;
      for (int i = 0; i < perChannel; i++) {
        float w = weights[c * perChannel + i];
        requireRange(w, w);
        lo = Math.min(lo, w);
        hi = Math.max(hi, w);
      }
      scales[c] = symmetricScale(lo, hi);
    }
    return new Quantization(ElementType.S8, Scales.of(scales), ZeroPoints.of(new int[channels]));
  }

  /** The {@link QuantizeSpec} that makes such a tensor, with ONNX's rounding. */
  public QuantizeSpec quantize() {
    return QuantizeSpec.of(type, scales, zeroPoints);
  }

  /** The {@link DequantizeSpec} that reads such a tensor. */
  public DequantizeSpec dequantize() {
    return new DequantizeSpec(type, scales, zeroPoints);
  }

  /** The only scale; the operand is called {@code what} if there are more. */
  float scale(String what) {
    requirePerTensor(what);
    return scales.at(0);
  }

  /** The only zero point; the operand is called {@code what} if there are more. */
  int zeroPoint(String what) {
    requirePerTensor(what);
    return zeroPoints.at(0);
  }

  private void requirePerTensor(String what) {
    if (scales.count() != 1) {
      throw new IllegalArgumentException(
          what + " must be quantized per tensor, not in " + scales.count() + " channels");
    }
  }

  private static float symmetricScale(float lo, float hi) {
    return Norm.dynamicScale(
        new DynamicQuantizeSpec(ElementType.S8, DynamicQuantizeSpec.Range.SYMMETRIC, false),
        Math.min(lo, 0f),
        Math.max(hi, 0f));
  }

  private static void requireRange(float lo, float hi) {
    if (!(lo <= hi) || Float.isInfinite(lo) || Float.isInfinite(hi) || Float.isInfinite(hi - lo)) {
      throw new IllegalArgumentException(
          "the range [" + lo + ", " + hi + "] must be finite and ascending");
    }
  }
}
