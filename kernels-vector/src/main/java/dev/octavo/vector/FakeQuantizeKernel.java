package dev.octavo.vector;

import dev.octavo.FakeQuantizeSpec;
import dev.octavo.FakeQuantizeSpec.Affine;
import dev.octavo.FakeQuantizeSpec.Levels;
import dev.octavo.Plan;
import java.lang.foreign.Arena;

/** out = in after a round trip through the integers of a grid. */
final class FakeQuantizeKernel extends ElementwiseKernel {
  private final FakeQuantizeSpec.Grid grid;
  private final Tabled spread;
  private final Tabled periodic;

  /** The parameters of the grid: the one or the other. */
  private record Tabled(QuantizeTable affine, float[][] levels) {}

  FakeQuantizeKernel(FakeQuantizeSpec spec, Plan plan, Arena arena, Width width) {
    super(spec, plan, arena, spec.grid().channels(), width);
    this.grid = spec.grid();
    int channels = grid.channels();
    this.spread = tabled(new Channels.Spread(channels));
    this.periodic = channels > 1 ? tabled(new Channels.Periodic(channels)) : null;
  }

  private Tabled tabled(Channels channels) {
    return switch (grid) {
      case Affine g ->
          new Tabled(new QuantizeTable(g.scales(), g.zeroPoints(), g.rule(), channels), null);
      case Levels g ->
          new Tabled(
              null,
              new float[][] {
                Tables.floats(channels, g::inputLow),
                Tables.floats(channels, g::inputHigh),
                Tables.floats(channels, g::outputLow),
                Tables.floats(channels, g::outputHigh)
              });
    };
  }

  @Override
  void applyPeriodic(Workspace w, int channel, int count) {
    apply(w, periodic, channel, 1, count);
  }

  @Override
  void applyOne(Workspace w, int channel, int count) {
    apply(w, spread, channel * Channels.VECTOR, 0, count);
  }

  private void apply(Workspace w, Tabled t, int entry, int step, int count) {
    switch (grid) {
      case Affine g -> {
        w.limits[0] = g.min();
        w.limits[1] = g.max();
        QuantizeTable table = t.affine;
        width.quantizer.quantize(g.rule(), table, entry, step, w.limits, w.lhs, w.acc, count);
        width.quantizer.dequantize(table, entry, step, w.acc, w.lhs, count);
      }
      case Levels g -> width.quantizer.levels(t.levels, g.levels(), entry, step, w.lhs, count);
    }
  }
}
