package dev.octavo.conformance.truth.pytorch;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;

import dev.octavo.DequantizeSpec;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.Norm;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.conformance.truth.Tensor;
import dev.octavo.conformance.truth.Values;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's ways in and out of 8 bits, which are the same with every engine. What it makes of
 * infinities and NaNs is in {@link PyTorchBugsTest}.
 */
@AddLifecycleHook(PyTorch.Absent.class)
class PyTorchQuantizeTest {
  private static final QuantizeRule RULE = QuantizeRule.MULTIPLY_HALF_EVEN;

  @Property(tries = 200)
  void quantizePerTensor(@ForAll("perTensor") Values v) {
    quantize("quantize_per_tensor", v);
  }

  @Property(tries = 200)
  void quantizePerChannel(@ForAll("perChannel") Values v) {
    quantize("quantize_per_channel", v);
  }

  private static void quantize(String name, Values v) {
    Tensor x = v.floats(false);
    QuantizeSpec spec =
        QuantizeSpec.of(v.type(), v.scaleParameters(), v.zeroPointParameters()).withRule(RULE);
    PyTorch.claimOfAll(name, RULE.toString())
        .check(quantized(v, x), v.quantized(RULE, x), v.problem(spec, x), v);
  }

  static Tensor quantized(Values v, Tensor x) {
    IValue type = new IValue(v.type() == U8 ? torch.ScalarType.QUInt8 : torch.ScalarType.QInt8);
    IValue input = new IValue(PyTorch.tensor(x));
    IValue output =
        v.perChannel()
            ? PyTorch.invoke(
                "aten::quantize_per_channel",
                "",
                input,
                scales(v),
                zeroPoints(v),
                new IValue(1L),
                type)
            : PyTorch.invoke(
                "aten::quantize_per_tensor",
                "",
                input,
                new IValue((double) v.scales()[0]),
                new IValue((long) v.zeroPoints()[0]),
                type);
    return PyTorch.copy(output.toTensor(), v.type(), v.extents());
  }

  @Property(tries = 200)
  void dequantizePerTensor(@ForAll("perTensor") Values v) {
    dequantize("dequantize", v);
  }

  @Property(tries = 200)
  void dequantizePerChannel(@ForAll("perChannel") Values v) {
    dequantize("dequantize per channel", v);
  }

  private static void dequantize(String name, Values v) {
    Tensor x = v.integers(v.type());
    IValue input = new IValue(PyTorch.tensor(x));
    IValue quantized =
        v.perChannel()
            ? PyTorch.invoke(
                "aten::_make_per_channel_quantized_tensor",
                "",
                input,
                scales(v),
                zeroPoints(v),
                new IValue(1L))
            : PyTorch.invoke(
                "aten::_make_per_tensor_quantized_tensor",
                "",
                input,
                new IValue((double) v.scales()[0]),
                new IValue((long) v.zeroPoints()[0]));
    Tensor theirs =
        PyTorch.copy(
            PyTorch.invoke("aten::dequantize", "self", quantized).toTensor(), F32, v.extents());
    DequantizeSpec spec =
        new DequantizeSpec(v.type(), v.scaleParameters(), v.zeroPointParameters());
    PyTorch.claimOfAll(name, "Norm.dequantize")
        .check(theirs, v.dequantized(x), v.problem(spec, x), v);
  }

  @Property(tries = 200)
  void fakeQuantizePerTensor(@ForAll("perTensor") Values v) {
    Tensor x = v.floats(false);
    fakeQuantize(
        "fake_quantize_per_tensor_affine",
        v,
        x,
        PyTorch.invoke(
            "aten::fake_quantize_per_tensor_affine",
            "",
            new IValue(PyTorch.tensor(x)),
            new IValue((double) v.scales()[0]),
            new IValue((long) v.zeroPoints()[0]),
            new IValue((long) v.type().min()),
            new IValue((long) v.type().max())));
  }

  @Property(tries = 200)
  void fakeQuantizePerChannel(@ForAll("perChannel") Values v) {
    Tensor x = v.floats(false);
    fakeQuantize(
        "fake_quantize_per_channel_affine",
        v,
        x,
        PyTorch.invoke(
            "aten::fake_quantize_per_channel_affine",
            "",
            new IValue(PyTorch.tensor(x)),
            scales(v),
            zeroPoints(v),
            new IValue(1L),
            new IValue((long) v.type().min()),
            new IValue((long) v.type().max())));
  }

  private static void fakeQuantize(String name, Values v, Tensor x, IValue theirs) {
    FakeQuantizeSpec spec =
        new FakeQuantizeSpec(
            new FakeQuantizeSpec.Affine(
                v.scaleParameters(),
                v.zeroPointParameters(),
                v.type().min(),
                v.type().max(),
                RULE));
    PyTorch.claimOfAll(name, RULE.toString())
        .check(
            PyTorch.copy(theirs.toTensor(), F32, v.extents()), fake(v, x), v.problem(spec, x), v);
  }

  private static Tensor fake(Values v, Tensor x) {
    Tensor output = Tensor.of(F32, v.extents());
    for (int i = 0; i < x.count(); i++) {
      int c = v.channel(i);
      output.put(
          i,
          Norm.fakeQuantize(
              RULE, x.real(i), v.scales()[c], v.zeroPoints()[c], v.type().min(), v.type().max()));
    }
    return output;
  }

  private static IValue scales(Values v) {
    return new IValue(PyTorch.tensor(Tensor.floats(v.scales(), v.channels())));
  }

  private static IValue zeroPoints(Values v) {
    return new IValue(PyTorch.tensor(Tensor.integers(S32, v.zeroPoints(), v.channels())));
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
