package dev.octavo;

import java.util.Objects;

/**
 * Integers to float32: out = f32(f32(in − zeroPoint[c]) · scale[c]), see {@link Norm#dequantize}.
 *
 * @param inputType {@link ElementType#U8}, {@link ElementType#S8} or {@link ElementType#S32}
 * @param scales 1, or one per channel
 * @param zeroPoints 1, or one per channel, in the range of inputType
 */
public record DequantizeSpec(ElementType inputType, Scales scales, ZeroPoints zeroPoints)
    implements Spec {
  public DequantizeSpec {
    Objects.requireNonNull(inputType, "inputType");
    if (inputType == ElementType.F32) {
      throw new IllegalArgumentException("dequantize input type must be U8, S8 or S32, not F32");
    }
    Checks.channels(scales, zeroPoints);
    zeroPoints.requireInRange("zero point", inputType);
  }

  /** Channels of the per-channel axis; 1 for none. */
  public int channels() {
    return Checks.channels(scales, zeroPoints);
  }

  /** A dense shape of outer rows. */
  public Shape.Elements elements(long outer, long inner) {
    return Extents.denseElements(channels(), outer, inner, inputType, outputType());
  }

  @Override
  public ElementType outputType() {
    return ElementType.F32;
  }
}
