package dev.octavo;

import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.Refusals.outOfBounds;
import static dev.octavo.Refusals.refused;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Fakes.FakeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scales and zero points that are known at run time, at the door: read, or written. */
class LhsParametersDoorTest {
  private static final int STRIPS = 4;
  private static final GemmSpec GEMM = GemmSpec.of(2, 3); // u8 · s8 to s32
  private static final Shape.Rows ROWS = GEMM.rows(5); // 15 bytes of input, 40 of output

  private final Arena arena = Arena.ofConfined();
  private FakeKernel kernel = new FakeKernel(GEMM, arena, STRIPS, 16);
  private final MemorySegment input = arena.allocate(15, 4);
  private final MemorySegment output = arena.allocate(40, 4);

  /** How many strips a test expects to have been let through. */
  private int welcome;

  @AfterEach
  void nothingElseReachedTheBackend() {
    arena.close();
    assertEquals(welcome, kernel.reached());
  }

  private MemorySegment ints(int... values) {
    MemorySegment segment = arena.allocate(4L * values.length, 4);
    MemorySegment.copy(values, 0, segment, JAVA_INT, 0, values.length);
    return segment;
  }

  private void runWith(LhsParameters lhs) {
    kernel.run(ROWS, input, output, lhs);
  }

  @Test
  void lhsParametersPerTensor() {
    kernel = new FakeKernel(GEMM.withLhs(S8, new LhsQuantization.PerTensor()), arena, STRIPS, 0);
    refused(
        "this kernel's scales and zero points are known at run time: pass LhsParameters",
        () -> runWith(null));
    outOfBounds(
        "the lhs zero points segment has 0 bytes; 4 are needed",
        () -> runWith(new LhsParameters(MemorySegment.NULL, MemorySegment.NULL)));
    refused(
        "lhs zero point 128 is outside the range of S8, -128 to 127",
        () -> runWith(new LhsParameters(MemorySegment.NULL, ints(128))));
    refused(
        "lhs zero point -129 is outside the range of S8, -128 to 127",
        () -> runWith(new LhsParameters(MemorySegment.NULL, ints(-129))));
    refused(
        "the output segment overlaps the lhs zero points",
        () -> runWith(new LhsParameters(MemorySegment.NULL, output.asSlice(0, 4))));
    runWith(new LhsParameters(MemorySegment.NULL, ints(-128)));
    welcome = STRIPS;
  }

  /** A zero point per row is used as it stands, whatever it is. */
  @Test
  void lhsParametersPerRow() {
    GemmSpec spec =
        GEMM.withLhs(U8, new LhsQuantization.PerRow())
            .withOutput(new Output.Dequantized(Scales.ONE));
    kernel = new FakeKernel(spec, arena, STRIPS, 0);
    MemorySegment five = ints(1, 2, 3, 4, 5);
    outOfBounds(
        "the lhs zero points segment has 16 bytes; 20 are needed",
        () -> runWith(new LhsParameters(five, ints(1, 2, 3, 4))));
    outOfBounds(
        "the lhs scales segment has 16 bytes; 20 are needed",
        () -> runWith(new LhsParameters(ints(1, 2, 3, 4), five)));
    refused(
        "the lhs zero points segment is aligned to 1 bytes; 4-byte elements need 4 (an int[] or"
            + " float[], not a byte[])",
        () -> runWith(new LhsParameters(five, MemorySegment.ofArray(new byte[20]))));
    refused(
        "the output segment overlaps the lhs scales",
        () -> runWith(new LhsParameters(output.asSlice(0, 20), five)));
    runWith(new LhsParameters(five, ints(-1, 256, Integer.MIN_VALUE, Integer.MAX_VALUE, 0)));
    welcome = STRIPS;
  }

  @Test
  void scratchMayNotOverlapLhsParameters() {
    kernel = new FakeKernel(GEMM.withLhs(S8, new LhsQuantization.PerTensor()), arena, STRIPS, 16);
    MemorySegment room = arena.allocate(32, 8);
    MemorySegment aside = room.asSlice(0, 16);
    LhsParameters zero = new LhsParameters(MemorySegment.NULL, room.asSlice(12, 4));
    LhsParameters scale = new LhsParameters(room.asSlice(12, 4), ints(0));
    refused(
        "the scratch segment overlaps the lhs zero points",
        () -> kernel.run(ROWS, input, output, zero, aside, 0, 1));
    refused(
        "the scratch segment overlaps the lhs scales",
        () -> kernel.run(ROWS, input, output, scale, aside, 0, 1));
  }

  @Test
  void dynamicQuantizationWritesItsParameters() {
    DynamicQuantizeSpec spec =
        new DynamicQuantizeSpec(U8, DynamicQuantizeSpec.Range.ASYMMETRIC, true);
    kernel = new FakeKernel(spec, arena, STRIPS, 0);
    Shape shape = spec.elements(3, 2);
    MemorySegment in = arena.allocate(24, 4);
    MemorySegment out = arena.allocate(6);
    MemorySegment a = ints(0, 0, 0);
    MemorySegment b = ints(0, 0, 0);
    MemorySegment two = ints(0, 0);
    refused(
        "this kernel's scales and zero points are known at run time: pass LhsParameters",
        () -> kernel.run(shape, in, out, null));
    outOfBounds(
        "the scales segment has 8 bytes; 12 are needed",
        () -> kernel.run(shape, in, out, new LhsParameters(two, b)));
    outOfBounds(
        "the zero points segment has 8 bytes; 12 are needed",
        () -> kernel.run(shape, in, out, new LhsParameters(a, two)));
    refused(
        "the scales and zero points to be written are read-only",
        () -> kernel.run(shape, in, out, new LhsParameters(a.asReadOnly(), b)));
    refused(
        "the scales and zero points to be written are read-only",
        () -> kernel.run(shape, in, out, new LhsParameters(a, b.asReadOnly())));
    refused(
        "the scales segment overlaps the zero points",
        () -> kernel.run(shape, in, out, new LhsParameters(a, a)));
    refused(
        "the scales segment overlaps the input",
        () -> kernel.run(shape, in, out, new LhsParameters(in.asSlice(0, 12), b)));
    refused(
        "the zero points segment overlaps the input",
        () -> kernel.run(shape, in, out, new LhsParameters(a, in.asSlice(0, 12))));
    refused(
        "the output segment overlaps the scales",
        () -> kernel.run(shape, in, a.asSlice(0, 6), new LhsParameters(a, b)));
    refused(
        "the output segment overlaps the zero points",
        () -> kernel.run(shape, in, b.asSlice(0, 6), new LhsParameters(a, b)));
  }
}
