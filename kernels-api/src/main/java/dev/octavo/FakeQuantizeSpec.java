package dev.octavo;

import java.util.Arrays;
import java.util.Objects;

/**
 * float32 to float32 through a grid of integers, as quantization-aware training simulates
 * quantization.
 *
 * @param grid which values are representable
 */
public record FakeQuantizeSpec(Grid grid) implements Spec {
  public FakeQuantizeSpec {
    Objects.requireNonNull(grid, "grid");
  }

  /** The values that remain after a round trip. */
  public sealed interface Grid {
    /** Channels of the per-channel axis; 1 for none. */
    int channels();
  }

  /**
   * out = {@link Norm#fakeQuantize}(rule, in, scale[c], zeroPoint[c], min, max). PyTorch's
   * fake_quantize_per_tensor_affine and _per_channel_affine are {@link
   * QuantizeRule#MULTIPLY_HALF_EVEN}.
   *
   * @param scales 1, or one per channel
   * @param zeroPoints 1, or one per channel, in [min, max]
   * @param min lowest integer, at least −65536
   * @param max highest integer, at least min, at most 65536
   * @param rule which arithmetic
   */
  public record Affine(Scales scales, ZeroPoints zeroPoints, int min, int max, QuantizeRule rule)
      implements Grid {
    private static final int BOUND = 1 << 16;

    public Affine {
      Objects.requireNonNull(rule, "rule");
      Checks.channels(scales, zeroPoints);
      if (min < -BOUND || max > BOUND || min > max) {
        throw new IllegalArgumentException(
            "the grid [" + min + ", " + max + "] must be ascending and within ±" + BOUND);
      }
      for (int c = 0; c < zeroPoints.count(); c++) {
        int z = zeroPoints.at(c);
        if (z < min || z > max) {
          throw new IllegalArgumentException(
              "zero point[" + c + "] " + z + " is outside the grid [" + min + ", " + max + "]");
        }
      }
    }

    @Override
    public int channels() {
      return Checks.channels(scales, zeroPoints);
    }
  }

  /**
   * out = {@link Norm#fakeQuantizeLevels}(in, il[c], ih[c], ol[c], oh[c], levels): OpenVINO's
   * FakeQuantize. All limits finite; each array has 1 or one value per channel, all of one length.
   */
  public static final class Levels implements Grid {
    private final float[] limits;
    private final int channels;
    private final int levels;

    /**
     * Creates a grid of equal steps.
     *
     * @throws IllegalArgumentException if lengths differ, a limit is not finite, il = ih, or levels
     *     is not in [2, 65536]
     */
    public Levels(
        float[] inputLow, float[] inputHigh, float[] outputLow, float[] outputHigh, int levels) {
      this.channels = inputLow.length;
      this.levels = levels;
      this.limits = new float[4 * channels];
      if (levels < 2 || levels > 65536) {
        throw new IllegalArgumentException("levels must be in [2, 65536], not " + levels);
      }
      if (channels == 0
          || inputHigh.length != channels
          || outputLow.length != channels
          || outputHigh.length != channels) {
        throw new IllegalArgumentException(
            "limits must be of one length above 0, not "
                + channels
                + ", "
                + inputHigh.length
                + ", "
                + outputLow.length
                + ", "
                + outputHigh.length);
      }
      for (int c = 0; c < channels; c++) {
        limits[4 * c] = inputLow[c];
        limits[4 * c + 1] = inputHigh[c];
        limits[4 * c + 2] = outputLow[c];
        limits[4 * c + 3] = outputHigh[c];
        if (inputLow[c] == inputHigh[c]) {
          throw new IllegalArgumentException("input range " + c + " is empty: " + inputLow[c]);
        }
      }
      for (float limit : limits) {
        if (!Float.isFinite(limit)) {
          throw new IllegalArgumentException("limits must be finite, not " + limit);
        }
      }
    }

    @Override
    public int channels() {
      return channels;
    }

    /** Number of representable values. */
    public int levels() {
      return levels;
    }

    /** il of a channel. */
    public float inputLow(int channel) {
      return limits[4 * index(channel)];
    }

    /** ih of a channel. */
    public float inputHigh(int channel) {
      return limits[4 * index(channel) + 1];
    }

    /** ol of a channel. */
    public float outputLow(int channel) {
      return limits[4 * index(channel) + 2];
    }

    /** oh of a channel. */
    public float outputHigh(int channel) {
      return limits[4 * index(channel) + 3];
    }

    private int index(int channel) {
      return channels == 1 ? 0 : channel;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Levels that
          && levels == that.levels
          && Arrays.equals(limits, that.limits);
    }

    @Override
    public int hashCode() {
      return 31 * levels + Arrays.hashCode(limits);
    }

    @Override
    public String toString() {
      return "Levels[levels=" + levels + ", limits=" + Arrays.toString(limits) + "]";
    }
  }

  /** A dense shape of outer rows. */
  public Shape.Elements elements(long outer, long inner) {
    return Extents.denseElements(grid.channels(), outer, inner, inputType(), outputType());
  }

  @Override
  public ElementType inputType() {
    return ElementType.F32;
  }

  @Override
  public ElementType outputType() {
    return ElementType.F32;
  }
}
