package dev.octavo.conformance.truth.tflite;

import dev.octavo.ElementType;
import dev.octavo.Window;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Tensor;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Conv2DOptionsT;
import org.tensorflow.lite.schema.DepthwiseConv2DOptionsT;
import org.tensorflow.lite.schema.FullyConnectedOptionsT;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.QuantizationParametersT;

/** Products as models. */
final class TfLiteOps {
  private TfLiteOps() {}

  /** A problem as a model; padding is SAME where there is any. */
  static TfLiteModel model(Product p, Aim aim, int[] bias, Activation activation) {
    boolean same = p instanceof ConvProduct c && padded(c.window());
    return model(p, aim, bias, activation, same);
  }

  /** A problem as a model. */
  static TfLiteModel model(Product p, Aim aim, int[] bias, Activation activation, boolean same) {
    TfLiteModel model =
        new TfLiteModel(operator(p))
            .tensor(
                p.lhs().type(),
                p.lhs().extents(),
                TfLiteModel.quantization(aim.lhsScale(), p.lhsZeroPoint()))
            .constant(p.rhs(), weights(p, aim));
    if (bias != null || p instanceof ConvProduct) { // convolutions want one, if only of zeros
      int[] values = bias == null ? new int[p.channels()] : bias;
      model.constant(
          Tensor.integers(ElementType.S32, values, values.length),
          TfLiteModel.quantization(aim.biasScales(), new int[aim.rhsScales().length], 0));
    }
    options(model, p, activation.code(), same ? Padding.SAME : Padding.VALID);
    return model.tensor(
        p.lhs().type(),
        p.outputExtents(),
        TfLiteModel.quantization(aim.outputScale(), aim.zeroPoint()));
  }

  private static TfLiteModel.Operator operator(Product p) {
    return switch (p) {
      case GemmProduct g -> TfLiteModel.Operator.FULLY_CONNECTED;
      case ConvProduct c ->
          c.layout() == ConvProduct.Layout.LAST
              ? TfLiteModel.Operator.CONV_2D
              : TfLiteModel.Operator.DEPTHWISE_CONV_2D;
    };
  }

  /** The weights' channels lie on the first axis, except a depthwise filter's, on the last. */
  private static QuantizationParametersT weights(Product p, Aim aim) {
    boolean last = p instanceof ConvProduct c && c.layout() == ConvProduct.Layout.LAST_HWIO;
    int[] zeroPoints = new int[aim.rhsScales().length];
    zeroPoints[0] = p.rhsZeroPoints()[0];
    return TfLiteModel.quantization(
        aim.rhsScales(), zeroPoints, last && zeroPoints.length > 1 ? 3 : 0);
  }

  private static void options(TfLiteModel model, Product p, byte activation, byte padding) {
    switch (p) {
      case GemmProduct g -> {
        FullyConnectedOptionsT options = new FullyConnectedOptionsT();
        options.setFusedActivationFunction(activation);
        model.options(BuiltinOptions.FullyConnectedOptions, options);
      }
      case ConvProduct c when c.layout() == ConvProduct.Layout.LAST -> {
        Conv2DOptionsT options = new Conv2DOptionsT();
        options.setStrideH(c.window().strideHeight());
        options.setStrideW(c.window().strideWidth());
        options.setDilationHFactor(c.window().dilationHeight());
        options.setDilationWFactor(c.window().dilationWidth());
        options.setPadding(padding);
        options.setFusedActivationFunction(activation);
        model.options(BuiltinOptions.Conv2DOptions, options);
      }
      case ConvProduct c -> {
        DepthwiseConv2DOptionsT options = new DepthwiseConv2DOptionsT();
        options.setDepthMultiplier(c.channels() / c.inChannels());
        options.setStrideH(c.window().strideHeight());
        options.setStrideW(c.window().strideWidth());
        options.setDilationHFactor(c.window().dilationHeight());
        options.setDilationWFactor(c.window().dilationWidth());
        options.setPadding(padding);
        options.setFusedActivationFunction(activation);
        model.options(BuiltinOptions.DepthwiseConv2DOptions, options);
      }
    }
  }

  private static boolean padded(Window w) {
    return w.padTop() + w.padBottom() + w.padLeft() + w.padRight() > 0;
  }
}
