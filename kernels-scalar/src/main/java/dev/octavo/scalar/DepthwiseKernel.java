package dev.octavo.scalar;

import dev.octavo.ConvSpec;
import dev.octavo.LhsParameters;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Depthwise convolution: every output channel has a filter of one input channel. A sum has so few
 * products that the tile would mostly start and stop, so this kernel walks along the channels:
 *
 * <pre>
 *   acc[o] = bias[o] + Σ_tap lhs[tap, o / multiplier] · filter[tap, o]
 * </pre>
 */
final class DepthwiseKernel extends ProductKernel {
  private final ConvSpec spec;
  private final Images images;
  private final int multiplier;
  private final int taps;

  DepthwiseKernel(ConvSpec spec, Plan plan, Weights weights, Arena arena) {
    this(
        spec,
        plan,
        weights,
        arena,
        new Blocks(spec.k(), 1, spec.outChannels(), spec.groupOutChannels()));
  }

  private DepthwiseKernel(ConvSpec spec, Plan plan, Weights weights, Arena arena, Blocks blocks) {
    super(
        spec,
        plan,
        arena,
        Filters.of(spec, Filters.tapsLayout(spec), weights, arena),
        blocks,
        spec.k() * blocks.maxChannels() / spec.groupOutChannels(),
        spec.k() * blocks.maxChannels());
    this.spec = spec;
    this.images = new Images(spec, new OutputStage(spec.output(), weights.bias()));
    this.multiplier = spec.groupOutChannels();
    this.taps = spec.k();
  }

  @Override
  long rows(Shape shape) {
    return images.pixels((Shape.Image) shape);
  }

  @Override
  void load(Shape shape, MemorySegment input, LhsParameters lhs, int r, Strip strip) {
    int from = strip.channel / multiplier;
    images.load((Shape.Image) shape, input, lhs, r, from, strip.channels / multiplier, strip);
  }

  @Override
  void multiply(Strip strip) {
    int channels = strip.channels;
    filters.widenTaps(strip);
    for (int r = 0; r < strip.rows; r++) {
      int to = r * channels;
      for (int o = 0; o < channels; o++) {
        strip.acc[to + o] = filters.bias(strip.channel + o);
      }
      for (int tap = 0; tap < taps; tap++) {
        int from = (r * taps + tap) * (channels / multiplier);
        for (int o = 0; o < channels; o++) {
          strip.acc[to + o] += strip.lhs[from + o / multiplier] * strip.filter[tap * channels + o];
        }
      }
    }
  }

  @Override
  void store(Shape shape, MemorySegment output, LhsParameters lhs, int r, Strip strip) {
    images.store((Shape.Image) shape, output, lhs, r, strip);
  }
}
