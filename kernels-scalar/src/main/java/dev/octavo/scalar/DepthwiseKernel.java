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
 *   acc[o] = bias[o] + Σ_tap lhs[tap][o / multiplier] · filter[tap][o]
 * </pre>
 */
final class DepthwiseKernel extends ProductKernel {
  private final ConvSpec spec;
  private final Images images;
  private final int multiplier;

  DepthwiseKernel(ConvSpec spec, Plan plan, Weights weights, Arena arena) {
    super(
        spec,
        plan,
        arena,
        Filters.of(spec, Filters.tapsLayout(spec), weights, arena),
        new Blocks(spec.k(), 1, spec.outChannels(), spec.groupOutChannels()));
    this.spec = spec;
    this.images = new Images(spec, new OutputStage(spec.output(), weights.bias()));
    this.multiplier = spec.groupOutChannels();
  }

  @Override
  Strip arrays(Blocks blocks) {
    int taps = blocks.k();
    int rows = blocks.maxRows();
    int out = blocks.maxChannels();
    int in = out / blocks.quantum();
    return new Strip(out, new int[rows * taps][in], new int[taps][out], new int[rows][out]);
  }

  @Override
  long rows(Shape shape) {
    return images.pixels((Shape.Image) shape);
  }

  @Override
  void load(Shape shape, MemorySegment input, LhsParameters lhs, Strip strip, int r) {
    int from = strip.channel / multiplier;
    int channels = strip.channels / multiplier;
    images.load((Shape.Image) shape, input, lhs, strip, r, from, channels, true);
  }

  @Override
  void multiply(Strip strip) {
    filters.widenTaps(strip);
    for (int r = 0; r < strip.rows; r++) {
      int[] acc = strip.acc[r];
      for (int o = 0; o < strip.channels; o++) {
        acc[o] = filters.bias(strip.channel + o);
      }
      for (int tap = 0; tap < spec.k(); tap++) {
        multiplyTap(strip.lhs[r * spec.k() + tap], strip.filter[tap], acc, strip.channels);
      }
    }
  }

  private void multiplyTap(int[] lhs, int[] filter, int[] acc, int channels) {
    if (multiplier == 1) {
      for (int o = 0; o < channels; o++) {
        acc[o] += lhs[o] * filter[o];
      }
    } else {
      for (int o = 0; o < channels; o++) {
        acc[o] += lhs[o / multiplier] * filter[o];
      }
    }
  }

  @Override
  void store(Shape shape, MemorySegment output, LhsParameters lhs, Strip strip, int r) {
    images.store((Shape.Image) shape, output, lhs, strip, r);
  }
}
