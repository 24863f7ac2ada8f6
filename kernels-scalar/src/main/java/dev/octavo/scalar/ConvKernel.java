package dev.octavo.scalar;

import dev.octavo.ConvSpec;
import dev.octavo.LhsParameters;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A convolution is a GEMM: a row is the patch under the window for one output pixel, k its taps and
 * the channels of its group. Only the patches of one strip exist at a time.
 */
final class ConvKernel extends ProductKernel {
  private final ConvSpec spec;
  private final Images images;

  ConvKernel(ConvSpec spec, Plan plan, Weights weights, Arena arena) {
    super(
        spec,
        plan,
        arena,
        Filters.of(spec, Filters.rowsLayout(spec.outChannels(), spec.k()), weights, arena),
        new Blocks(spec.k(), spec.groups(), spec.groupOutChannels(), 1));
    this.spec = spec;
    this.images = new Images(spec, new OutputStage(spec.output(), weights.bias()));
  }

  @Override
  long rows(Shape shape) {
    return images.pixels((Shape.Image) shape);
  }

  @Override
  void load(Shape shape, MemorySegment input, LhsParameters lhs, Strip strip, int r) {
    int group = strip.channel / spec.groupOutChannels();
    int channels = spec.groupInChannels();
    images.load((Shape.Image) shape, input, lhs, strip, r, group * channels, channels, false);
  }

  @Override
  void store(Shape shape, MemorySegment output, LhsParameters lhs, Strip strip, int r) {
    images.store((Shape.Image) shape, output, lhs, strip, r);
  }
}
