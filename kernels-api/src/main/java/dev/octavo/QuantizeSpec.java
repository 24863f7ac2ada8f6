package dev.octavo;

import java.util.Objects;

/**
 * float32 to 8 bits: out = {@link Norm#quantize}(rule, in, scale[c], zeroPoint[c], min, max).
 *
 * @param outputType {@link ElementType#U8} or {@link ElementType#S8}
 * @param scales 1, or one per channel
 * @param zeroPoints 1, or one per channel, in the range of outputType
 * @param min lowest output, in the range of outputType
 * @param max highest output, at least min
 * @param rule which division and which rounding
 */
public record QuantizeSpec(
    ElementType outputType,
    Scales scales,
    ZeroPoints zeroPoints,
    int min,
    int max,
    QuantizeRule rule)
    implements Spec {
  public QuantizeSpec {
    outputType.require8Bit("quantized type");
    Objects.requireNonNull(rule, "rule");
    Checks.channels(scales, zeroPoints);
    zeroPoints.requireInRange("zero point", outputType);
    Checks.clamp(outputType, min, max);
  }

  /**
   * ONNX QuantizeLinear: {@link QuantizeRule#DIVIDE_HALF_EVEN} over the whole range of the type.
   */
  public static QuantizeSpec of(ElementType type, Scales scales, ZeroPoints zeroPoints) {
    return new QuantizeSpec(
        type, scales, zeroPoints, type.min(), type.max(), QuantizeRule.DIVIDE_HALF_EVEN);
  }

  /** The same with another rule. */
  public QuantizeSpec withRule(QuantizeRule rule) {
    return new QuantizeSpec(outputType, scales, zeroPoints, min, max, rule);
  }

  /** The same with another clamp. */
  public QuantizeSpec withClamp(int min, int max) {
    return new QuantizeSpec(outputType, scales, zeroPoints, min, max, rule);
  }

  /** Channels of the per-channel axis; 1 for none. */
  public int channels() {
    return Checks.channels(scales, zeroPoints);
  }

  /** A dense shape of outer rows. */
  public Shape.Elements elements(long outer, long inner) {
    return Extents.denseElements(channels(), outer, inner, inputType(), outputType);
  }

  @Override
  public ElementType inputType() {
    return ElementType.F32;
  }
}
