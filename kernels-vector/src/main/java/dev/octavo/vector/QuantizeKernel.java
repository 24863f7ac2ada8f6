package dev.octavo.vector;

import dev.octavo.Plan;
import dev.octavo.QuantizeSpec;
import java.lang.foreign.Arena;

/** out = quantize(rule, in, scale[c], zeroPoint[c], min, max). */
final class QuantizeKernel extends ElementwiseKernel {
  private final QuantizeSpec spec;
  private final int[] limits;
  private final QuantizeTable spread;
  private final QuantizeTable periodic;

  QuantizeKernel(QuantizeSpec spec, Plan plan, Arena arena, Width width) {
    super(spec, plan, arena, spec.channels(), width);
    this.spec = spec;
    this.limits = new int[] {spec.min(), spec.max()};
    this.spread = table(new Channels.Spread(spec.channels()));
    this.periodic = spec.channels() > 1 ? table(new Channels.Periodic(spec.channels())) : null;
  }

  private QuantizeTable table(Channels channels) {
    return new QuantizeTable(spec.scales(), spec.zeroPoints(), spec.rule(), channels);
  }

  @Override
  void applyPeriodic(Workspace w, int channel, int count) {
    width.quantizer.quantize(spec.rule(), periodic, channel, 1, limits, w.lhs, w.acc, count);
    width.quantizer.narrow(w.acc, w.out, count);
  }

  @Override
  void applyOne(Workspace w, int channel, int count) {
    int entry = channel * Channels.VECTOR;
    width.quantizer.quantize(spec.rule(), spread, entry, 0, limits, w.lhs, w.acc, count);
    width.quantizer.narrow(w.acc, w.out, count);
  }
}
