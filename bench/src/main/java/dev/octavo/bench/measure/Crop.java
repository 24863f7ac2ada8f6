package dev.octavo.bench.measure;

import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;

/** Smaller problems of the same kind, to check slow contenders on. */
public final class Crop {

  /** Multiply-adds of the smaller problem, about. */
  private static final long CROPPED = 16_000_000;

  private Crop() {}

  /** The same problem with fewer rows of lhs, or a lower image, so that it is quickly done. */
  public static Problem of(Problem problem) {
    double share = Math.min(1, CROPPED / (double) problem.multiplyAdds());
    return switch (problem) {
      case Gemm g -> new Gemm(Math.max(1, (int) (g.m() * share)), g.n(), g.k());
      case Conv c -> {
        int rows = Math.max(1, (int) (c.outHeight() * share));
        int reach = (c.window().kernelHeight() - 1) * c.window().dilationHeight() + 1;
        int height = Math.min(c.height(), (rows - 1) * c.window().strideHeight() + reach);
        yield new Conv(1, c.channels(), height, c.width(), c.outChannels(), c.window(), c.groups());
      }
    };
  }

  /** Rows of the output: pixels of a convolution. */
  static double rows(Problem problem) {
    return problem.outputElements() / (double) problem.outputChannels();
  }
}
