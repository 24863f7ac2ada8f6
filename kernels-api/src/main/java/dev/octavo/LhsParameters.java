package dev.octavo;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Scales and zero points of a tensor that are only known at run time: written by a {@link
 * DynamicQuantizeSpec} kernel, read by a {@link GemmSpec} or {@link ConvSpec} kernel whose {@link
 * LhsQuantization} is {@link LhsQuantization.PerTensor} or {@link LhsQuantization.PerRow}.
 *
 * <p>A zero point per row is used as it stands, modulo 2<sup>32</sup>; one per tensor must lie in
 * the range of the lhs type.
 *
 * @param scales float32, 1 or one per row; may be {@link MemorySegment#NULL} where the output does
 *     not need the scale ({@link Output.Accumulators}, {@link Output.Requantized})
 * @param zeroPoints int32, 1 or one per row
 */
public record LhsParameters(MemorySegment scales, MemorySegment zeroPoints) {
  public LhsParameters {
    Objects.requireNonNull(scales, "scales");
    Objects.requireNonNull(zeroPoints, "zeroPoints");
  }
}
