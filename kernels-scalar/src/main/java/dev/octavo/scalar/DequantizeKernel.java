package dev.octavo.scalar;

import dev.octavo.DequantizeSpec;
import dev.octavo.Norm;
import dev.octavo.Plan;
import java.lang.foreign.Arena;

/** out = (in − zero point) · scale. */
final class DequantizeKernel extends ElementwiseKernel {
  private final DequantizeSpec spec;

  DequantizeKernel(DequantizeSpec spec, Plan plan, Arena arena) {
    super(spec, plan, arena, spec.channels());
    this.spec = spec;
  }

  @Override
  void apply(Chunk chunk, int from, int to, int c, int step) {
    for (int i = from; i < to; i++) {
      int channel = c + (i - from) * step;
      float scale = spec.scales().at(channel);
      int zero = spec.zeroPoints().at(channel);
      chunk.floats[i] = Norm.dequantize(chunk.ints[i], scale, zero);
    }
  }
}
