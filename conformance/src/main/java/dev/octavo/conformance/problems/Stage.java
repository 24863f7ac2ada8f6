package dev.octavo.conformance.problems;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Recipe;
import dev.octavo.Scales;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What becomes of the accumulators.
 *
 * @param kind which output
 * @param recipe of a requantization
 * @param type that a requantization writes
 * @param zero where its zero point lies
 * @param clamp how much of the type's range it keeps
 * @param multiplier how large multipliers, or scales, are
 * @param perChannel whether each output channel has one
 * @param bias what is added, and to what purpose
 */
public record Stage(
    Kind kind,
    Recipe recipe,
    ElementType type,
    ZeroPointChoice zero,
    Clamp clamp,
    MultiplierChoice multiplier,
    boolean perChannel,
    BiasChoice bias) {
  /** Which output. */
  public enum Kind {
    ACCUMULATORS,
    REQUANTIZED,
    DEQUANTIZED
  }

  /** How much of the output type's range remains. */
  public enum Clamp {
    FULL,
    RELU,
    NARROW,
    ONE_VALUE
  }

  /**
   * The bias.
   *
   * @param kind none, integers or floats; replaced by what the output takes
   * @param aim where it moves the accumulators of one row
   */
  public record BiasChoice(Kind kind, Aim aim) {
    /** What sort of numbers. */
    public enum Kind {
      NONE,
      INT32,
      FLOAT32
    }
  }

  Stage withoutBias() {
    BiasChoice none = new BiasChoice(BiasChoice.Kind.NONE, Aim.NONE);
    return new Stage(kind, recipe, type, zero, clamp, multiplier, perChannel, none);
  }

  Output output(int channels, RandomGenerator random) {
    int count = perChannel ? Math.max(1, channels) : 1;
    return switch (kind) {
      case ACCUMULATORS -> Output.ACCUMULATORS;
      case REQUANTIZED -> requantized(count, random);
      case DEQUANTIZED -> new Output.Dequantized(scales(count, random));
    };
  }

  /** A requantized output with this many multipliers. */
  public Output.Requantized requantized(int count, RandomGenerator random) {
    Multipliers multipliers = multiplier.multipliers(recipe, count, random);
    int zeroPoint = zero.value(type, random);
    int low = random.nextInt(type.min(), type.max() + 1);
    int high = random.nextInt(low, type.max() + 1);
    return switch (clamp) {
      case FULL ->
          new Output.Requantized(type, recipe, multipliers, zeroPoint, type.min(), type.max());
      case RELU ->
          new Output.Requantized(type, recipe, multipliers, zeroPoint, zeroPoint, type.max());
      case NARROW -> new Output.Requantized(type, recipe, multipliers, zeroPoint, low, high);
      case ONE_VALUE -> new Output.Requantized(type, recipe, multipliers, zeroPoint, low, low);
    };
  }

  /** Scales of the same sizes as multipliers, whatever the recipe. */
  public Scales scales(int count, RandomGenerator random) {
    var multipliers =
        (Multipliers.Float32) multiplier.multipliers(Recipe.FLOAT32_NEAREST_EVEN, count, random);
    float[] scales = new float[count];
    for (int c = 0; c < count; c++) {
      scales[c] = multipliers.at(c);
    }
    return Scales.of(scales);
  }

  /**
   * A bias that the output takes, and that moves the accumulators of one row to where they are
   * aimed.
   *
   * @param row its products, one per channel; empty if there is no row
   */
  Bias bias(Output output, int channels, Optional<int[]> row, RandomGenerator random) {
    boolean floatOnly =
        output instanceof Output.Requantized r && r.recipe() == Recipe.FLOAT32_FLOAT_BIAS;
    boolean floatToo = floatOnly || output instanceof Output.Dequantized;
    if (bias.kind == BiasChoice.Kind.NONE || channels == 0) {
      return Bias.none();
    }
    int[] wanted = new int[channels];
    for (int c = 0; c < channels; c++) {
      int product = row.isPresent() ? row.get()[c] : 0;
      wanted[c] = bias.aim.target(output, c, random) - (bias.aim == Aim.NONE ? 0 : product);
    }
    if (!floatToo || !floatOnly && bias.kind == BiasChoice.Kind.INT32) {
      return Bias.of(wanted);
    }
    float[] floats = new float[channels];
    for (int c = 0; c < channels; c++) {
      floats[c] = wanted[c] + (random.nextBoolean() ? 0 : random.nextFloat());
      if (output instanceof Output.Dequantized && random.nextInt(8) == 0) {
        floats[c] = new float[] {-0f, Float.MIN_VALUE, -1e30f, Float.MAX_VALUE}[random.nextInt(4)];
      }
    }
    return Bias.of(floats);
  }
}
