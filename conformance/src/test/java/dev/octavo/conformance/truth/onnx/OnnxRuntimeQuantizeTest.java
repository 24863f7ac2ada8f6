package dev.octavo.conformance.truth.onnx;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.conformance.truth.onnx.OnnxModel.STANDARD;

import dev.octavo.DequantizeSpec;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.conformance.truth.Tensor;
import dev.octavo.conformance.truth.Values;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** ONNX Runtime's ways in and out of 8 bits; huge values, infinities and NaNs included. */
class OnnxRuntimeQuantizeTest {
  @Property(tries = 200)
  void quantizeLinear(@ForAll("perTensor") Values v) {
    quantize("QuantizeLinear", v);
  }

  @Property(tries = 200)
  void quantizeLinearPerAxis(@ForAll("perChannel") Values v) {
    quantize("QuantizeLinear (per axis)", v);
  }

  private static void quantize(String name, Values v) {
    Tensor x = v.floats();
    QuantizeSpec spec = QuantizeSpec.of(v.type(), v.scaleParameters(), v.zeroPointParameters());
    OnnxModel model = withParameters(new OnnxModel(STANDARD, "QuantizeLinear").input(x), v);
    OnnxRuntime.claim(name, "DIVIDE_HALF_EVEN")
        .check(
            OnnxRuntime.run(model, v.type()),
            v.quantized(QuantizeRule.DIVIDE_HALF_EVEN, x),
            v.problem(spec, x),
            v);
  }

  @Property(tries = 200)
  void dequantizeLinear(@ForAll("perTensor") Values v) {
    dequantize("DequantizeLinear", v);
  }

  @Property(tries = 200)
  void dequantizeLinearPerAxis(@ForAll("perChannel") Values v) {
    dequantize("DequantizeLinear (per axis)", v);
  }

  private static void dequantize(String name, Values v) {
    Tensor x = v.integers(v.type());
    DequantizeSpec spec =
        new DequantizeSpec(v.type(), v.scaleParameters(), v.zeroPointParameters());
    OnnxModel model = withParameters(new OnnxModel(STANDARD, "DequantizeLinear").input(x), v);
    OnnxRuntime.claim(name, "Norm.dequantize")
        .check(OnnxRuntime.run(model, F32), v.dequantized(x), v.problem(spec, x), v);
  }

  /** Accumulators have no zero point in ONNX. */
  @Property(tries = 200)
  void dequantizeLinearOfAccumulators(@ForAll("perChannel") Values signed) {
    Values v = signed.withoutZeroPoints();
    Tensor x = v.integers(S32);
    DequantizeSpec spec = new DequantizeSpec(S32, v.scaleParameters(), v.zeroPointParameters());
    OnnxModel model =
        new OnnxModel(STANDARD, "DequantizeLinear")
            .input(x)
            .constant(Tensor.floats(v.scales(), v.channels()));
    OnnxRuntime.claim("DequantizeLinear (int32)", "Norm.dequantize")
        .check(OnnxRuntime.run(model, F32), v.dequantized(x), v.problem(spec, x), v);
  }

  private static OnnxModel withParameters(OnnxModel model, Values v) {
    long[] extents = v.perChannel() ? new long[] {v.channels()} : new long[0];
    return model
        .constant(Tensor.floats(v.scales(), extents))
        .constant(Tensor.integers(v.type(), v.zeroPoints(), extents));
  }

  @Provide
  Arbitrary<Values> perTensor() {
    return Values.of(false, U8, S8);
  }

  @Provide
  Arbitrary<Values> perChannel() {
    return Values.of(true, U8, S8);
  }
}
