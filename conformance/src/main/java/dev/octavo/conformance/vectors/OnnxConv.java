package dev.octavo.conformance.vectors;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.vectors.VectorCase.Part;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** ConvInteger and QLinearConv, 1-D and 2-D, channels first. */
public final class OnnxConv {
  private OnnxConv() {}

  static List<Part> parts(OnnxNode node) throws IOException {
    boolean requantized = node.op().equals("QLinearConv");
    OnnxTensor x = node.input(0);
    OnnxTensor w = node.input(requantized ? 3 : 1);
    int spatial = x.dims().length - 2;
    if (spatial != 1 && spatial != 2) {
      throw new UnsupportedCaseException("a convolution over " + spatial + " axes");
    }
    int height = spatial == 1 ? 1 : x.dim(2);
    ConvSpec spec =
        new ConvSpec(
            x.dim(1),
            w.dim(0),
            window(node, height, x.dim(-1), spatial == 1 ? 1 : w.dim(2), w.dim(-1)),
            node.attribute("group", 1),
            x.element(),
            w.element(),
            LhsQuantization.zeroPoint(node.zeroPoints(2)[0]),
            ZeroPoints.of(node.zeroPoints(requantized ? 5 : 3)),
            requantized ? OnnxRequantize.output(node, 1, 4, 6, 7) : Output.ACCUMULATORS);
    Weights oihw = Weights.oihw(MemorySegment.NULL, spec);
    long[] strides = {oihw.outStride(), oihw.heightStride(), oihw.widthStride(), oihw.inStride()};
    Bias bias =
        requantized && node.optional(8).isPresent()
            ? Bias.of(node.input(8).integers())
            : Bias.none();
    Problem problem =
        new Problem(
            spec,
            new Filter(w.slice(0, w.count()), strides, bias),
            spec.nchw(x.dim(0), height, x.dim(-1)),
            x.slice(0, x.count()));
    OnnxTensor y = node.output(0);
    return List.of(new Part(problem, new Answer(y.slice(0, y.count()), new float[0], new int[0])));
  }

  /** The window of a convolution or a pool over an image of this size. */
  public static Window window(
      OnnxNode node, int height, int width, int kernelHeight, int kernelWidth) {
    int axes = node.attribute("strides", 2, 1).length;
    int[] strides = twoAxes(node.attribute("strides", axes, 1));
    int[] dilations = twoAxes(node.attribute("dilations", axes, 1));
    int[] h = new int[2];
    int[] w = new int[2];
    String auto = node.attribute("auto_pad", "NOTSET");
    switch (auto) {
      case "NOTSET" -> {
        int[] pads = node.attribute("pads", 4, 0);
        int last = pads.length / 2;
        h = last == 1 ? h : new int[] {pads[0], pads[2]};
        w = new int[] {pads[last - 1], pads[2 * last - 1]};
      }
      case "SAME_UPPER", "SAME_LOWER" -> {
        boolean lower = auto.equals("SAME_LOWER");
        h = same(height, kernelHeight, strides[0], dilations[0], lower);
        w = same(width, kernelWidth, strides[1], dilations[1], lower);
      }
      case "VALID" -> {}
      default -> throw new UnsupportedCaseException("auto_pad " + auto);
    }
    return Window.of(kernelHeight, kernelWidth)
        .withStrides(strides[0], strides[1])
        .withDilations(dilations[0], dilations[1])
        .withPadding(h[0], w[0], h[1], w[1]);
  }

  private static int[] twoAxes(int[] values) {
    return values.length == 1 ? new int[] {1, values[0]} : values;
  }

  /**
   * Padding before and after for ⌈input / stride⌉ outputs; the odd one after, or before if lower.
   */
  private static int[] same(int input, int kernel, int stride, int dilation, boolean lower) {
    int outputs = (input + stride - 1) / stride;
    int total = Math.max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - input);
    int small = total / 2;
    return lower ? new int[] {total - small, small} : new int[] {small, total - small};
  }
}
