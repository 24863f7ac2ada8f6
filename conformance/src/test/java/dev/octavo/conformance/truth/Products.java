package dev.octavo.conformance.truth;

import dev.octavo.Window;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Random problems. jqwik draws (and shrinks) extents, operand types and a seed; everything else
 * follows from the seed.
 */
public final class Products {
  private Products() {}

  /** Kinds of convolution. */
  public enum Kind {
    DENSE,
    GROUPED,
    DEPTHWISE,
    ONE_DIMENSIONAL
  }

  /** What padding a library can express. */
  public enum Padding {
    /** Four independent numbers. */
    EXPLICIT,
    /** One number per axis. */
    SYMMETRIC,
    /** TensorFlow's SAME (as much as keeps ⌈input / stride⌉ outputs, the odd one after) or none. */
    SAME_OR_VALID,
    /** The same, but strides no larger than the dilated kernel where the padding is SAME. */
    SAME_WITHOUT_GAPS_OR_VALID
  }

  /** GEMMs with weights as k rows of n, or n rows of k. */
  public static Arbitrary<GemmProduct> gemms(boolean rowsOfN, Operands... operands) {
    Arbitrary<Integer> depths =
        Arbitraries.frequencyOf(
            Tuple.of(12, Arbitraries.integers().between(1, 80)),
            Tuple.of(1, Arbitraries.integers().between(500, 1200)));
    return Combinators.combine(
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(1, 40),
            depths,
            Arbitraries.of(operands).withoutEdgeCases(),
            Arbitraries.longs().withoutEdgeCases())
        .as((m, n, k, o, seed) -> gemm(m, n, k, rowsOfN, o, seed));
  }

  private static GemmProduct gemm(
      int m, int n, int k, boolean rowsOfN, Operands operands, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int zl = Operands.zeroPoint(random, operands.lhs().min(), operands.lhs().max());
    int[] zr = operands.rhsZeroPoints(random, n);
    Tensor lhs =
        Operands.fill(random, operands.lhs(), operands.lhs().min(), operands.lhs().max(), zl, m, k);
    long[] extents = rowsOfN ? new long[] {k, n} : new long[] {n, k};
    Tensor rhs =
        Operands.fill(random, operands.rhs(), operands.rhsMin(), operands.rhsMax(), zr[0], extents);
    return new GemmProduct(m, n, k, lhs, zl, rhs, rowsOfN, zr, seed);
  }

  /** Convolutions of one kind. */
  public static Arbitrary<ConvProduct> convs(
      Kind kind, ConvProduct.Layout layout, Padding padding, Operands... operands) {
    return Combinators.combine(
            Arbitraries.integers().between(1, 12),
            Arbitraries.integers().between(1, 12),
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(1, 20),
            Arbitraries.of(operands).withoutEdgeCases(),
            Arbitraries.longs().withoutEdgeCases())
        .as(
            (height, width, in, out, o, seed) ->
                conv(kind, layout, padding, height, width, in, out, o, seed));
  }

  private static ConvProduct conv(
      Kind kind,
      ConvProduct.Layout layout,
      Padding padding,
      int heightBound,
      int width,
      int in,
      int out,
      Operands operands,
      long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int height = kind == Kind.ONE_DIMENSIONAL ? 1 : heightBound;
    Window window = window(kind, padding, height, width, random);
    int groups =
        switch (kind) {
          case GROUPED -> 2 + random.nextInt(3);
          case DEPTHWISE -> in;
          default -> 1;
        };
    // Grouped: at least two input channels in a group, so that it is no depthwise convolution.
    int inChannels = kind == Kind.GROUPED ? groups * (2 + in % 4) : in;
    int channels =
        switch (kind) {
          case GROUPED -> groups * (1 + out % 5);
          case DEPTHWISE -> in * (1 + out % 3);
          default -> out;
        };
    int batch = 1 + random.nextInt(2);
    int zl = Operands.zeroPoint(random, operands.lhs().min(), operands.lhs().max());
    int[] zr = operands.rhsZeroPoints(random, channels);
    boolean first = layout == ConvProduct.Layout.FIRST;
    long[] image =
        first
            ? new long[] {batch, inChannels, height, width}
            : new long[] {batch, height, width, inChannels};
    Tensor lhs =
        Operands.fill(
            random, operands.lhs(), operands.lhs().min(), operands.lhs().max(), zl, image);
    long kh = window.kernelHeight();
    long kw = window.kernelWidth();
    long i = inChannels / groups;
    long[] filter =
        switch (layout) {
          case FIRST -> new long[] {channels, i, kh, kw};
          case LAST -> new long[] {channels, kh, kw, i};
          case LAST_HWIO -> new long[] {i, kh, kw, channels};
        };
    Tensor rhs =
        Operands.fill(random, operands.rhs(), operands.rhsMin(), operands.rhsMax(), zr[0], filter);
    return new ConvProduct(
        batch, height, width, inChannels, channels, groups, window, layout, lhs, zl, rhs, zr, seed);
  }

  private static Window window(
      Kind kind, Padding padding, int height, int width, SplittableRandom random) {
    boolean flat = kind == Kind.ONE_DIMENSIONAL;
    boolean same = random.nextBoolean();
    int[] y = flat ? new int[] {1, 1, 1, 0, 0} : axis(height, padding, same, random);
    int[] x = axis(width, padding, same, random);
    return new Window(y[0], x[0], y[1], x[1], y[2], x[2], y[3], x[3], y[4], x[4]);
  }

  /** Kernel, stride, dilation, padding before and after, such that there is an output. */
  private static int[] axis(int extent, Padding padding, boolean same, SplittableRandom random) {
    int kernel = 1 + random.nextInt(4);
    int stride = 1 + random.nextInt(3);
    int dilation = kernel == 1 ? 1 : 1 + random.nextInt(3);
    int before = random.nextInt(kernel + 1);
    int after = padding == Padding.EXPLICIT ? random.nextInt(kernel + 1) : before;
    if (padding == Padding.SAME_WITHOUT_GAPS_OR_VALID && same) {
      stride = Math.min(stride, (kernel - 1) * dilation + 1);
    }
    if (padding == Padding.SAME_OR_VALID || padding == Padding.SAME_WITHOUT_GAPS_OR_VALID) {
      int outputs = (extent + stride - 1) / stride;
      int total = Math.max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - extent);
      before = same ? total / 2 : 0;
      after = same ? total - before : 0;
    }
    while ((kernel - 1) * dilation + 1 > extent + before + after) {
      if (dilation > 1) {
        dilation--;
      } else {
        kernel--;
      }
    }
    return new int[] {kernel, stride, dilation, before, after};
  }
}
