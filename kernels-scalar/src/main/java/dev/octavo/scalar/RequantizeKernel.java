package dev.octavo.scalar;

import dev.octavo.Bias;
import dev.octavo.Norm;
import dev.octavo.Plan;
import dev.octavo.RequantizeSpec;
import java.lang.foreign.Arena;

/** out = recipe(in − zero point + bias[c]). */
final class RequantizeKernel extends ElementwiseKernel {
  private final RequantizeSpec spec;

  RequantizeKernel(RequantizeSpec spec, Plan plan, Arena arena) {
    super(spec, plan, arena, spec.channels());
    this.spec = spec;
  }

  @Override
  void apply(Chunk chunk, int from, int to, int channel) {
    int bias = spec.bias() instanceof Bias.Int32 b ? b.at(channel) : 0;
    float floatBias = spec.bias() instanceof Bias.Float32 b ? b.at(channel) : 0f;
    for (int i = from; i < to; i++) {
      int acc = chunk.ints[i] - spec.inputZeroPoint() + bias;
      chunk.bytes[i] = (byte) Norm.requantize(spec.output(), acc, floatBias, channel);
    }
  }
}
