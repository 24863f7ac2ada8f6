package dev.octavo.scalar;

import dev.octavo.Bias;
import dev.octavo.Plan;
import dev.octavo.RequantizeSpec;
import java.lang.foreign.Arena;

/** out = recipe(in − zero point + bias[c]). */
final class RequantizeKernel extends ElementwiseKernel {
  private final RequantizeSpec spec;
  private final Requantizer requantizer;

  RequantizeKernel(RequantizeSpec spec, Plan plan, Arena arena) {
    super(spec, plan, arena, spec.channels());
    this.spec = spec;
    this.requantizer = new Requantizer(spec.output(), spec.bias());
  }

  @Override
  void apply(Chunk chunk, int from, int to, int c, int step) {
    int zero = spec.inputZeroPoint();
    for (int i = from; i < to; i++) {
      int bias = spec.bias() instanceof Bias.Int32 b ? b.at(c + (i - from) * step) : 0;
      chunk.ints[i] += bias - zero;
    }
    requantizer.apply(chunk.ints, chunk.bytes, from, to - from, c, step);
  }
}
