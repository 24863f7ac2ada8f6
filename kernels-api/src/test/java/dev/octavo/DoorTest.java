package dev.octavo;

import static dev.octavo.Refusals.closed;
import static dev.octavo.Refusals.elsewhere;
import static dev.octavo.Refusals.isNull;
import static dev.octavo.Refusals.outOfBounds;
import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octavo.Fakes.FakeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad arguments to a run: a clear exception, and the backend was never reached. */
class DoorTest {
  private static final int STRIPS = 4;
  private static final GemmSpec GEMM = GemmSpec.of(2, 3); // u8 · s8 to s32
  private static final Shape.Rows ROWS = GEMM.rows(5); // 15 bytes of input, 40 of output

  private final Arena arena = Arena.ofConfined();
  private FakeKernel kernel = new FakeKernel(GEMM, arena, STRIPS, 16);
  private final MemorySegment input = arena.allocate(15, 4);
  private final MemorySegment output = arena.allocate(40, 4);
  private final MemorySegment scratch = arena.allocate(16, 4);

  /** How many strips a test expects to have been let through. */
  private int welcome;

  @AfterEach
  void nothingElseReachedTheBackend() {
    arena.close();
    assertEquals(welcome, kernel.reached());
  }

  private void run(Shape shape, MemorySegment in, MemorySegment out) {
    kernel.run(shape, in, out, null, scratch, 0, STRIPS);
  }

  // ---- what is right goes through

  @Test
  void exactSegmentsOfEveryKindGoThrough() {
    run(ROWS, input, output);
    run(ROWS, MemorySegment.ofArray(new byte[15]), MemorySegment.ofArray(new int[10]));
    run(ROWS, input.asReadOnly(), output);
    kernel.run(ROWS, input, output);
    kernel.run(ROWS, input, output, null, scratch, 1, 1);
    kernel.run(ROWS, input, output, null, scratch, 3, 4);
    welcome = 4 * STRIPS + 1;
  }

  /** Neighbours in one allocation do not overlap; the last row may end the segment. */
  @Test
  void neighboursAndShortLastRowsGoThrough() {
    MemorySegment both = arena.allocate(64, 8);
    run(ROWS, both.asSlice(40, 15), both.asSlice(0, 40));
    run(new Shape.Rows(5, 100, 200), arena.allocate(403), arena.allocate(808, 4));
    welcome = 2 * STRIPS;
  }

  @Test
  void emptyShapesNeedNoSegments() {
    assertEquals(0, kernel.inputBytes(GEMM.rows(0)));
    assertEquals(0, kernel.outputBytes(GEMM.rows(0)));
    kernel = new FakeKernel(GemmSpec.of(0, 3), arena, 0, 0);
    kernel.run(GemmSpec.of(0, 3).rows(5), input, MemorySegment.NULL);
    kernel = new FakeKernel(GemmSpec.of(2, 0), arena, 1, 0);
    kernel.run(GemmSpec.of(2, 0).rows(5), MemorySegment.NULL, output);
    welcome = 1;
  }

  // ---- nulls

  @Test
  void nulls() {
    isNull("shape", () -> run(null, input, output));
    isNull("input", () -> run(ROWS, null, output));
    isNull("output", () -> run(ROWS, input, null));
    isNull("scratch", () -> kernel.run(ROWS, input, output, null, null, 0, STRIPS));
    isNull("shape", () -> kernel.strips(null));
    isNull("shape", () -> kernel.scratchBytes(null));
    isNull("shape", () -> kernel.inputBytes(null));
    isNull("shape", () -> kernel.outputBytes(null));
    isNull("shape", () -> kernel.plan(null));
    isNull("scales", () -> new LhsParameters(null, input));
    isNull("zeroPoints", () -> new LhsParameters(input, null));
  }

  // ---- sizes

  @Test
  void segmentsThatAreTooSmall() {
    outOfBounds(
        "the input segment has 14 bytes; 15 are needed",
        () -> run(ROWS, input.asSlice(0, 14), output));
    outOfBounds(
        "the output segment has 39 bytes; 40 are needed",
        () -> run(ROWS, input, output.asSlice(0, 39)));
    outOfBounds(
        "the scratch segment has 15 bytes; 16 are needed",
        () -> kernel.run(ROWS, input, output, null, scratch.asSlice(0, 15), 0, STRIPS));
    outOfBounds(
        "the input segment has 15 bytes; 19 are needed",
        () -> run(new Shape.Rows(5, 4, 8), input, output));
    outOfBounds(
        "the output segment has 40 bytes; 56 are needed",
        () -> run(new Shape.Rows(5, 3, 12), input, output));
  }

  @Test
  void stripsThatDoNotExist() {
    for (long[] bad : new long[][] {{-1, 2}, {2, 1}, {0, 5}, {5, 5}, {0, Long.MAX_VALUE}}) {
      outOfBounds(
          "strips [" + bad[0] + ", " + bad[1] + ") are not within [0, 4)",
          () -> kernel.run(ROWS, input, output, null, scratch, bad[0], bad[1]));
    }
  }

  @Test
  void sizesThatOverflow() {
    long huge = Long.MAX_VALUE;
    refused(
        "lhs bytes overflows: 4 · 9223372036854775807",
        () -> run(new Shape.Rows(5, huge, 8), input, output));
    refused(
        "dst bytes overflows: 4 · 9223372036854775804",
        () -> run(new Shape.Rows(5, 3, huge - 3), input, output));
    refused(
        "dst bytes overflows: 9223372036854775804 + 8",
        () -> run(new Shape.Rows(2, 3, huge - 3), input, output));
    refused(
        "lhs bytes overflows: 9223372036854775806 · 3",
        () -> kernel.inputBytes(new Shape.Rows(huge, 3, 8)));
    refused(
        "dst bytes overflows: 9223372036854775806 · 8",
        () -> kernel.outputBytes(new Shape.Rows(huge, 3, 8)));
  }

  // ---- strides and shapes

  @Test
  void stridesThatAreTooSmallOrMisaligned() {
    refused(
        "lhs stride 2 is smaller than a row of 3 bytes",
        () -> run(new Shape.Rows(5, 2, 8), input, output));
    refused(
        "dst stride 7 is smaller than a row of 8 bytes",
        () -> run(new Shape.Rows(5, 3, 7), input, output));
    refused(
        "dst stride 10 is not a multiple of the element size 4",
        () -> run(new Shape.Rows(5, 3, 10), input, output));
  }

  @Test
  void aShapeOfAnotherKind() {
    refused(
        "a GemmSpec cannot run on the shape Elements[outer=1, inner=1, inputStride=1,"
            + " outputStride=1]: GEMM takes Shape.Rows, convolution Shape.Image, elementwise"
            + " Shape.Elements",
        () -> run(new Shape.Elements(1, 1, 1, 1), input, output));
    kernel = new FakeKernel(ConvSpec.of(1, 1, Window.of(1)), arena, STRIPS, 0);
    assertThrows(IllegalArgumentException.class, () -> run(ROWS, input, output));
    kernel = new FakeKernel(DynamicQuantizeSpec.onnx(), arena, STRIPS, 0);
    assertThrows(IllegalArgumentException.class, () -> run(ROWS, input, output));
  }

  // ---- alignment, overlap, access

  @Test
  void misalignedInt32() {
    refused(
        "the output segment is aligned to 1 bytes; 4-byte elements need 4 (an int[] or float[],"
            + " not a byte[])",
        () -> run(ROWS, input, MemorySegment.ofArray(new byte[40])));
    MemorySegment room = arena.allocate(64, 8);
    refused(
        "the output segment is aligned to 2 bytes; 4-byte elements need 4",
        () -> run(ROWS, input, room.asSlice(2, 40)));
  }

  @Test
  void overlaps() {
    MemorySegment room = arena.allocate(64, 8);
    refused(
        "the output segment overlaps the input",
        () -> run(ROWS, room.asSlice(36, 15), room.asSlice(0, 40)));
    MemorySegment heap = MemorySegment.ofArray(new int[16]);
    refused(
        "the output segment overlaps the input",
        () -> run(ROWS, heap.asSlice(39, 15), heap.asSlice(0, 40)));
    refused(
        "the scratch segment overlaps the input",
        () -> kernel.run(ROWS, room.asSlice(15, 15), output, null, room.asSlice(0, 16), 0, 1));
    refused(
        "the scratch segment overlaps the output",
        () -> kernel.run(ROWS, input, room.asSlice(8, 40), null, room.asSlice(0, 16), 0, 1));
  }

  @Test
  void readOnlySegments() {
    refused("the output segment is read-only", () -> run(ROWS, input, output.asReadOnly()));
    refused(
        "the scratch segment is read-only",
        () -> kernel.run(ROWS, input, output, null, scratch.asReadOnly(), 0, STRIPS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"input", "output", "scratch"})
  void closedArenas(String which) {
    Arena brief = Arena.ofShared();
    MemorySegment gone = brief.allocate(64, 8);
    brief.close();
    MemorySegment in = which.equals("input") ? gone : input;
    MemorySegment out = which.equals("output") ? gone : output;
    MemorySegment aside = which.equals("scratch") ? gone : scratch;
    closed(
        "the arena of the " + which + " segment is closed",
        () -> kernel.run(ROWS, in, out, null, aside, 0, STRIPS));
  }

  @Test
  void aKernelDiesWithItsArena() {
    Arena brief = Arena.ofConfined();
    kernel = new FakeKernel(GEMM, brief, STRIPS, 0);
    brief.close();
    closed("the arena of the kernel's segment is closed", () -> run(ROWS, input, output));
  }

  @Test
  void operandsOfAnotherThread() throws InterruptedException {
    kernel = new FakeKernel(GEMM, Arena.ofAuto(), STRIPS, 0);
    MemorySegment in = MemorySegment.ofArray(new byte[15]);
    MemorySegment out = MemorySegment.ofArray(new int[10]);
    elsewhere("the input segment is confined to another thread", () -> run(ROWS, input, out));
    elsewhere("the output segment is confined to another thread", () -> run(ROWS, in, output));
  }

  @Test
  void aKernelOfAnotherThread() throws InterruptedException {
    MemorySegment in = MemorySegment.ofArray(new byte[15]);
    MemorySegment out = MemorySegment.ofArray(new int[10]);
    MemorySegment aside = MemorySegment.ofArray(new byte[16]);
    elsewhere(
        "the kernel's segment is confined to another thread",
        () -> kernel.run(ROWS, in, out, null, aside, 0, STRIPS));
  }

  // ---- what a kernel is asked

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
}
