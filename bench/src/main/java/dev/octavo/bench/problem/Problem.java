package dev.octavo.bench.problem;

/** A matrix product or a convolution: extents only, no numbers and no number formats. */
public sealed interface Problem permits Gemm, Conv {

  /** {@code gemm} or {@code conv}, as written in results. */
  String kind();

  /** The extents in the grammar of {@link ShapeGrammar}, which reads this text back. */
  String text();

  /**
   * Multiply-adds of the whole problem; taps that fall on padding are counted, as everyone does.
   */
  long multiplyAdds();

  /** Number of weights: the elements of rhs. */
  long weights();

  /** Elements of the activations that go in. */
  long inputElements();

  /** Elements of the activations that come out. */
  long outputElements();

  /** Number of output channels: columns of a product, filters of a convolution. */
  int outputChannels();

  /**
   * Operations as benchmarks count them, a multiplication and an addition for each multiply-add.
   */
  default double operations() {
    return 2.0 * multiplyAdds();
  }
}
