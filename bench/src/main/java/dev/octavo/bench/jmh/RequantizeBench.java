package dev.octavo.bench.jmh;

import dev.octavo.ElementType;
import dev.octavo.Multipliers;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Requantization of int32 sums to u8 by each recipe; two operations an element are counted. */
public class RequantizeBench extends BackendBench {

  /** Rows and channels. */
  @Param({"3136,64", "196,512"})
  public String elements;

  @Param({
    "FLOAT32_NEAREST_EVEN",
    "FLOAT32_ZERO_POINT_FIRST",
    "FLOAT32_FLOAT_BIAS",
    "FIXED_POINT_DOUBLE_ROUNDING",
    "FIXED_POINT_SINGLE_ROUNDING",
    "FLOAT64_HALF_AWAY"
  })
  public Recipe recipe;

  /** Whether every channel has a multiplier of its own. */
  @Param({"true", "false"})
  public boolean perChannel;

  private Subject subject;
  private double operations;

  @Setup
  public void prepare() {
    int[] extents = Suites.pair(elements);
    int channels = perChannel ? extents[1] : 1;
    Output.Requantized output =
        Output.Requantized.of(ElementType.U8, recipe, multipliers(channels), 118);
    RequantizeSpec spec = RequantizeSpec.of(channels, output);
    int[] sums =
        new SplittableRandom(1).ints((long) extents[0] * extents[1], -200_000, 200_000).toArray();
    Arena arena = Arena.ofShared();
    subject =
        new Subject(
            backend(),
            spec,
            Weights.NONE,
            spec.elements(sums.length / channels, 1),
            residence().copy(sums, arena),
            residence().room(sums.length, 1, arena),
            arena);
    subject.verify(bytes -> wrong(bytes, sums, output, channels));
    operations = 2.0 * sums.length;
  }

  /** Such that the sums spread over the range of u8, each another one. */
  private Multipliers multipliers(int count) {
    double[] values = new double[count];
    float[] floats = new float[count];
    for (int c = 0; c < count; c++) {
      values[c] = 0.0005 + 0.0003 * c / count;
      floats[c] = (float) values[c];
    }
    if (recipe.multipliers() == Multipliers.FixedPoint.class) {
      return Multipliers.FixedPoint.of(values);
    }
    return recipe.multipliers() == Multipliers.Float64.class
        ? Multipliers.Float64.of(values)
        : Multipliers.Float32.of(floats);
  }

  private static Optional<String> wrong(
      MemorySegment bytes, int[] sums, Output.Requantized output, int channels) {
    for (int i = 0; i < sums.length; i++) {
      int is = Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, i));
      int should = Norm.requantize(output, sums[i], 0f, i % channels);
      if (is != should) {
        return Optional.of("element %d is %d, should be %d".formatted(i, is, should));
      }
    }
    return Optional.empty();
  }

  @TearDown
  public void close() {
    subject.close();
  }

  @Benchmark
  public MemorySegment run(Rates rates) {
    rates.add(operations, subject.operandBytes());
    return subject.run();
  }
}
