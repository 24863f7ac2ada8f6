package dev.octavo.conformance.truth;

import dev.octavo.ElementType;
import dev.octavo.Quantization;
import dev.octavo.Scales;
import dev.octavo.ZeroPoints;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Scales and a zero point that make rounding hard. With random scales the recipes agree almost
 * always (a few cells in a thousand part R1 from R2, none R1 from R3), so scales are chosen with
 * the accumulators in hand:
 *
 * <ul>
 *   <li>powers of two: exact ties, in every 2nd to 256th cell;
 *   <li>small odd numbers times powers of two: the products of the scales are exact, the quotient
 *       is not;
 *   <li>the quotient that puts one accumulator of each channel at a tie, or a few ulps beside it;
 *   <li>random.
 * </ul>
 *
 * @param rhsScales one, or one per channel
 */
public record Aim(float lhsScale, float[] rhsScales, float outputScale, int zeroPoint) {
  /** Multipliers from 2^-31 to 2^7, which every library here accepts. */
  private static final double SMALLEST = 0x1p-31;

  private static final double LARGEST = 0x1p7;

  /** Scales for these accumulators, [cells][channels]. */
  public static Aim at(
      int[] acc, int channels, boolean perChannel, ElementType output, SplittableRandom random) {
    int mode = random.nextInt(4);
    float lhsScale = base(mode, random);
    float outputScale = base(mode, random);
    float[] rhsScales = new float[perChannel ? channels : 1];
    for (int c = 0; c < rhsScales.length; c++) {
      int cells = acc.length / channels;
      int column = perChannel ? c : random.nextInt(channels);
      int target = cells == 0 ? 1 : acc[random.nextInt(cells) * channels + column];
      rhsScales[c] = rhsScale(mode, target, lhsScale, outputScale, random);
    }
    int zeroPoint = Operands.zeroPoint(random, output.min(), output.max());
    return new Aim(lhsScale, rhsScales, outputScale, zeroPoint);
  }

  private static float base(int mode, SplittableRandom random) {
    float power = Math.scalb(1f, -random.nextInt(8));
    return switch (mode) {
      case 0 -> power;
      case 1 -> power * (1 + 2 * random.nextInt(13));
      default -> power * (float) random.nextDouble(0.5, 1);
    };
  }

  private static float rhsScale(
      int mode, int target, float lhsScale, float outputScale, SplittableRandom random) {
    double magnitude = Math.max(1, Math.abs((double) target));
    double real =
        switch (mode) {
          case 0, 1 -> {
            int exponent = Math.getExponent(magnitude) - random.nextInt(8);
            double odd = mode == 0 ? 1 : 1 + 2 * random.nextInt(8);
            yield Math.scalb(odd, -Math.max(exponent, 0))
                * (mode == 0 ? outputScale : 1)
                / lhsScale;
          }
          case 2 -> (random.nextInt(128) + 0.5) / magnitude * outputScale / lhsScale;
          default -> random.nextDouble(1, 200) / magnitude * outputScale / lhsScale;
        };
    double ratio = (double) outputScale / lhsScale;
    float scale = (float) Math.clamp(real, SMALLEST * ratio, LARGEST * ratio);
    int nudge = mode == 2 ? random.nextInt(-2, 3) : 0;
    return Float.intBitsToFloat(Float.floatToRawIntBits(scale) + nudge);
  }

  /**
   * An int32 bias per channel: none, small, or as large as it can be (the accumulator then wraps,
   * and exceeds the 24 bits of a float).
   *
   * @return null for none
   */
  public static int[] bias(int channels, SplittableRandom random) {
    int mode = random.nextInt(4);
    if (mode == 0) {
      return null;
    }
    int bound = mode == 1 ? Integer.MAX_VALUE : mode == 2 ? 1 << 26 : 1 << 12;
    int[] bias = new int[channels];
    Arrays.setAll(bias, c -> random.nextInt(-bound, bound));
    return bias;
  }

  /**
   * A real bias per channel: so many accumulator units, and for some channels a fraction more.
   *
   * @param counts one per channel
   */
  public float[] realBias(int[] counts, SplittableRandom random) {
    float[] bias = new float[counts.length];
    for (int c = 0; c < bias.length; c++) {
      double fraction = random.nextBoolean() ? 0 : random.nextDouble(-0.7, 0.7);
      float unit = lhsScale * rhsScales[rhsScales.length == 1 ? 0 : c];
      bias[c] = (float) ((counts[c] + fraction) * unit);
    }
    return bias;
  }

  /**
   * A real bias per channel, of the order of the products; some of them in the middle between two
   * floats, so that a fused multiply-add shows.
   */
  public float[] floatBias(int channels, SplittableRandom random) {
    float[] bias = new float[channels];
    for (int c = 0; c < channels; c++) {
      float unit = lhsScale * rhsScales[rhsScales.length == 1 ? 0 : c];
      int count = random.nextInt(-1 << 14, 1 << 14);
      bias[c] = random.nextBoolean() ? count * unit : (float) (random.nextDouble() * count * unit);
    }
    return bias;
  }

  /** The same with another output scale, and the multipliers kept as they are. */
  public Aim withOutputScale(float scale) {
    float[] scales = rhsScales.clone();
    for (int c = 0; c < scales.length; c++) {
      scales[c] = scales[c] / outputScale * scale;
    }
    return new Aim(lhsScale, scales, scale, zeroPoint);
  }

  /** How the lhs of a problem is quantized. */
  public Quantization lhs(Product p) {
    return Quantization.of(p.lhs().type(), lhsScale, p.lhsZeroPoint());
  }

  /** How its weights are: a lone zero point is repeated for each scale. */
  public Quantization rhs(Product p) {
    int[] zeroPoints = p.rhsZeroPoints();
    if (zeroPoints.length < rhsScales.length) {
      zeroPoints = new int[rhsScales.length];
      Arrays.fill(zeroPoints, p.rhsZeroPoints()[0]);
    }
    float[] scales = rhsScales;
    if (scales.length < zeroPoints.length) {
      scales = new float[zeroPoints.length];
      Arrays.fill(scales, rhsScales[0]);
    }
    return new Quantization(p.rhs().type(), Scales.of(scales), ZeroPoints.of(zeroPoints));
  }

  /** How its output is. */
  public Quantization output(ElementType type) {
    return Quantization.of(type, outputScale, zeroPoint);
  }

  /** The scales of the weights as our API takes them. */
  public Scales scales() {
    return Scales.of(rhsScales);
  }

  /** The product of the input scales, f32, by channel: what the bias is counted in. */
  public float[] biasScales() {
    float[] scales = new float[rhsScales.length];
    for (int c = 0; c < scales.length; c++) {
      scales[c] = lhsScale * rhsScales[c];
    }
    return scales;
  }

  @Override
  public String toString() {
    return "sx="
        + lhsScale
        + " sw="
        + Arrays.toString(rhsScales)
        + " sy="
        + outputScale
        + " zy="
        + zeroPoint;
  }
}
