package dev.octavo.scalar;

import dev.octavo.FakeQuantizeSpec;
import dev.octavo.Norm;
import dev.octavo.Plan;
import java.lang.foreign.Arena;

/** out = in after a round trip through the integers of a grid. */
final class FakeQuantizeKernel extends ElementwiseKernel {
  private final FakeQuantizeSpec.Grid grid;

  FakeQuantizeKernel(FakeQuantizeSpec spec, Plan plan, Arena arena) {
    super(spec, plan, arena, spec.grid().channels());
    this.grid = spec.grid();
  }

  @Override
  void apply(Chunk chunk, int from, int to, int c, int step) {
    switch (grid) {
      case FakeQuantizeSpec.Affine g -> affine(g, chunk.floats, from, to, c, step);
      case FakeQuantizeSpec.Levels g -> levels(g, chunk.floats, from, to, c, step);
    }
  }

  private static void affine(
      FakeQuantizeSpec.Affine g, float[] values, int from, int to, int c, int step) {
    for (int i = from; i < to; i++) {
      int channel = c + (i - from) * step;
      float scale = g.scales().at(channel);
      int zero = g.zeroPoints().at(channel);
      values[i] = Norm.fakeQuantize(g.rule(), values[i], scale, zero, g.min(), g.max());
    }
  }

  private static void levels(
      FakeQuantizeSpec.Levels g, float[] values, int from, int to, int c, int step) {
    for (int i = from; i < to; i++) {
      int channel = c + (i - from) * step;
      values[i] =
          Norm.fakeQuantizeLevels(
              values[i],
              g.inputLow(channel),
              g.inputHigh(channel),
              g.outputLow(channel),
              g.outputHigh(channel),
              g.levels());
    }
  }
}
