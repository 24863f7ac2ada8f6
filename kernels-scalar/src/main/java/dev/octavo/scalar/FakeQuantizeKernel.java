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
  void apply(Chunk chunk, int from, int to, int channel) {
    switch (grid) {
      case FakeQuantizeSpec.Affine g -> affine(g, chunk.floats, from, to, channel);
      case FakeQuantizeSpec.Levels g -> levels(g, chunk.floats, from, to, channel);
    }
  }

  private static void affine(
      FakeQuantizeSpec.Affine g, float[] values, int from, int to, int channel) {
    float scale = g.scales().at(channel);
    int zero = g.zeroPoints().at(channel);
    for (int i = from; i < to; i++) {
      values[i] = Norm.fakeQuantize(g.rule(), values[i], scale, zero, g.min(), g.max());
    }
  }

  private static void levels(
      FakeQuantizeSpec.Levels g, float[] values, int from, int to, int channel) {
    float inLow = g.inputLow(channel);
    float inHigh = g.inputHigh(channel);
    float outLow = g.outputLow(channel);
    float outHigh = g.outputHigh(channel);
    for (int i = from; i < to; i++) {
      values[i] = Norm.fakeQuantizeLevels(values[i], inLow, inHigh, outLow, outHigh, g.levels());
    }
  }
}
