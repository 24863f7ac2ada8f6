package dev.octavo;

import java.util.Objects;

/**
 * float32 to 8 bits with scale and zero point taken from the data:
 *
 * <pre>
 *   lo = min(0, smallest in), hi = max(0, largest in)        NaNs are not counted
 *   s  = {@link Norm#dynamicScale}(lo, hi),  z = {@link Norm#dynamicZeroPoint}(lo, s)
 *   out = {@link Norm#quantize}(DIVIDE_HALF_EVEN, in, s, z, min, max)
 * </pre>
 *
 * where [min, max] is the range of the type, or [−127, 127] for SYMMETRIC. Scales and zero points
 * are written to {@link LhsParameters}: one each, or one per row of the shape (outer).
 *
 * <p>Per tensor ASYMMETRIC to u8 is ONNX DynamicQuantizeLinear. For an all-zero input ONNX leaves
 * the scale undefined; here it is 1, as in ONNX Runtime.
 *
 * @param outputType {@link ElementType#U8} or {@link ElementType#S8}; S8 for SYMMETRIC
 * @param range asymmetric or symmetric
 * @param perRow whether each row of the shape has parameters of its own
 */
public record DynamicQuantizeSpec(ElementType outputType, Range range, boolean perRow)
    implements Spec {
  /** How the range of the data becomes scale and zero point. */
  public enum Range {
    /** The whole range of the type covers [lo, hi]. */
    ASYMMETRIC,
    /** Zero point 0; ±127 covers ±max(−lo, hi). */
    SYMMETRIC
  }

  public DynamicQuantizeSpec {
    outputType.require8Bit("quantized type");
    Objects.requireNonNull(range, "range");
    if (range == Range.SYMMETRIC && outputType != ElementType.S8) {
      throw new IllegalArgumentException("symmetric quantization is to S8, not " + outputType);
    }
  }

  /** Per tensor, asymmetric, to u8: ONNX DynamicQuantizeLinear. */
  public static DynamicQuantizeSpec onnx() {
    return new DynamicQuantizeSpec(ElementType.U8, Range.ASYMMETRIC, false);
  }

  /** Lowest output. */
  public int min() {
    return range == Range.SYMMETRIC ? -127 : outputType.min();
  }

  /** Highest output. */
  public int max() {
    return outputType.max();
  }

  /** A dense shape of outer rows of inner elements. */
  public Shape.Elements elements(long outer, long inner) {
    return Extents.denseElements(1, outer, inner, inputType(), outputType);
  }

  @Override
  public ElementType inputType() {
    return ElementType.F32;
  }
}
