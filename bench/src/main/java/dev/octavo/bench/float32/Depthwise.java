package dev.octavo.bench.float32;

import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Problem;
import java.util.Optional;

/** What the depthwise kernels share. */
final class Depthwise {

  private Depthwise() {}

  /** The problem as a depthwise convolution with one filter for each channel, if it is that. */
  static Optional<Conv> of(Problem problem) {
    return problem instanceof Conv c && c.isDepthwise() && c.outChannels() == c.channels()
        ? Optional.of(c)
        : Optional.empty();
  }

  /** Filters channel by channel become filters tap by tap, as an NHWC image is read. */
  static float[] tapsFirst(Conv conv, float[] weights) {
    int taps = conv.depth();
    float[] filter = new float[weights.length];
    for (int channel = 0; channel < conv.channels(); channel++) {
      for (int tap = 0; tap < taps; tap++) {
        filter[tap * conv.channels() + channel] = weights[channel * taps + tap];
      }
    }
    return filter;
  }
}
