package dev.octavo.vector;

import dev.octavo.DequantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.Plan;
import dev.octavo.QuantizeRule;
import java.lang.foreign.Arena;

/** out = f32(f32(in − zeroPoint[c]) · scale[c]). */
final class DequantizeKernel extends ElementwiseKernel {
  private final DequantizeSpec spec;
  private final QuantizeTable spread;
  private final QuantizeTable periodic;

  DequantizeKernel(DequantizeSpec spec, Plan plan, Arena arena, Width width) {
    super(spec, plan, arena, spec.channels(), width);
    this.spec = spec;
    this.spread = table(new Channels.Spread(spec.channels()));
    this.periodic = spec.channels() > 1 ? table(new Channels.Periodic(spec.channels())) : null;
  }

  private QuantizeTable table(Channels channels) {
    return new QuantizeTable(
        spec.scales(), spec.zeroPoints(), QuantizeRule.DIVIDE_HALF_EVEN, channels);
  }

  @Override
  void applyPeriodic(Workspace w, int channel, int count) {
    widen(w, count);
    width.quantizer.dequantize(periodic, channel, 1, w.acc, w.lhs, count);
  }

  @Override
  void applyOne(Workspace w, int channel, int count) {
    widen(w, count);
    width.quantizer.dequantize(spread, channel * Channels.VECTOR, 0, w.acc, w.lhs, count);
  }

  private void widen(Workspace w, int count) {
    if (spec.inputType() != ElementType.S32) {
      width.quantizer.widen(w.stage, spec.inputType() == ElementType.U8, w.acc, count);
    }
  }
}
