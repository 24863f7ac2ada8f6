package dev.octavo;

import static dev.octavo.ElementType.U8;
import static dev.octavo.Refusals.outOfBounds;
import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Fakes.FakeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shapes and operands of convolutions at the door. */
class ConvDoorTest {
  private static final ConvSpec CONV = ConvSpec.of(2, 3, Window.of(2, 2));

  private final Arena arena = Arena.ofConfined();
  private final FakeKernel kernel = new FakeKernel(CONV, arena, 4, 0);

  @AfterEach
  void nothingReachedTheBackend() {
    arena.close();
    assertEquals(0, kernel.reached());
  }

  private void runImage(Strides in, Strides out) {
    Shape.Image shape = new Shape.Image(2, 4, 5, in, out);
    kernel.run(shape, arena.allocate(1000), arena.allocate(1000, 4));
  }

  /** In 2 × 4×5×2 bytes, out 2 × 3×4×3 int32. */
  @Test
  void imagesNeedTheirBytes() {
    Shape.Image nhwc = CONV.nhwc(2, 4, 5);
    Shape.Image nchw = CONV.nchw(2, 4, 5);
    for (Shape.Image shape : new Shape.Image[] {nhwc, nchw}) {
      assertEquals(80, kernel.inputBytes(shape));
      assertEquals(288, kernel.outputBytes(shape));
    }
    Strides wide = new Strides(1000, 100, 10, 1);
    Shape.Image spread = new Shape.Image(2, 4, 5, wide, nhwc.output());
    assertEquals(1000 + 300 + 40 + 2, kernel.inputBytes(spread));
    assertEquals(0, kernel.inputBytes(new Shape.Image(0, 4, 5, wide, wide)));
    outOfBounds(
        "the input segment has 79 bytes; 80 are needed",
        () -> kernel.run(nchw, arena.allocate(79), arena.allocate(288, 4)));
    outOfBounds(
        "the output segment has 287 bytes; 288 are needed",
        () -> kernel.run(nchw, arena.allocate(80), arena.allocate(287, 4)));
  }

  @Test
  void imageStridesThatOverlapOrAreNoLayout() {
    Strides in = Strides.nhwc(4, 5, 2, 1);
    Strides out = Strides.nhwc(3, 4, 3, 4);
    refused(
        "input strides Strides[n=40, h=10, w=2, c=2] are neither channels-last (c = 1) nor"
            + " channels-first (w = 1)",
        () -> runImage(new Strides(40, 10, 2, 2), out));
    refused(
        "output strides Strides[n=144, h=48, w=1, c=1] are neither channels-last (c = 4) nor"
            + " channels-first (w = 4)",
        () -> runImage(in, new Strides(144, 48, 1, 1)));
    refused(
        "input column stride 1 is smaller than the 2 bytes inside",
        () -> runImage(new Strides(40, 10, 1, 1), out));
    refused(
        "input row stride 9 is smaller than the 10 bytes inside",
        () -> runImage(new Strides(40, 9, 2, 1), out));
    refused(
        "input image stride 39 is smaller than the 40 bytes inside",
        () -> runImage(new Strides(39, 10, 2, 1), out));
    refused(
        "input channel stride 19 is smaller than the 20 bytes inside",
        () -> runImage(new Strides(40, 5, 1, 19), out));
    refused(
        "output row stride 50 is not a multiple of 4",
        () -> runImage(in, new Strides(400, 50, 12, 4)));
    refused(
        "input overflows: 3 · 4611686018427387904",
        () -> runImage(new Strides(Long.MAX_VALUE, 1L << 62, 2, 1), out));
    refused(
        "padded image height 1 is smaller than the dilated kernel's 2",
        () -> kernel.strips(new Shape.Image(1, 1, 5, in, out)));
  }

  /** One row, one column, one channel: a stride that nothing uses may be anything. */
  @Test
  void stridesOfSingleExtentsDoNotMatter() {
    ConvSpec spec = ConvSpec.of(1, 1, Window.of(1, 1));
    Kernel kernel = new FakeKernel(spec, arena, 1, 0);
    Strides none = new Strides(0, 0, 0, 1);
    Strides output = new Strides(0, 0, 0, 4);
    Shape.Image shape = new Shape.Image(1, 1, 1, none, output);
    assertEquals(1, kernel.inputBytes(shape));
    assertEquals(4, kernel.outputBytes(shape));
  }

  @Test
  void aConvolutionWhoseZeroPointComesAtRunTimeNeedsIt() {
    ConvSpec spec = ConvSpec.of(1, 1, Window.of(1, 1)).withLhs(U8, new LhsQuantization.PerTensor());
    FakeKernel kernel = new FakeKernel(spec, arena, 1, 0);
    Shape shape = spec.nhwc(1, 2, 2);
    MemorySegment input = arena.allocate(4);
    MemorySegment output = arena.allocate(16, 4);
    Exception missing =
        assertThrows(IllegalArgumentException.class, () -> kernel.run(shape, input, output, null));
    assertTrue(missing.getMessage().contains("pass LhsParameters"), missing::getMessage);
    MemorySegment bad = MemorySegment.ofArray(new int[] {256});
    Exception range =
        assertThrows(
            IllegalArgumentException.class,
            () -> kernel.run(shape, input, output, new LhsParameters(MemorySegment.NULL, bad)));
    assertTrue(range.getMessage().contains("lhs zero point"), range::getMessage);
    assertEquals(0, kernel.reached());
  }

  @Test
  void aBiasOfAnotherConvolutionIsRefused() {
    ConvSpec spec = ConvSpec.of(1, 2, Window.of(1, 1));
    Weights filter = Weights.ohwi(MemorySegment.ofArray(new byte[2]), spec);
    Backend backend = Fakes.usable("fake", 1);
    Weights wrong = filter.withBias(Bias.of(1, 2, 3));
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> backend.prepare(spec, wrong, arena));
    assertTrue(e.getMessage().contains("the bias has 3 values for 2"), e::getMessage);
  }
}
