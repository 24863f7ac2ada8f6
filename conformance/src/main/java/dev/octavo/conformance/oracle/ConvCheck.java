package dev.octavo.conformance.oracle;

/**
 * Checks the accumulators of a convolution too big for {@link ConvOracle}, exactly, as {@link
 * ProductCheck} does those of a GEMM.
 */
public final class ConvCheck {
  private ConvCheck() {}

  /**
   * Whether {@code acc}, in order batch, y, x, channel, can be that convolution, at the cost of one
   * output channel for each group: the channels of a group are added up, each multiplied by its
   * {@code probe}, once in the filter and once in {@code acc}, modulo 2^32. With odd random probes
   * a single wrong channel of a pixel never passes, several do with a chance of 2^-32.
   */
  public static boolean agrees(
      ConvOracle.Extents e,
      ConvOracle.Tensor image,
      int zl,
      ConvOracle.Tensor filter,
      GemmOracle.Vector zr,
      int[] acc,
      GemmOracle.Vector probe) {
    int outGroup = e.outChannels() / e.groups();
    int[][][][] sums = new int[e.groups()][e.h().kernel()][e.w().kernel()][e.inGroup()];
    for (int o = 0; o < e.outChannels(); o++) {
      for (int r = 0; r < e.h().kernel(); r++) {
        for (int s = 0; s < e.w().kernel(); s++) {
          for (int i = 0; i < e.inGroup(); i++) {
            sums[o / outGroup][r][s][i] += (filter.at(o, r, s, i) - zr.at(o)) * probe.at(o);
          }
        }
      }
    }
    ConvOracle.Extents probed =
        new ConvOracle.Extents(e.batch(), e.h(), e.w(), e.inGroup(), e.groups(), e.groups());
    int[] left = new int[acc.length / outGroup];
    for (int cell = 0; cell < acc.length; cell++) {
      left[cell / outGroup] += acc[cell] * probe.at(cell % e.outChannels());
    }
    return java.util.Arrays.equals(
        left, ConvOracle.accumulators(probed, image, zl, (g, r, s, i) -> sums[g][r][s][i], g -> 0));
  }
}
