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
    /** How many positions the window has. */
    public int outputs() {
      return Math.floorDiv(extent + padBefore + padAfter - (kernel - 1) * dilation - 1, stride) + 1;
    }
  }

  /** The extents of a convolution: inGroup channels are read for each of the outChannels. */
  public record Extents(int batch, Axis h, Axis w, int inGroup, int outChannels, int groups) {}

  /** The accumulators in order batch, y, x, channel, without bias. */
  public static int[] accumulators(
      Extents e, Tensor image, int zl, Tensor filter, GemmOracle.Vector zr) {
    Axis h = e.h;
    Axis w = e.w;
    int[] acc = new int[e.batch * h.outputs() * w.outputs() * e.outChannels];
    int cell = 0;
    for (int b = 0; b < e.batch; b++) {
      for (int y = 0; y < h.outputs(); y++) {
        for (int x = 0; x < w.outputs(); x++) {
          for (int o = 0; o < e.outChannels; o++) {
            int firstChannel = o / (e.outChannels / e.groups) * e.inGroup;
            int zro = zr.at(o);
            long sum = 0;
            for (int r = 0; r < h.kernel; r++) {
              int row = y * h.stride + r * h.dilation - h.padBefore;
              for (int s = 0; s < w.kernel; s++) {
                int column = x * w.stride + s * w.dilation - w.padBefore;
                if (row >= 0 && row < h.extent && column >= 0 && column < w.extent) {
                  for (int i = 0; i < e.inGroup; i++) {
                    long pixel = image.at(b, row, column, firstChannel + i) - zl;
                    sum += pixel * (filter.at(o, r, s, i) - zro);
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
