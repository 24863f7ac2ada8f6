package dev.octavo;

import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Fakes.FakeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shapes and operands of the elementwise specs and of convolutions at the door. */
class ElementwiseDoorTest {
  private static final Scales THREE = Scales.of(1f, 2f, 3f);

  /** A spec of three channels, with the bytes of an element that it reads and writes. */
  private record Case(Spec spec, Shape.Elements dense, int in, int out) {}

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  private static List<Case> cases() {
    Output.Requantized output =
        Output.Requantized.of(U8, Recipe.FLOAT32_NEAREST_EVEN, Multipliers.Float32.of(1f), 0);
    RequantizeSpec requantize = RequantizeSpec.of(3, output);
    QuantizeSpec quantize = QuantizeSpec.of(S8, THREE, ZeroPoints.ZERO);
    DequantizeSpec dequantize = new DequantizeSpec(S8, THREE, ZeroPoints.ZERO);
    FakeQuantizeSpec fake =
        new FakeQuantizeSpec(
            new FakeQuantizeSpec.Affine(
                THREE, ZeroPoints.ZERO, 0, 255, QuantizeRule.DIVIDE_HALF_EVEN));
    return List.of(
        new Case(requantize, requantize.elements(5, 7), 4, 1),
        new Case(quantize, quantize.elements(5, 7), 4, 1),
        new Case(dequantize, dequantize.elements(5, 7), 1, 4),
        new Case(fake, fake.elements(5, 7), 4, 4));
  }

  @Test
  void denseShapesSpanTheirElements() {
    for (Case c : cases()) {
      Kernel kernel = new FakeKernel(c.spec, arena, 1, 0);
      assertEquals(new Shape.Elements(5, 7, 21L * c.in, 21L * c.out), c.dense, c::toString);
      assertEquals(5L * 21 * c.in, kernel.inputBytes(c.dense), c::toString);
      assertEquals(5L * 21 * c.out, kernel.outputBytes(c.dense), c::toString);
      assertEquals(c.in, c.spec.inputType().bytes());
      assertEquals(c.out, c.spec.outputType().bytes());
    }
  }

  @Test
  void rowsThatWouldOverlapAreRefused() {
    for (Case c : cases()) {
      Kernel kernel = new FakeKernel(c.spec, arena, 1, 0);
      refused("input stride", kernel, new Shape.Elements(5, 7, 21L * c.in - c.in, 21L * c.out));
      refused("output stride", kernel, new Shape.Elements(5, 7, 21L * c.in, 21L * c.out - c.out));
      refused("cannot run on the shape", kernel, new Shape.Rows(5, 100, 100));
    }
    DynamicQuantizeSpec dynamic = DynamicQuantizeSpec.onnx();
    Kernel kernel = new FakeKernel(dynamic, arena, 1, 0);
    refused("input stride", kernel, new Shape.Elements(5, 7, 24, 7));
    refused("cannot run on the shape", kernel, new Shape.Rows(5, 100, 100));
  }

  private static void refused(String message, Kernel kernel, Shape shape) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> kernel.strips(shape));
    assertTrue(e.getMessage().contains(message), e::getMessage);
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

  /** Nothing is read or written, so nothing has to be aligned either. */
  @Test
  void emptyOperandsMayBeAnything() {
    QuantizeSpec spec = QuantizeSpec.of(S8, Scales.ONE, ZeroPoints.ZERO);
    FakeKernel kernel = new FakeKernel(spec, arena, 0, 0);
    MemorySegment nothing = MemorySegment.ofArray(new byte[0]);
    kernel.run(spec.elements(0, 3), nothing, nothing);
    assertEquals(0, kernel.reached());
  }

  /** No strips asked for, no strips run; and what a kernel says of itself. */
  @Test
  void anEmptyIntervalReachesNothing() {
    GemmSpec spec = GemmSpec.of(2, 3);
    int[] calls = new int[1];
    Kernel kernel =
        new Kernel(spec, new FakeKernel(spec, arena, 1, 0).plan(), arena) {
          @Override
          protected long stripsFor(Shape shape) {
            return 3;
          }

          @Override
          protected long scratchBytesFor(Shape shape) {
            return 0;
          }

          @Override
          protected void runStrips(
              Shape shape,
              MemorySegment input,
              MemorySegment output,
              LhsParameters lhs,
              MemorySegment scratch,
              long first,
              long last) {
            calls[0]++;
          }
        };
    Shape shape = spec.rows(1);
    MemorySegment output = arena.allocate(8, 4);
    kernel.run(shape, arena.allocate(3), output, null, null, 2, 2);
    assertEquals(0, calls[0]);
    kernel.run(shape, arena.allocate(3), output, null, null, 2, 3);
    assertEquals(1, calls[0]);
    assertEquals(kernel.plan(), kernel.plan(shape));
    assertEquals(MemorySegment.NULL, kernel.packed());
  }

  @Test
  void aBackendGivesTheKernelItPrepared() {
    Weights weights = Weights.rowsOfK(MemorySegment.ofArray(new byte[6]), 3);
    GemmSpec spec = GemmSpec.of(2, 3);
    assertEquals(spec, Fakes.usable("fake", 1).prepare(spec, weights, arena).spec());
  }
}
