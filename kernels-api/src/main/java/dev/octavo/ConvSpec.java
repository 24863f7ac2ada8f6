package dev.octavo;

/**
 * Convolution with quantized operands, 2-D, or 1-D with height 1:
 *
 * <pre>
 *   acc[b,y,x,o] = Σ_{h,w,i} (in[b, y·sh + h·dh − top, x·sw + w·dw − left, g·I + i] − zl)
 *                          · (filter[o,h,w,i] − zr[o]) + bias[o]               modulo 2^32
 *   out[b,y,x,o] = output(acc[b,y,x,o])
 * </pre>
 *
 * where I = inChannels / groups, g = ⌊o / (outChannels / groups)⌋, and a tap outside the image
 * reads zl (it adds nothing). groups = inChannels is a depthwise convolution, with outChannels /
 * inChannels as its multiplier. Batch, height and width come with each run, see {@link
 * Shape.Image}.
 *
 * @param inChannels at least 1, a multiple of groups
 * @param outChannels at least 1, a multiple of groups
 * @param window kernel, stride, dilation and padding
 * @param groups at least 1
 * @param lhsType {@link ElementType#U8} or {@link ElementType#S8}
 * @param rhsType {@link ElementType#U8} or {@link ElementType#S8}, independent of lhsType
 * @param lhs where zl comes from; not per row
 * @param rhsZeroPoints zr, 1 or outChannels, in the range of rhsType
 * @param output what is written; multipliers and scales 1 or outChannels
 */
public record ConvSpec(
    int inChannels,
    int outChannels,
    Window window,
    int groups,
    ElementType lhsType,
    ElementType rhsType,
    LhsQuantization lhs,
    ZeroPoints rhsZeroPoints,
    Output output)
    implements Spec {

  public ConvSpec {
    Checks.atLeast("input channels", inChannels, 1);
    Checks.atLeast("output channels", outChannels, 1);
    Checks.atLeast("groups", groups, 1);
    if (inChannels % groups != 0 || outChannels % groups != 0) {
      throw new IllegalArgumentException(
          "groups "
              + groups
              + " must divide the "
              + inChannels
              + " input and "
              + outChannels
              + " output channels");
    }
    java.util.Objects.requireNonNull(window, "window");
    if (lhs instanceof LhsQuantization.PerRow) {
      throw new IllegalArgumentException(
          "a convolution has no lhs rows: quantize its input per tensor");
    }
    GemmSpec.checkProduct(outChannels, lhsType, rhsType, lhs, rhsZeroPoints, output);
    long k =
        Checks.product(
            "kernel extent", window.kernelHeight(), window.kernelWidth(), inChannels / groups);
    if (k > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a filter of " + k + " elements is too large");
    }
  }

  /**
   * u8 · s8, one group, zero points 0 and int32 output; refine it with the {@code with…} methods.
   */
  public static ConvSpec of(int inChannels, int outChannels, Window window) {
    return new ConvSpec(
        inChannels,
        outChannels,
        window,
        1,
        ElementType.U8,
        ElementType.S8,
        LhsQuantization.NONE,
        ZeroPoints.ZERO,
        Output.ACCUMULATORS);
  }

  /** The same with another number of groups. */
  public ConvSpec withGroups(int groups) {
    return new ConvSpec(
        inChannels, outChannels, window, groups, lhsType, rhsType, lhs, rhsZeroPoints, output);
  }

  /** The same with another input type and quantization. */
  public ConvSpec withLhs(ElementType type, LhsQuantization quantization) {
    return new ConvSpec(
        inChannels,
        outChannels,
        window,
        groups,
        type,
        rhsType,
        quantization,
        rhsZeroPoints,
        output);
  }

  /** The same with another input type and fixed zero point. */
  public ConvSpec withLhs(ElementType type, int zeroPoint) {
    return withLhs(type, LhsQuantization.zeroPoint(zeroPoint));
  }

  /** The same with another filter type and zero points. */
  public ConvSpec withRhs(ElementType type, ZeroPoints zeroPoints) {
    return new ConvSpec(
        inChannels, outChannels, window, groups, lhsType, type, lhs, zeroPoints, output);
  }

  /** The same with another filter type and zero point 0. */
  public ConvSpec withRhs(ElementType type) {
    return withRhs(type, ZeroPoints.ZERO);
  }

  /** The same with operands quantized so; the lhs per tensor. */
  public ConvSpec withOperands(Quantization lhs, Quantization rhs) {
    return withLhs(lhs.type(), new LhsQuantization.Fixed(lhs.zeroPoint("lhs"), lhs.scale("lhs")))
        .withRhs(rhs.type(), rhs.zeroPoints());
  }

  /** The same with another output. */
  public ConvSpec withOutput(Output output) {
    return new ConvSpec(
        inChannels, outChannels, window, groups, lhsType, rhsType, lhs, rhsZeroPoints, output);
  }

  /** Input channels that one output channel sees: inChannels / groups. */
  public int groupInChannels() {
    return inChannels / groups;
  }

  /** Output channels of one group: outChannels / groups. */
  public int groupOutChannels() {
    return outChannels / groups;
  }

  /** Length of the sums: kernelHeight · kernelWidth · inChannels / groups. */
  public int k() {
    return window.kernelHeight() * window.kernelWidth() * groupInChannels();
  }

  /** Whether every group has one input channel. */
  public boolean isDepthwise() {
    return groups > 1 && groups == inChannels;
  }

  /** A dense channels-last image (the fast layout). */
  public Shape.Image nhwc(long batch, int height, int width) {
    return new Shape.Image(
        batch,
        height,
        width,
        Strides.nhwc(height, width, inChannels, 1),
        Strides.nhwc(
            window.outHeight(height), window.outWidth(width), outChannels, outputType().bytes()));
  }

  /** A dense channels-first image. */
  public Shape.Image nchw(long batch, int height, int width) {
    return new Shape.Image(
        batch,
        height,
        width,
        Strides.nchw(height, width, inChannels, 1),
        Strides.nchw(
            window.outHeight(height), window.outWidth(width), outChannels, outputType().bytes()));
  }

  @Override
  public ElementType inputType() {
    return lhsType;
  }

  @Override
  public ElementType outputType() {
    return output.type();
  }
}
