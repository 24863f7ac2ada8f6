package dev.octavo;

import java.util.Objects;

/**
 * Matrix multiply with quantized operands:
 *
 * <pre>
 *   acc[m,n] = Σ_k (lhs[m,k] − zl)·(rhs[n,k] − zr[n]) + bias[n]      modulo 2^32
 *   dst[m,n] = output(acc[m,n])
 * </pre>
 *
 * lhs (activations) has m rows of k, rhs (weights) n rows of k in whatever order its strides say,
 * dst m rows of n. m is given with each run, see {@link Shape.Rows}.
 *
 * <p>Accumulation wraps modulo 2<sup>32</sup>: with the worst operands, zero points included, the
 * true sum can leave 32 bits from k = 33,026 on (u8·s8 with zero points at the ends); up to there
 * bits and truth are the same. k = 0 is allowed and gives the bias.
 *
 * @param n output channels, at least 0
 * @param k length of the sums, at least 0
 * @param lhsType {@link ElementType#U8} or {@link ElementType#S8}
 * @param rhsType {@link ElementType#U8} or {@link ElementType#S8}, independent of lhsType
 * @param lhs where zl comes from; fixed ones lie in the range of lhsType
 * @param rhsZeroPoints zr, 1 or n, in the range of rhsType
 * @param output what is written; multipliers and scales 1 or n
 */
public record GemmSpec(
    int n,
    int k,
    ElementType lhsType,
    ElementType rhsType,
    LhsQuantization lhs,
    ZeroPoints rhsZeroPoints,
    Output output)
    implements Spec {
  public GemmSpec {
    Checks.atLeast("n", n, 0);
    Checks.atLeast("k", k, 0);
    checkProduct(n, lhsType, rhsType, lhs, rhsZeroPoints, output);
  }

  /** u8 · s8 with zero points 0 and int32 output; refine it with the {@code with…} methods. */
  public static GemmSpec of(int n, int k) {
    return new GemmSpec(
        n,
        k,
        ElementType.U8,
        ElementType.S8,
        LhsQuantization.NONE,
        ZeroPoints.ZERO,
        Output.ACCUMULATORS);
  }

  /** The same with another lhs. */
  public GemmSpec withLhs(ElementType type, LhsQuantization quantization) {
    return new GemmSpec(n, k, type, rhsType, quantization, rhsZeroPoints, output);
  }

  /** The same with another fixed lhs zero point. */
  public GemmSpec withLhs(ElementType type, int zeroPoint) {
    return withLhs(type, LhsQuantization.zeroPoint(zeroPoint));
  }

  /** The same with another rhs. */
  public GemmSpec withRhs(ElementType type, ZeroPoints zeroPoints) {
    return new GemmSpec(n, k, lhsType, type, lhs, zeroPoints, output);
  }

  /** The same with another rhs and zero point 0. */
  public GemmSpec withRhs(ElementType type) {
    return withRhs(type, ZeroPoints.ZERO);
  }

  /** The same with operands quantized so; the lhs per tensor. */
  public GemmSpec withOperands(Quantization lhs, Quantization rhs) {
    return withLhs(lhs.type(), new LhsQuantization.Fixed(lhs.zeroPoint("lhs"), lhs.scale("lhs")))
        .withRhs(rhs.type(), rhs.zeroPoints());
  }

  /** The same with another output. */
  public GemmSpec withOutput(Output output) {
    return new GemmSpec(n, k, lhsType, rhsType, lhs, rhsZeroPoints, output);
  }

  /** The dense shape of m rows: lhs rows k bytes apart, dst rows n elements apart. */
  public Shape.Rows rows(long m) {
    return new Shape.Rows(m, k, Checks.product("dst row bytes", n, outputType().bytes()));
  }

  @Override
  public ElementType inputType() {
    return lhsType;
  }

  @Override
  public ElementType outputType() {
    return output.type();
  }

  /** The checks that a GEMM and a convolution share. */
  static void checkProduct(
      int channels,
      ElementType lhsType,
      ElementType rhsType,
      LhsQuantization lhs,
      ZeroPoints rhsZeroPoints,
      Output output) {
    lhsType.require8Bit("lhs type");
    rhsType.require8Bit("rhs type");
    Objects.requireNonNull(lhs, "lhs");
    Objects.requireNonNull(rhsZeroPoints, "rhsZeroPoints");
    Objects.requireNonNull(output, "output");
    if (lhs instanceof LhsQuantization.Fixed fixed) {
      lhsType.requireInRange("lhs zero point", fixed.zeroPoint());
    }
    Checks.perChannel("rhs zero points", rhsZeroPoints.count(), channels);
    rhsZeroPoints.requireInRange("rhs zero point", rhsType);
    switch (output) {
      case Output.Accumulators a -> {}
      case Output.Requantized r ->
          Checks.perChannel("multipliers", r.multipliers().count(), channels);
      case Output.Dequantized d -> Checks.perChannel("rhs scales", d.rhsScales().count(), channels);
    }
  }
}
