package dev.octavo.conformance.truth.pytorch;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.ElementType;
import dev.octavo.Norm;
import dev.octavo.QuantizeRule;
import dev.octavo.conformance.truth.Tensor;
import dev.octavo.conformance.truth.Values;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.bytedeco.pytorch.IValue;

/**
 * Where PyTorch 2.10 is wrong, or at odds with itself: the smallest cases. Each test holds its
 * answer beside the right one, so that the day it is mended shows.
 */
@AddLifecycleHook(PyTorch.Absent.class)
class PyTorchBugsTest {
  @Example
  void quantizePerTensorWrapsBeyondInt32() {
    // x / s is limited to what fits an int32; then the zero point is added, and it fits no more.
    assertEquals(255, quantize(U8, 127, 3e9f));
    assertEquals(0, quantize(U8, 128, 3e9f));
    assertEquals(255, norm(U8, 128, 3e9f));
    assertEquals(-128, quantize(S8, 0, -3e9f));
    assertEquals(127, quantize(S8, -1, -3e9f));
    assertEquals(-128, norm(S8, -1, -3e9f));
  }

  @Example
  void quantizePerTensorTakesNaNForTheLargestNumber() {
    assertEquals(255, quantize(U8, 0, Float.NaN));
    assertEquals(0, norm(U8, 0, Float.NaN));
  }

  @Example
  void fakeQuantizePerChannelWrapsBeyondInt64() {
    assertEquals(255f, fakeQuantize(9e18f, true));
    assertEquals(0f, fakeQuantize(1e19f, true));
    assertEquals(255f, fakeQuantize(1e19f, false));
    assertEquals(255f, Norm.fakeQuantize(QuantizeRule.MULTIPLY_HALF_EVEN, 1e19f, 1f, 0, 0, 255));
  }

  private static int quantize(ElementType type, int zeroPoint, float x) {
    Values v = new Values(1, 1, 1, type, new float[] {1f}, new int[] {zeroPoint}, 0);
    return PyTorchQuantizeTest.quantized(v, Tensor.floats(new float[] {x}, 1, 1, 1)).integer(0);
  }

  private static int norm(ElementType type, int zeroPoint, float x) {
    return Norm.quantize(QuantizeRule.MULTIPLY_HALF_EVEN, x, 1f, zeroPoint, type.min(), type.max());
  }

  private static float fakeQuantize(float x, boolean perChannel) {
    IValue input = new IValue(PyTorch.tensor(Tensor.floats(new float[] {x}, 1)));
    IValue lo = new IValue(0L);
    IValue hi = new IValue(255L);
    IValue output =
        perChannel
            ? PyTorch.invoke(
                "aten::fake_quantize_per_channel_affine",
                "",
                input,
                new IValue(PyTorch.tensor(Tensor.floats(new float[] {1f}, 1))),
                new IValue(PyTorch.tensor(Tensor.integers(S32, new int[] {0}, 1))),
                new IValue(0L),
                lo,
                hi)
            : PyTorch.invoke(
                "aten::fake_quantize_per_tensor_affine",
                "",
                input,
                new IValue(1.0),
                new IValue(0L),
                lo,
                hi);
    return PyTorch.copy(output.toTensor(), F32, 1).real(0);
  }
}
