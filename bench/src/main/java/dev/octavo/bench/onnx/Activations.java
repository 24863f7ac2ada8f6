package dev.octavo.bench.onnx;

import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.DynamicQuantizeSpec.Range;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Norm;
import dev.octavo.QuantizeRule;
import dev.octavo.Spec;
import dev.octavo.bench.measure.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Input for a layer of a model, made up with a fixed seed but shaped like the real thing: normally
 * distributed, and in a transformer a few channels that are several times larger than the others,
 * which is what makes the range of a dynamically quantized input wide.
 */
final class Activations {

  /** One channel of this many is an outlier. */
  private static final int OUTLIERS = 64;

  private static final float OUTLIER = 6f;

  private Activations() {}

  /** The layer with an input. */
  static Task task(ModelLayer layer) {
    int count = Math.toIntExact(layer.problem().inputElements());
    RandomGenerator random = new SplittableRandom(layer.name().hashCode());
    LhsQuantization quantization =
        layer.spec() instanceof GemmSpec s ? s.lhs() : ((ConvSpec) layer.spec()).lhs();
    byte[] input = new byte[count];
    LhsParameters parameters = null;
    if (quantization instanceof LhsQuantization.Fixed fixed) {
      fixed(layer.spec(), fixed.zeroPoint(), random, input);
    } else {
      parameters = dynamic(layer, random, input);
    }
    MemorySegment data = Arena.ofAuto().allocate(Math.max(1, count), 64).asSlice(0, count);
    data.copyFrom(MemorySegment.ofArray(input));
    return new Task.Int8(layer.problem(), layer.spec(), layer.weights(), data, parameters);
  }

  /** Around the zero point; on one side of it where the zero point is the lowest number. */
  private static void fixed(Spec spec, int zeroPoint, RandomGenerator random, byte[] input) {
    ElementType type = spec.inputType();
    boolean positive = zeroPoint == type.min();
    for (int i = 0; i < input.length; i++) {
      double x = random.nextGaussian() * 32;
      long q = Math.round(positive ? Math.abs(x) : x) + zeroPoint;
      input[i] = (byte) Math.clamp(q, type.min(), type.max());
    }
  }

  /** Real numbers, quantized as DynamicQuantizeLinear does it. */
  private static LhsParameters dynamic(ModelLayer layer, RandomGenerator random, byte[] input) {
    int channels = layer.spec() instanceof GemmSpec s ? s.k() : input.length;
    float[] real = new float[input.length];
    float lo = 0;
    float hi = 0;
    for (int i = 0; i < real.length; i++) {
      boolean outlier = i % channels % OUTLIERS == OUTLIERS / 2;
      real[i] = (float) random.nextGaussian() * (outlier ? OUTLIER : 1f);
      lo = Math.min(lo, real[i]);
      hi = Math.max(hi, real[i]);
    }
    ElementType type = layer.spec().inputType();
    DynamicQuantizeSpec rule = new DynamicQuantizeSpec(type, Range.ASYMMETRIC, false);
    float scale = Norm.dynamicScale(rule, lo, hi);
    int zero = Norm.dynamicZeroPoint(rule, lo, scale);
    for (int i = 0; i < real.length; i++) {
      input[i] =
          (byte)
              Norm.quantize(
                  QuantizeRule.DIVIDE_HALF_EVEN, real[i], scale, zero, rule.min(), rule.max());
    }
    Arena arena = Arena.ofAuto();
    return new LhsParameters(
        arena.allocateFrom(ValueLayout.JAVA_FLOAT, scale),
        arena.allocateFrom(ValueLayout.JAVA_INT, zero));
  }
}
