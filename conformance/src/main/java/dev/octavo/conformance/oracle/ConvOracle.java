package dev.octavo.conformance.oracle;

/**
 * {@code acc[b,y,x,o] = Σ_{r,s,i} (input[b, y·strideH + r·dilationH − padTop, x·strideW +
 * s·dilationW − padLeft, g·I + i] − zl)·(filter[o,r,s,i] − zr[o])}, modulo 2^32, where {@code g = o
 * / (outChannels / groups)}, {@code I = inChannels / groups} and a tap outside the image adds
 * nothing. Summed in 64 bits and reduced once at the end.
 */
public final class ConvOracle {
  private ConvOracle() {}

  /**
   * One element of a tensor that the oracle reads: image[batch, y, x, channel] or filter[out, r, s,
   * in].
   */
  @FunctionalInterface
  public interface Tensor {
    int at(int first, int y, int x, int last);
  }

  /** What a convolution does along one axis. */
  public record Axis(
      int extent, int kernel, int stride, int dilation, int padBefore, int padAfter) {
    int outputs() {
      return Math.floorDiv(extent + padBefore + padAfter - (kernel - 1) * dilation - 1, stride) + 1;
    }
  }

  /** The accumulators in order batch, y, x, channel, without bias. */
  public static int[] accumulators(
      int batch,
      Axis h,
      Axis w,
      int inGroup,
      int outChannels,
      int groups,
      Tensor image,
      int zl,
      Tensor filter,
      GemmOracle.Vector zr) {
    int[] acc = new int[batch * h.outputs() * w.outputs() * outChannels];
    int cell = 0;
    for (int b = 0; b < batch; b++) {
      for (int y = 0; y < h.outputs(); y++) {
        for (int x = 0; x < w.outputs(); x++) {
          for (int o = 0; o < outChannels; o++) {
            int firstChannel = o / (outChannels / groups) * inGroup;
            long sum = 0;
            for (int r = 0; r < h.kernel; r++) {
              int row = y * h.stride + r * h.dilation - h.padBefore;
              for (int s = 0; s < w.kernel; s++) {
                int column = x * w.stride + s * w.dilation - w.padBefore;
                if (row >= 0 && row < h.extent && column >= 0 && column < w.extent) {
                  for (int i = 0; i < inGroup; i++) {
                    long pixel = image.at(b, row, column, firstChannel + i) - zl;
                    sum += pixel * (filter.at(o, r, s, i) - zr.at(o));
                  }
                }
              }
            }
            acc[cell++] = (int) sum;
          }
        }
      }
    }
    return acc;
  }
}
