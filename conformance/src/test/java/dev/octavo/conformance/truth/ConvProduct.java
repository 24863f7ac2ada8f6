package dev.octavo.conformance.truth;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.oracle.ConvOracle;
import java.util.stream.IntStream;

/**
 * A convolution.
 *
 * @param layout of lhs, rhs and output
 */
public record ConvProduct(
    int batch,
    int height,
    int width,
    int inChannels,
    int channels,
    int groups,
    Window window,
    Layout layout,
    Tensor lhs,
    int lhsZeroPoint,
    Tensor rhs,
    int[] rhsZeroPoints,
    long seed)
    implements Product {

  /** Where channels lie. */
  public enum Layout {
    /** Images channels-first, filters OIHW: ONNX, PyTorch. */
    FIRST,
    /** Images channels-last, filters OHWI: TensorFlow Lite's CONV_2D. */
    LAST,
    /** Images channels-last, filters HWIO: TensorFlow Lite's DEPTHWISE_CONV_2D. */
    LAST_HWIO
  }

  /** Output height. */
  public int outHeight() {
    return window.outHeight(height);
  }

  /** Output width. */
  public int outWidth() {
    return window.outWidth(width);
  }

  /** Whether the padding on each side is narrower than the filter with its gaps. */
  public boolean padsLessThanTheKernel() {
    int height = (window.kernelHeight() - 1) * window.dilationHeight() + 1;
    int width = (window.kernelWidth() - 1) * window.dilationWidth() + 1;
    return Math.max(window.padTop(), window.padBottom()) < height
        && Math.max(window.padLeft(), window.padRight()) < width;
  }

  /** Whether no window lies in the padding alone, with all of its taps. */
  public boolean everyWindowSeesInput() {
    Window w = window;
    return sees(
            height, outHeight(), w.strideHeight(), w.dilationHeight(), w.kernelHeight(), w.padTop())
        && sees(
            width, outWidth(), w.strideWidth(), w.dilationWidth(), w.kernelWidth(), w.padLeft());
  }

  private static boolean sees(
      int extent, int outputs, int stride, int dilation, int kernel, int before) {
    return IntStream.range(0, outputs)
        .allMatch(
            o ->
                IntStream.range(0, kernel)
                    .map(tap -> o * stride + tap * dilation - before)
                    .anyMatch(at -> at >= 0 && at < extent));
  }

  /** Input channels that one output channel sees. */
  public int groupInChannels() {
    return inChannels / groups;
  }

  @Override
  public int k() {
    return window.kernelHeight() * window.kernelWidth() * groupInChannels();
  }

  @Override
  public int[] accumulators() {
    Window w = window;
    Weights weights = weights(Bias.none());
    return ConvOracle.accumulators(
        new ConvOracle.Extents(
            batch,
            new ConvOracle.Axis(
                height,
                w.kernelHeight(),
                w.strideHeight(),
                w.dilationHeight(),
                w.padTop(),
                w.padBottom()),
            new ConvOracle.Axis(
                width,
                w.kernelWidth(),
                w.strideWidth(),
                w.dilationWidth(),
                w.padLeft(),
                w.padRight()),
            groupInChannels(),
            channels,
            groups),
        (b, y, x, c) -> lhs.integer(pixel(b, y, x, c)),
        lhsZeroPoint,
        (o, y, x, i) -> rhs.integer(Math.toIntExact(weights.offset(o, y, x, i))),
        ZeroPoints.of(rhsZeroPoints)::at);
  }

  private int pixel(int b, int y, int x, int c) {
    return layout == Layout.FIRST
        ? ((b * inChannels + c) * height + y) * width + x
        : ((b * height + y) * width + x) * inChannels + c;
  }

  @Override
  public int position(int cell, int channel) {
    int plane = outHeight() * outWidth();
    return layout == Layout.FIRST
        ? (cell / plane * channels + channel) * plane + cell % plane
        : cell * channels + channel;
  }

  @Override
  public long[] outputExtents() {
    return layout == Layout.FIRST
        ? new long[] {batch, channels, outHeight(), outWidth()}
        : new long[] {batch, outHeight(), outWidth(), channels};
  }

  @Override
  public ConvSpec spec(LhsQuantization quantization, Output output) {
    return new ConvSpec(
        inChannels,
        channels,
        window,
        groups,
        lhs.type(),
        rhs.type(),
        quantization,
        ZeroPoints.of(rhsZeroPoints),
        output);
  }

  @Override
  public Weights weights(Bias bias) {
    ConvSpec spec = spec(LhsQuantization.zeroPoint(lhsZeroPoint), Output.ACCUMULATORS);
    Weights weights =
        switch (layout) {
          case FIRST -> Weights.oihw(rhs.data(), spec);
          case LAST -> Weights.ohwi(rhs.data(), spec);
          case LAST_HWIO -> Weights.hwio(rhs.data(), spec);
        };
    return weights.withBias(bias);
  }

  @Override
  public Shape shape(Spec spec) {
    ConvSpec conv = (ConvSpec) spec;
    return layout == Layout.FIRST
        ? conv.nchw(batch, height, width)
        : conv.nhwc(batch, height, width);
  }

  @Override
  public String toString() {
    return "conv "
        + batch
        + "×"
        + height
        + "×"
        + width
        + "×"
        + inChannels
        + " → "
        + channels
        + " groups "
        + groups
        + " "
        + layout
        + " "
        + window
        + " "
        + Operands.describe(this);
  }
}
