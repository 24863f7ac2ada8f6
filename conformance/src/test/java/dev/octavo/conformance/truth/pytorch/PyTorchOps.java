package dev.octavo.conformance.truth.pytorch;

import dev.octavo.ElementType;
import dev.octavo.Window;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Tensor;
import java.util.Arrays;
import org.bytedeco.pytorch.IValue;

/** Products as calls of PyTorch's quantized operators. */
final class PyTorchOps {
  private PyTorchOps() {}

  /**
   * The output of a product.
   *
   * @param bias in real units; null for none
   * @param relu whether the operator with the fused activation is called
   */
  static Tensor run(PyTorch engine, Product p, Aim aim, float[] bias, boolean relu) {
    IValue b =
        bias == null ? new IValue() : new IValue(PyTorch.tensor(Tensor.floats(bias, bias.length)));
    IValue output =
        switch (p) {
          case GemmProduct g -> {
            IValue packed = engine.call("quantized::linear_prepack", "", weights(p, aim), b);
            yield engine.call(
                relu ? "quantized::linear_relu" : "quantized::linear",
                "",
                lhs(p, aim),
                packed,
                new IValue((double) aim.outputScale()),
                new IValue((long) aim.zeroPoint()));
          }
          case ConvProduct c -> conv(engine, c, aim, b, relu);
        };
    return PyTorch.copy(output.toTensor(), p.lhs().type(), p.outputExtents());
  }

  private static IValue conv(PyTorch engine, ConvProduct p, Aim aim, IValue bias, boolean relu) {
    Window w = p.window();
    boolean line = isLine(p);
    String operator = line ? "quantized::conv1d" : "quantized::conv2d";
    IValue packed =
        engine.call(
            operator + "_prepack",
            "",
            weights(p, aim),
            bias,
            axes(line, w.strideHeight(), w.strideWidth()),
            axes(line, w.padTop(), w.padLeft()),
            axes(line, w.dilationHeight(), w.dilationWidth()),
            new IValue((long) p.groups()));
    return engine.call(
        relu ? operator + "_relu" : operator,
        line ? "" : "new",
        lhs(p, aim),
        packed,
        new IValue((double) aim.outputScale()),
        new IValue((long) aim.zeroPoint()));
  }

  private static IValue axes(boolean line, int height, int width) {
    return line ? PyTorch.integers(width) : PyTorch.integers(height, width);
  }

  /** Whether the problem is put as one of rank 3. */
  private static boolean isLine(Product p) {
    return p instanceof ConvProduct c
        && c.height() == 1
        && c.window().kernelHeight() == 1
        && c.window().padTop() == 0;
  }

  private static IValue lhs(Product p, Aim aim) {
    return PyTorch.invoke(
        "aten::_make_per_tensor_quantized_tensor",
        "",
        new IValue(PyTorch.tensor(lhsOf(p))),
        new IValue((double) aim.lhsScale()),
        new IValue((long) p.lhsZeroPoint()));
  }

  /** Per channel where there is more than one scale or zero point. */
  private static IValue weights(Product p, Aim aim) {
    IValue values = new IValue(PyTorch.tensor(rhsOf(p)));
    float[] scales = aim.rhsScales();
    int[] zeroPoints = p.rhsZeroPoints();
    if (scales.length == 1 && zeroPoints.length == 1) {
      return PyTorch.invoke(
          "aten::_make_per_tensor_quantized_tensor",
          "",
          values,
          new IValue((double) scales[0]),
          new IValue((long) zeroPoints[0]));
    }
    return PyTorch.invoke(
        "aten::_make_per_channel_quantized_tensor",
        "",
        values,
        new IValue(PyTorch.tensor(Tensor.floats(perChannel(scales, p.channels()), p.channels()))),
        new IValue(
            PyTorch.tensor(
                Tensor.integers(
                    ElementType.S32, perChannel(zeroPoints, p.channels()), p.channels()))),
        new IValue(0L));
  }

  private static Tensor lhsOf(Product p) {
    return isLine(p) && p instanceof ConvProduct c
        ? c.lhs().reshaped(c.batch(), c.inChannels(), c.width())
        : p.lhs();
  }

  private static Tensor rhsOf(Product p) {
    return isLine(p) && p instanceof ConvProduct c
        ? c.rhs().reshaped(c.channels(), c.groupInChannels(), c.window().kernelWidth())
        : p.rhs();
  }

  private static float[] perChannel(float[] values, int channels) {
    float[] all = Arrays.copyOf(values, channels);
    if (values.length == 1) {
      Arrays.fill(all, values[0]);
    }
    return all;
  }

  private static int[] perChannel(int[] values, int channels) {
    int[] all = Arrays.copyOf(values, channels);
    if (values.length == 1) {
      Arrays.fill(all, values[0]);
    }
    return all;
  }
}
