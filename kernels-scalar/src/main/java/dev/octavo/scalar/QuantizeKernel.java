package dev.octavo.scalar;

import dev.octavo.Norm;
import dev.octavo.Plan;
import dev.octavo.QuantizeSpec;
import java.lang.foreign.Arena;

/** out = quantize(in), by the spec's rule. */
final class QuantizeKernel extends ElementwiseKernel {
  private final QuantizeSpec spec;

  QuantizeKernel(QuantizeSpec spec, Plan plan, Arena arena) {
    super(spec, plan, arena, spec.channels());
    this.spec = spec;
  }

  @Override
  void apply(Chunk chunk, int from, int to, int channel) {
    float scale = spec.scales().at(channel);
    int zero = spec.zeroPoints().at(channel);
    for (int i = from; i < to; i++) {
      float x = chunk.floats[i];
      chunk.bytes[i] = (byte) Norm.quantize(spec.rule(), x, scale, zero, spec.min(), spec.max());
    }
  }
}
