package dev.octavo.conformance.truth.tflite;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Norm;
import dev.octavo.QuantizeRule;
import dev.octavo.Window;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Tensor;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * Where TensorFlow Lite 2.21 is wrong, or at odds with itself: the smallest cases. Each test holds
 * their answer beside the right one, so that the day they mend it shows.
 */
@AddLifecycleHook(TfLite.Absent.class)
class TfLiteBugsTest {
  private static final Aim ONES = new Aim(1f, new float[] {1f}, 1f, 0);

  @Example
  void xnnpackPadsWronglyWhereTheStrideExceedsTheKernel() {
    // Padding SAME of −1 columns becomes 2^64 − 1 of them; XNNPACK's pull request 10655 mends it.
    Window window = Window.of(1, 2).withStrides(1, 3);
    ConvProduct p =
        new ConvProduct(
            1,
            2,
            3,
            1,
            1,
            1,
            window.withStrides(1, 3).withPadding(0, 0, 0, 0),
            ConvProduct.Layout.LAST,
            Tensor.integers(S8, new int[] {1, 2, 3, 4, 5, 6}, 1, 2, 3, 1),
            0,
            Tensor.integers(S8, new int[] {1, 1}, 1, 1, 2, 1),
            new int[] {0},
            0);
    assertEquals("3 9", run(TfLite.REFERENCE, p, ONES, Activation.NONE, true));
    assertEquals("0 0", run(TfLite.XNNPACK, p, ONES, Activation.NONE, true));
    assertEquals("3 9", run(TfLite.XNNPACK, p, ONES, Activation.NONE, false));
  }

  @Example
  void xnnpackRoundsTheLimitOfAnActivationToEven() {
    GemmProduct p =
        new GemmProduct(
            1,
            1,
            1,
            Tensor.integers(S8, new int[] {100}, 1, 1),
            0,
            Tensor.integers(S8, new int[] {1}, 1, 1),
            false,
            new int[] {0},
            0);
    Aim aim = new Aim(1f, new float[] {1f}, 12f, 0); // RELU6: 6 / 12 = 1/2
    assertEquals("1", run(TfLite.REFERENCE, p, aim, Activation.RELU6, false));
    assertEquals("0", run(TfLite.XNNPACK, p, aim, Activation.RELU6, false));
  }

  @Example
  void theReferenceQuantizeOverflows() {
    // |x / s| ≥ 2^31 leaves int32 and comes out at the wrong end of the range.
    assertEquals(127, quantize(TfLite.REFERENCE, 1e9f));
    assertEquals(-128, quantize(TfLite.REFERENCE, 3e9f));
    assertEquals(127, quantize(TfLite.XNNPACK, 3e9f));
    assertEquals(127, Norm.quantize(QuantizeRule.DIVIDE_HALF_AWAY, 3e9f, 1f, 0, -128, 127));
  }

  @Example
  void xnnpackTakesNaNForTheLargestNumber() {
    assertEquals(127, quantize(TfLite.XNNPACK, Float.NaN));
    assertEquals(-128, Norm.quantize(QuantizeRule.MULTIPLY_HALF_EVEN, Float.NaN, 1f, 0, -128, 127));
  }

  private static String run(
      TfLite engine, Product p, Aim aim, Activation activation, boolean same) {
    Tensor output = Tensor.of(S8, p.outputExtents());
    engine.run(TfLiteOps.model(p, aim, null, activation, same), p.lhs(), output);
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < output.count(); i++) {
      values.append(i == 0 ? "" : " ").append(output.integer(i));
    }
    return values.toString();
  }

  private static int quantize(TfLite engine, float x) {
    Tensor output = Tensor.of(S8, 1, 1);
    engine.run(
        new TfLiteModel(TfLiteModel.Operator.QUANTIZE)
            .tensor(F32, output.extents(), null)
            .tensor(S8, output.extents(), TfLiteModel.quantization(1f, 0)),
        Tensor.floats(new float[] {x}, 1, 1),
        output);
    return output.integer(0);
  }
}
