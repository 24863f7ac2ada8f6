package dev.octavo.bench.measure;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Recipe;
import dev.octavo.Scales;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.ZeroPoints;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.Variant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * Operands for a problem that comes without any. Bytes are uniform over their whole range, because
 * no speed here may depend on values being small. Quantization is the usual one: an activation zero
 * point that is not 0, weights symmetric, and multipliers that spread the sums over the output's
 * range.
 */
public final class Synthetic {

  private static final long SEED = 20260823;

  private Synthetic() {}

  /** A task in the variant's number formats. The same arguments give the same operands. */
  public static Task task(Problem problem, Variant variant) {
    return task(problem, variant, variant.lhs() == ElementType.U8 ? 121 : -7);
  }

  /**
   * The same with another zero point of the activations.
   *
   * @param zeroPoint ignored in float32
   */
  public static Task task(Problem problem, Variant variant, int zeroPoint) {
    SplittableRandom random = new SplittableRandom(SEED + problem.hashCode());
    if (variant.isFloat32()) {
      return new Task.Float32(
          problem, floats(random, problem.weights()), floats(random, problem.inputElements()));
    }
    Output output = output(problem, variant);
    MemorySegment weights = bytes(random, problem.weights());
    MemorySegment input = bytes(random, problem.inputElements());
    Spec spec = spec(problem, variant, LhsQuantization.zeroPoint(zeroPoint), output);
    Weights rhs =
        switch (spec) {
          case GemmSpec s -> Weights.rowsOfK(weights, s.k());
          case ConvSpec s -> Weights.ohwi(weights, s);
          default -> throw new AssertionError(spec);
        };
    if (variant.isRequantized()) {
      rhs = rhs.withBias(bias(random, problem.outputChannels()));
    }
    return new Task.Int8(problem, spec, rhs, input, null);
  }

  /** The spec of a problem with rhs zero point 0. */
  static Spec spec(Problem problem, Variant variant, LhsQuantization lhs, Output output) {
    return switch (problem) {
      case Gemm g ->
          new GemmSpec(g.n(), g.k(), variant.lhs(), variant.rhs(), lhs, ZeroPoints.ZERO, output);
      case Conv c ->
          new ConvSpec(
              c.channels(),
              c.outChannels(),
              c.window(),
              c.groups(),
              variant.lhs(),
              variant.rhs(),
              lhs,
              ZeroPoints.ZERO,
              output);
    };
  }

  private static Output output(Problem problem, Variant variant) {
    int channels = problem.outputChannels();
    return switch (variant.dst()) {
      case S32 -> Output.ACCUMULATORS;
      case F32 -> new Output.Dequantized(Scales.of(perChannel(channels, 0.01f)));
      case U8, S8 -> {
        // Uniform bytes deviate by 74 from their mean; so do sums of k products by 74² √k.
        double depth = problem instanceof Conv c ? c.depth() : ((Gemm) problem).k();
        float multiplier = (float) (40 / (74 * 74 * Math.sqrt(depth)));
        yield Output.Requantized.of(
            variant.dst(),
            Recipe.FLOAT32_NEAREST_EVEN,
            Multipliers.Float32.of(perChannel(channels, multiplier)),
            variant.dst() == ElementType.U8 ? 118 : -5);
      }
    };
  }

  private static float[] perChannel(int channels, float typical) {
    float[] values = new float[channels];
    for (int i = 0; i < channels; i++) {
      values[i] = typical * (0.8f + 0.4f * i / channels);
    }
    return values;
  }

  private static Bias bias(SplittableRandom random, int channels) {
    return Bias.of(random.ints(channels, -20_000, 20_000).toArray());
  }

  /** Uniform bytes outside the heap, aligned to a cache line. */
  static MemorySegment bytes(SplittableRandom random, long count) {
    byte[] values = new byte[Math.toIntExact(count)];
    random.nextBytes(values);
    MemorySegment segment = Arena.ofAuto().allocate(Math.max(count, 1), 64);
    return segment.copyFrom(MemorySegment.ofArray(values)).asSlice(0, count);
  }

  /** Multiples of 2⁻²³ in [−1, 1). */
  private static float[] floats(SplittableRandom random, long count) {
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.nextInt() >> 7) * 0x1p-24f;
    }
    return values;
  }
}
