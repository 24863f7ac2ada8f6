package dev.octavo.conformance.problems;

import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.RequantizeSpec;
import dev.octavo.Scales;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Problem;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * An elementwise problem in a few words, small enough to print and to shrink; the rest follows from
 * the seed.
 */
public sealed interface ElementwiseDraft extends Draft {
  /** Requantization of aimed accumulators, or of 8-bit values. */
  record Requantize(Rows rows, ElementType inputType, Stage stage, Aim aim, long seed)
      implements ElementwiseDraft {
    @Override
    public Problem problem() {
      RandomGenerator random = new SplittableRandom(seed);
      int count = stage.perChannel() ? rows.channels() : 1;
      Output.Requantized output = stage.requantized(count, random);
      int zeroPoint =
          inputType.bytes() == 1 ? stage.zero().value(inputType, random) : random.nextInt(-3, 4);
      var bias = stage.bias(output, rows.channels(), Optional.empty(), random);
      RequantizeSpec spec = new RequantizeSpec(rows.channels(), inputType, zeroPoint, bias, output);
      return new Problem(
          spec, rows.shape(spec), rows.input(spec, c -> aim.target(output, c, random), random));
    }
  }

  /** What the affine quantizers share: scales, zero points and a clamp. */
  record Affine(MultiplierChoice scale, ZeroPointChoice zero, boolean perChannel) {
    Scales scales(int channels, RandomGenerator random) {
      Stage stage =
          new Stage(Stage.Kind.DEQUANTIZED, null, null, zero, null, scale, perChannel, null);
      return stage.scales(perChannel ? channels : 1, random);
    }

    ZeroPoints zeroPoints(int channels, ElementType type, RandomGenerator random) {
      int[] values = new int[perChannel ? channels : 1];
      for (int c = 0; c < values.length; c++) {
        values[c] = zero.value(type, random);
      }
      return ZeroPoints.of(values);
    }
  }

  /** float32 to 8 bits. */
  record Quantize(
      Rows rows,
      ElementType type,
      Affine affine,
      QuantizeRule rule,
      boolean clamped,
      Reals reals,
      long seed)
      implements ElementwiseDraft {
    @Override
    public Problem problem() {
      RandomGenerator random = new SplittableRandom(seed);
      Scales scales = affine.scales(rows.channels(), random);
      ZeroPoints zeroPoints = affine.zeroPoints(rows.channels(), type, random);
      int min = clamped ? random.nextInt(type.min(), type.max() + 1) : type.min();
      int max = clamped ? random.nextInt(min, type.max() + 1) : type.max();
      QuantizeSpec spec = new QuantizeSpec(type, scales, zeroPoints, min, max, rule);
      return new Problem(
          spec,
          rows.shape(spec),
          rows.input(spec, c -> bits(reals, scales, zeroPoints, c, random), random));
    }
  }

  /** Integers to float32. */
  record Dequantize(Rows rows, ElementType type, Affine affine, long seed)
      implements ElementwiseDraft {
    @Override
    public Problem problem() {
      RandomGenerator random = new SplittableRandom(seed);
      ZeroPoints zeroPoints = affine.zeroPoints(rows.channels(), type, random);
      DequantizeSpec spec =
          new DequantizeSpec(type, affine.scales(rows.channels(), random), zeroPoints);
      return new Problem(spec, rows.shape(spec), rows.input(spec, c -> random.nextInt(), random));
    }
  }

  /** float32 to 8 bits by the range of the data. */
  record DynamicQuantize(
      Rows rows, ElementType type, boolean symmetric, boolean perRow, Reals reals, long seed)
      implements ElementwiseDraft {
    @Override
    public Problem problem() {
      RandomGenerator random = new SplittableRandom(seed);
      DynamicQuantizeSpec spec =
          new DynamicQuantizeSpec(
              symmetric ? ElementType.S8 : type,
              symmetric
                  ? DynamicQuantizeSpec.Range.SYMMETRIC
                  : DynamicQuantizeSpec.Range.ASYMMETRIC,
              perRow);
      Rows flat = new Rows(rows.outer(), 1, rows.inner(), rows.inputGap(), rows.outputGap());
      float scale = random.nextFloat(0.01f, 10f);
      return new Problem(
          spec,
          flat.shape(spec),
          flat.input(spec, c -> Float.floatToRawIntBits(reals.value(scale, 0, random)), random));
    }
  }

  /** float32 to float32 through an affine grid. */
  record FakeQuantize(
      Rows rows, int levels, Affine affine, QuantizeRule rule, Reals reals, long seed)
      implements ElementwiseDraft {
    @Override
    public Problem problem() {
      RandomGenerator random = new SplittableRandom(seed);
      Scales scales = affine.scales(rows.channels(), random);
      int min = -(levels / 2);
      int max = min + levels - 1;
      int[] values = new int[affine.perChannel ? rows.channels() : 1];
      for (int c = 0; c < values.length; c++) {
        values[c] = Math.clamp(affine.zero.value(ElementType.S8, random), min, max);
      }
      ZeroPoints zeroPoints = ZeroPoints.of(values);
      FakeQuantizeSpec spec =
          new FakeQuantizeSpec(new FakeQuantizeSpec.Affine(scales, zeroPoints, min, max, rule));
      return new Problem(
          spec,
          rows.shape(spec),
          rows.input(spec, c -> bits(reals, scales, zeroPoints, c, random), random));
    }
  }

  /** float32 to float32 through OpenVINO's levels. */
  record FakeQuantizeLevels(Rows rows, int levels, boolean reversed, Reals reals, long seed)
      implements ElementwiseDraft {
    @Override
    public Problem problem() {
      RandomGenerator random = new SplittableRandom(seed);
      float[][] limits = new float[4][rows.channels()];
      for (int c = 0; c < rows.channels(); c++) {
        float low = (float) random.nextGaussian() * 10;
        float high = low + random.nextFloat(0.5f, 20f);
        limits[0][c] = reversed ? high : low;
        limits[1][c] = reversed ? low : high;
        limits[2][c] = (float) random.nextGaussian();
        limits[3][c] = (float) random.nextGaussian();
      }
      FakeQuantizeSpec spec =
          new FakeQuantizeSpec(
              new FakeQuantizeSpec.Levels(limits[0], limits[1], limits[2], limits[3], levels));
      float[] steps = new float[rows.channels()];
      for (int c = 0; c < steps.length; c++) {
        steps[c] = Math.abs(limits[1][c] - limits[0][c]) / (levels - 1);
      }
      return new Problem(
          spec,
          rows.shape(spec),
          rows.input(spec, c -> Float.floatToRawIntBits(reals.value(steps[c], 0, random)), random));
    }
  }

  private static int bits(
      Reals reals, Scales scales, ZeroPoints zeroPoints, int c, RandomGenerator random) {
    return Float.floatToRawIntBits(reals.value(scales.at(c), zeroPoints.at(c), random));
  }
}
