package dev.octavo.conformance.truth;

import dev.octavo.ElementType;
import dev.octavo.Norm;
import dev.octavo.QuantizeRule;
import dev.octavo.Scales;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Problem;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Floats to be quantized, [outer][channels][inner], with scales and zero points per channel or for
 * all: most values are at a tie or a few ulps beside it.
 *
 * @param type to quantize to
 * @param scales one, or one per channel
 */
public record Values(
    int outer,
    int channels,
    int inner,
    ElementType type,
    float[] scales,
    int[] zeroPoints,
    long seed) {

  /** Random ones. */
  public static Arbitrary<Values> of(boolean perChannel, ElementType... types) {
    return Combinators.combine(
            Arbitraries.integers().between(1, 5),
            perChannel ? Arbitraries.integers().between(2, 9) : Arbitraries.just(1),
            Arbitraries.integers().between(1, 100),
            Arbitraries.of(types).withoutEdgeCases(),
            Arbitraries.longs().withoutEdgeCases())
        .as(Values::make);
  }

  private static Values make(int outer, int channels, int inner, ElementType type, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] scales = new float[channels];
    int[] zeroPoints = new int[channels];
    for (int c = 0; c < channels; c++) {
      float power = Math.scalb(1f, random.nextInt(-20, 10));
      scales[c] = random.nextInt(3) == 0 ? power : power * (float) random.nextDouble(1, 2);
      zeroPoints[c] = Operands.zeroPoint(random, type.min(), type.max());
    }
    return new Values(outer, channels, inner, type, scales, zeroPoints, seed);
  }

  /** The same with zero points 0. */
  public Values withoutZeroPoints() {
    return new Values(outer, channels, inner, type, scales, new int[channels], seed);
  }

  /** Whether there is more than one channel. */
  public boolean perChannel() {
    return channels > 1;
  }

  /** Extents [outer, channels, inner], the channels axis being 1. */
  public long[] extents() {
    return new long[] {outer, channels, inner};
  }

  /** Where our kernels find them. */
  private Shape.Elements shape(Spec spec) {
    long in = (long) channels * inner * spec.inputType().bytes();
    long out = (long) channels * inner * spec.outputType().bytes();
    return new Shape.Elements(outer, inner, in, out);
  }

  /** The problem that our backends are given. */
  public Problem problem(Spec spec, Tensor input) {
    return new Problem(spec, shape(spec), input.bytes());
  }

  public Scales scaleParameters() {
    return Scales.of(scales);
  }

  public ZeroPoints zeroPointParameters() {
    return ZeroPoints.of(zeroPoints);
  }

  /** The channel of an element. */
  public int channel(int position) {
    return position / inner % channels;
  }

  /** Floats at and near ties of x / scale, beyond the range now and then, and special ones. */
  public Tensor floats() {
    return floats(true);
  }

  /**
   * Floats at and near ties of x / scale, beyond the range now and then.
   *
   * @param special whether there are huge ones, infinities and NaNs among them
   */
  public Tensor floats(boolean special) {
    SplittableRandom random = new SplittableRandom(~seed);
    Tensor tensor = Tensor.of(ElementType.F32, extents());
    for (int i = 0; i < tensor.count(); i++) {
      int c = channel(i);
      tensor.put(i, value(random, special, scales[c], zeroPoints[c]));
    }
    return tensor;
  }

  private float value(SplittableRandom random, boolean special, float scale, int zeroPoint) {
    int steps = random.nextInt(type.min() - zeroPoint - 3, type.max() - zeroPoint + 4);
    return switch (random.nextInt(16)) {
      case 0 -> (float) random.nextDouble(-300, 300) * scale;
      case 1 -> special ? special(random) : 0f;
      default -> {
        float tie = (float) ((steps + 0.5) * scale);
        yield Float.intBitsToFloat(Float.floatToRawIntBits(tie) + random.nextInt(-2, 3));
      }
    };
  }

  private static float special(SplittableRandom random) {
    float[] values = {
      0f,
      -0f,
      Float.MIN_VALUE,
      -Float.MIN_NORMAL,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      1e9f,
      -1e9f,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
    return values[random.nextInt(values.length)];
  }

  /** Integers to be dequantized. */
  public Tensor integers(ElementType type) {
    SplittableRandom random = new SplittableRandom(~seed);
    Tensor tensor = Tensor.of(type, extents());
    for (int i = 0; i < tensor.count(); i++) {
      tensor.put(
          i,
          type == ElementType.S32
              ? random.nextInt() >> random.nextInt(32)
              : random.nextInt(type.min(), type.max() + 1));
    }
    return tensor;
  }

  /** What the norm makes of floats. */
  public Tensor quantized(QuantizeRule rule, Tensor x) {
    Tensor output = Tensor.of(type, extents());
    for (int i = 0; i < x.count(); i++) {
      int c = channel(i);
      output.put(
          i, Norm.quantize(rule, x.real(i), scales[c], zeroPoints[c], type.min(), type.max()));
    }
    return output;
  }

  /** What the norm makes of integers of this type. */
  public Tensor dequantized(Tensor x) {
    Tensor output = Tensor.of(ElementType.F32, extents());
    for (int i = 0; i < x.count(); i++) {
      int c = channel(i);
      output.put(i, Norm.dequantize(x.integer(i), scales[c], zeroPoints[c]));
    }
    return output;
  }

  @Override
  public String toString() {
    return "["
        + outer
        + ", "
        + channels
        + ", "
        + inner
        + "] "
        + type.code()
        + " scales "
        + Arrays.toString(scales)
        + " zero points "
        + Arrays.toString(zeroPoints)
        + " seed "
        + seed;
  }
}
