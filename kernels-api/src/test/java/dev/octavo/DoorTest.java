package dev.octavo;

import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octavo.Fakes.FakeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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

  // ---- images

  private static final ConvSpec CONV = ConvSpec.of(2, 3, Window.of(2, 2));

  private void runImage(Strides in, Strides out) {
    Shape.Image shape = new Shape.Image(2, 4, 5, in, out);
    run(shape, arena.allocate(1000), arena.allocate(1000, 4));
  }

  /** In 2 × 4×5×2 bytes, out 2 × 3×4×3 int32. */
  @Test
  void imagesNeedTheirBytes() {
    kernel = new FakeKernel(CONV, arena, STRIPS, 0);
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
        () -> run(nchw, arena.allocate(79), arena.allocate(288, 4)));
    outOfBounds(
        "the output segment has 287 bytes; 288 are needed",
        () -> run(nchw, arena.allocate(80), arena.allocate(287, 4)));
  }

  @Test
  void imageStridesThatOverlapOrAreNoLayout() {
    kernel = new FakeKernel(CONV, arena, STRIPS, 0);
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

  // ---- elementwise

  /** Int32 to u8, 3 channels, rows of 15 elements. */
  @Test
  void elementsNeedTheirBytes() {
    RequantizeSpec spec = RequantizeSpec.of(3, Output.Requantized.onnx(U8, 1f, Scales.ONE, 1f, 0));
    kernel = new FakeKernel(spec, arena, STRIPS, 0);
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
        () -> run(shape, MemorySegment.ofArray(new byte[120]), arena.allocate(30)));
  }

  // ---- scales and zero points known at run time

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

  // ---- shared words

  private static void elsewhere(String message, Runnable code) throws InterruptedException {
    FutureTask<Object> task = new FutureTask<>(code, null);
    Thread other = new Thread(task, "other");
    other.start();
    other.join();
    Throwable thrown = assertThrows(ExecutionException.class, task::get).getCause();
    assertEquals(WrongThreadException.class, thrown.getClass());
    assertEquals(message + " than other", thrown.getMessage());
  }

  private static void isNull(String what, Executable code) {
    assertEquals(what, assertThrows(NullPointerException.class, code).getMessage());
  }

  private static void closed(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalStateException.class, code).getMessage());
  }

  private static void outOfBounds(String message, Executable code) {
    assertEquals(message, assertThrows(IndexOutOfBoundsException.class, code).getMessage());
  }

  private static void refused(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }
}
