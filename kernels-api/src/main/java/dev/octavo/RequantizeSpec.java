package dev.octavo;

import java.util.Objects;

/**
 * Requantization without a multiply:
 *
 * <pre>
 *   acc = in[…, c, …] − inputZeroPoint + bias[c]      modulo 2^32
 *   out = recipe(acc), see {@link Output.Requantized}
 * </pre>
 *
 * From int32 accumulators, or from one 8-bit quantization to another.
 *
 * @param channels of the per-channel axis; 1 for none
 * @param inputType {@link ElementType#S32}, {@link ElementType#U8} or {@link ElementType#S8}
 * @param inputZeroPoint in the range of inputType
 * @param bias none, int32, or float32 for {@link Recipe#FLOAT32_FLOAT_BIAS}; one per channel
 * @param output multipliers 1 or channels
 */
public record RequantizeSpec(
    int channels, ElementType inputType, int inputZeroPoint, Bias bias, Output.Requantized output)
    implements Spec {
  public RequantizeSpec {
    Checks.atLeast("channels", channels, 1);
    Objects.requireNonNull(inputType, "inputType");
    if (inputType == ElementType.F32) {
      throw new IllegalArgumentException("requantize input type must be S32, U8 or S8, not F32");
    }
    inputType.requireInRange("input zero point", inputZeroPoint);
    Objects.requireNonNull(output, "output");
    Checks.perChannel("multipliers", output.multipliers().count(), channels);
    Door.checkBias(Objects.requireNonNull(bias, "bias"), channels, output);
  }

  /** From int32 accumulators that already contain their bias. */
  public static RequantizeSpec of(int channels, Output.Requantized output) {
    return new RequantizeSpec(channels, ElementType.S32, 0, Bias.none(), output);
  }

  /** A dense shape of outer rows. */
  public Shape.Elements elements(long outer, long inner) {
    return Extents.denseElements(channels, outer, inner, inputType, outputType());
  }

  @Override
  public ElementType outputType() {
    return output.type();
  }
}
