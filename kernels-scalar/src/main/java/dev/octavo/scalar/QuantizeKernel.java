package dev.octavo.scalar;

import dev.octavo.Norm;
import dev.octavo.Plan;
import dev.octavo.QuantizeRule;
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
  void apply(Chunk chunk, int from, int to, int c, int step) {
    QuantizeRule rule = spec.rule();
    int min = spec.min();
    int max = spec.max();
    for (int i = from; i < to; i++) {
      int channel = c + (i - from) * step;
      float scale = spec.scales().at(channel);
      int zero = spec.zeroPoints().at(channel);
      chunk.bytes[i] = (byte) Norm.quantize(rule, chunk.floats[i], scale, zero, min, max);
    }
  }
}
