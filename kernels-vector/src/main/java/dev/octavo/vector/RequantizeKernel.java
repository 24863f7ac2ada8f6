package dev.octavo.vector;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.Plan;
import dev.octavo.RequantizeSpec;
import java.lang.foreign.Arena;

/** out = recipe(in − inputZeroPoint + bias[c]). */
final class RequantizeKernel extends ElementwiseKernel {
  private final RequantizeSpec spec;
  private final Requantizer ofOne;
  private final Requantizer ofAll;
  private final RequantizeTable spread;
  private final RequantizeTable periodic;
  private final int[] spreadOffsets;
  private final int[] periodicOffsets;

  RequantizeKernel(RequantizeSpec spec, Plan plan, Arena arena, Width width) {
    super(spec, plan, arena, spec.channels(), width);
    this.spec = spec;
    this.ofOne = width.requantizer(spec.output().recipe(), 0);
    this.ofAll = width.requantizer(spec.output().recipe(), 1);
    boolean many = spec.channels() > 1;
    Channels one = new Channels.Spread(spec.channels());
    Channels all = new Channels.Periodic(spec.channels());
    this.spread = new RequantizeTable(spec.output(), spec.bias(), one);
    this.periodic = many ? new RequantizeTable(spec.output(), spec.bias(), all) : null;
    boolean offset = spec.inputZeroPoint() != 0 || spec.bias() instanceof Bias.Int32;
    this.spreadOffsets = offset ? Tables.ints(one, this::offset) : null;
    this.periodicOffsets = offset && many ? Tables.ints(all, this::offset) : null;
  }

  private int offset(int channel) {
    return (spec.bias() instanceof Bias.Int32 b ? b.at(channel) : 0) - spec.inputZeroPoint();
  }

  @Override
  void applyPeriodic(Workspace w, int channel, int count) {
    widen(w, count);
    if (periodicOffsets != null) {
      width.quantizer.add(periodicOffsets, channel, 1, w.acc, count);
    }
    ofAll.requantize(periodic, channel, w.acc, w.out, 0, count);
  }

  @Override
  void applyOne(Workspace w, int channel, int count) {
    int entry = channel * Channels.VECTOR;
    widen(w, count);
    if (spreadOffsets != null) {
      width.quantizer.add(spreadOffsets, entry, 0, w.acc, count);
    }
    ofOne.requantize(spread, entry, w.acc, w.out, 0, count);
  }

  private void widen(Workspace w, int count) {
    if (spec.inputType() != ElementType.S32) {
      width.quantizer.widen(w.stage, spec.inputType() == ElementType.U8, w.acc, count);
    }
  }
}
