package dev.octavo;

import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Fakes.FakeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shapes and operands of the elementwise specs at the door. */
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
      refusedShape(
          "input stride", kernel, new Shape.Elements(5, 7, 21L * c.in - c.in, 21L * c.out));
      refusedShape(
          "output stride", kernel, new Shape.Elements(5, 7, 21L * c.in, 21L * c.out - c.out));
      refusedShape("cannot run on the shape", kernel, new Shape.Rows(5, 100, 100));
    }
    DynamicQuantizeSpec dynamic = DynamicQuantizeSpec.onnx();
    Kernel kernel = new FakeKernel(dynamic, arena, 1, 0);
    refusedShape("input stride", kernel, new Shape.Elements(5, 7, 24, 7));
    refusedShape("cannot run on the shape", kernel, new Shape.Rows(5, 100, 100));
  }

  private static void refusedShape(String message, Kernel kernel, Shape shape) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> kernel.strips(shape));
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  /** Int32 to u8, 3 channels, rows of 15 elements. */
  @Test
  void elementsNeedTheirBytes() {
    RequantizeSpec spec = RequantizeSpec.of(3, Output.Requantized.onnx(U8, 1f, Scales.ONE, 1f, 0));
    Kernel kernel = new FakeKernel(spec, arena, 1, 0);
    Shape.Elements shape = spec.elements(2, 5);
    assertEquals(120, kernel.inputBytes(shape));
    assertEquals(30, kernel.outputBytes(shape));
    assertEquals(0, kernel.inputBytes(spec.elements(0, 5)));
    assertEquals(0, kernel.outputBytes(spec.elements(5, 0)));
    refused(
        "input stride 56 is smaller than a row of 60 bytes",
        () -> kernel.strips(new Shape.Elements(2, 5, 56, 15)));
    refused(
        "input stride 62 is not a multiple of the element size 4",
        () -> kernel.strips(new Shape.Elements(2, 5, 62, 15)));
    refused(
        "output stride 14 is smaller than a row of 15 bytes",
        () -> kernel.strips(new Shape.Elements(2, 5, 60, 14)));
    refused(
        "row elements overflows: 3 · 9223372036854775807",
        () -> kernel.strips(new Shape.Elements(2, Long.MAX_VALUE, 60, 15)));
    refused(
        "input row bytes overflows: 3458764513820540928 · 4",
        () -> kernel.strips(new Shape.Elements(2, 1L << 60, 60, 15)));
    refused(
        "the input segment is aligned to 1 bytes; 4-byte elements need 4 (an int[] or float[],"
            + " not a byte[])",
        () -> kernel.run(shape, MemorySegment.ofArray(new byte[120]), arena.allocate(30)));
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
}
