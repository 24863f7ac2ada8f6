package dev.octavo;

/**
 * What the input decides: its extents, and where its rows and those of the output lie. All strides
 * are in bytes. A shape belongs to a kind of spec: {@link Rows} to {@link GemmSpec}, {@link Image}
 * to {@link ConvSpec}, {@link Elements} to the elementwise specs.
 */
public sealed interface Shape {
  /**
   * m rows of a GEMM.
   *
   * @param m rows, at least 0
   * @param lhsStride bytes from one lhs row to the next, at least k
   * @param dstStride bytes from one dst row to the next, at least n elements
   */
  record Rows(long m, long lhsStride, long dstStride) implements Shape {
    public Rows {
      Checks.atLeast("m", m, 0);
      Checks.atLeast("lhs stride", lhsStride, 0);
      Checks.atLeast("dst stride", dstStride, 0);
    }
  }

  /**
   * A batch of images for a convolution.
   *
   * @param batch images, at least 0
   * @param height of an input image, at least 1; 1 for a 1-D convolution
   * @param width of an input image, at least 1
   * @param input where the input elements lie
   * @param output where the output elements lie
   */
  record Image(long batch, int height, int width, Strides input, Strides output) implements Shape {
    public Image {
      Checks.atLeast("batch", batch, 0);
      Checks.atLeast("image height", height, 1);
      Checks.atLeast("image width", width, 1);
      java.util.Objects.requireNonNull(input, "input strides");
      java.util.Objects.requireNonNull(output, "output strides");
    }
  }

  /**
   * Elements for an elementwise spec with c channels, as rows [outer][c][inner]: row r, channel j,
   * position i is at r·stride + (j·inner + i)·elementBytes. A per-tensor spec has c = 1. A
   * channels-last tensor has inner = 1; a per-axis operator has outer = the product of the extents
   * before the axis, inner = the product of those after it.
   *
   * @param outer rows, at least 0
   * @param inner elements of one channel in one row, at least 0
   * @param inputStride bytes from one input row to the next, at least c·inner elements
   * @param outputStride bytes from one output row to the next, at least c·inner elements
   */
  record Elements(long outer, long inner, long inputStride, long outputStride) implements Shape {
    public Elements {
      Checks.atLeast("outer", outer, 0);
      Checks.atLeast("inner", inner, 0);
      Checks.atLeast("input stride", inputStride, 0);
      Checks.atLeast("output stride", outputStride, 0);
    }
  }
}
