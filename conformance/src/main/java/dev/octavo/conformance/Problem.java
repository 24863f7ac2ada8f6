package dev.octavo.conformance;

import dev.octavo.Shape;
import dev.octavo.Spec;

/**
 * One computation, complete: all that decides its answer. Where the operands live and how the work
 * is cut up are {@link Circumstances}, which decide nothing.
 *
 * @param spec what to compute
 * @param filter weights and bias; {@link Filter#NONE} for the elementwise specs
 * @param shape where input and output cells lie
 * @param input all input bytes, whatever lies between the cells included
 * @param lhsScales run-time scales that the spec asks for, else none
 * @param lhsZeroPoints run-time zero points that the spec asks for, else none
 */
public record Problem(
    Spec spec, Filter filter, Shape shape, byte[] input, float[] lhsScales, int[] lhsZeroPoints) {
  private static final float[] NO_SCALES = {};
  private static final int[] NO_ZERO_POINTS = {};

  /** A problem without run-time parameters. */
  public Problem(Spec spec, Filter filter, Shape shape, byte[] input) {
    this(spec, filter, shape, input, NO_SCALES, NO_ZERO_POINTS);
  }

  /** An elementwise problem. */
  public Problem(Spec spec, Shape shape, byte[] input) {
    this(spec, Filter.NONE, shape, input);
  }

  /** What the oracles answer. */
  public Answer answer() {
    return Oracles.answer(this);
  }

  /**
   * What the oracles answer if the accumulators of this GEMM or convolution before its bias are
   * those, in the order of the output's cells.
   */
  public Answer answer(int[] products) {
    return Oracles.answer(this, products);
  }

  /**
   * The accumulators of a GEMM or convolution before its bias, in the order of the output's cells.
   */
  public int[] products() {
    return new Products(this).all();
  }

  /** Those of one row of a GEMM, or of one pixel of a convolution. */
  public int[] products(int line) {
    return new Products(this).line(line);
  }

  /**
   * Whether these can be {@link #products()}: a wrong set passes with a chance of about 2^-32. Much
   * cheaper than computing them.
   */
  public boolean areProducts(int[] acc, long seed) {
    return new Products(this).agree(acc, seed);
  }

  /** Where the input's cells lie. */
  public Grid inputGrid() {
    return Grid.input(spec, shape);
  }

  /** Where the output's cells lie. */
  public Grid outputGrid() {
    return Grid.output(spec, shape);
  }

  @Override
  public String toString() {
    return spec + " with bias " + filter.bias() + " on " + shape;
  }
}
