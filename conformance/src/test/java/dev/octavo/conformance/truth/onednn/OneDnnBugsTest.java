package dev.octavo.conformance.truth.onednn;

import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octavo.ElementType;
import dev.octavo.Window;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Tensor;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * Where oneDNN 3.13 is wrong: the smallest cases, its sum beside the right one, so that the day it
 * is mended shows. Its documentation knows of the first two, on processors without VNNI.
 */
@AddLifecycleHook(OneDnn.Absent.class)
class OneDnnBugsTest {
  /** A copy held to AVX2, as it would run on a processor that has no more. */
  private static final OneDnn AVX2 = new OneDnn(OneDnn.AVX2);

  @Example
  void withoutVnniTwoProductsSaturateAtSixteenBits() {
    wrong(matmul(U8, 255, 127), 32767, 64770);
    wrong(matmul(S8, 127, 127), 255, 32258); // (127 + 128)·127 twice, saturated, less 128·254
    right(matmul(U8, 255, 64), 32640);
  }

  @Example
  void withoutVnniAConvolutionOfSignedInputsHalvesItsWeights() {
    wrong(conv(S8, 127, 1), 0, 254); // ½ rounds to 0
    wrong(conv(S8, 127, 3), 1016, 762); // 1½ rounds to 2
    right(conv(S8, 127, 2), 508);
  }

  @Example
  void aWindowThatSeesOnlyPaddingSpoilsTheRest() {
    OneDnn vnni = new OneDnn(OneDnn.AVX512_VNNI);
    assumeTrue(vnni.isa() == OneDnn.AVX512_VNNI, "no AVX512-VNNI here");
    // Depthwise, 1×1, one row of padding above the only row: what makes up for s8 inputs goes
    // astray.
    int channels = 16;
    int[] tens = new int[channels];
    int[] ones = new int[channels];
    Arrays.fill(tens, 10);
    Arrays.fill(ones, 1);
    ConvProduct p =
        new ConvProduct(
            1,
            1,
            1,
            channels,
            channels,
            channels,
            new Window(1, 1, 1, 1, 1, 1, 1, 0, 0, 0),
            ConvProduct.Layout.LAST,
            Tensor.integers(S8, tens, 1, 1, 1, channels),
            0,
            Tensor.integers(S8, ones, channels, 1, 1, 1),
            new int[] {0},
            0);
    assertEquals(10, p.accumulators()[channels]);
    assertEquals(0, OneDnnOps.accumulators(vnni, p).integer(channels));
  }

  @Example
  void accumulatorsWithAZeroPointPassThroughFloats() {
    OneDnn vnni = new OneDnn(OneDnn.AVX512_VNNI);
    assumeTrue(vnni.isa() == OneDnn.AVX512_VNNI, "no AVX512-VNNI here");
    int k = 1101;
    int[] x = new int[k];
    int[] w = new int[k];
    Arrays.fill(x, 255);
    Arrays.fill(w, -127);
    x[0] = 254;
    Tensor lhs = Tensor.integers(U8, x, 1, k);
    Tensor rhs = Tensor.integers(S8, w, k, 1);
    for (int zeroPoint = 0; zeroPoint < 2; zeroPoint++) {
      GemmProduct p = new GemmProduct(1, 1, k, lhs, zeroPoint, rhs, true, new int[] {0}, 0);
      int right = p.accumulators()[0];
      assertEquals(zeroPoint == 0 ? -35_655_758 : -35_515_931, right);
      assertEquals(
          zeroPoint == 0 ? right : (int) (float) right, OneDnnOps.accumulators(vnni, p).integer(0));
    }
  }

  private static void wrong(Product p, int theirs, int right) {
    assertEquals(right, p.accumulators()[0]);
    assertEquals(theirs, OneDnnOps.accumulators(AVX2, p).integer(0));
  }

  private static void right(Product p, int right) {
    wrong(p, right, right);
  }

  private static GemmProduct matmul(ElementType type, int x, int w) {
    Tensor lhs = Tensor.integers(type, new int[] {x, x}, 1, 2);
    Tensor rhs = Tensor.integers(S8, new int[] {w, w}, 2, 1);
    return new GemmProduct(1, 1, 2, lhs, 0, rhs, true, new int[] {0}, 0);
  }

  private static ConvProduct conv(ElementType type, int x, int w) {
    return new ConvProduct(
        1,
        1,
        2,
        1,
        1,
        1,
        Window.of(1, 2),
        ConvProduct.Layout.LAST,
        Tensor.integers(type, new int[] {x, x}, 1, 1, 2, 1),
        0,
        Tensor.integers(S8, new int[] {w, w}, 1, 1, 2, 1),
        new int[] {0},
        0);
  }
}
