package dev.octavo.conformance.contract;

import static dev.octavo.conformance.contract.Spoiling.argument;
import static dev.octavo.conformance.contract.Spoiling.bounds;
import static dev.octavo.conformance.contract.Spoiling.missing;

import dev.octavo.LhsParameters;
import dev.octavo.Shape;
import dev.octavo.Strides;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Everything that can be wrong with the arguments of a run. */
final class Spoilings {
  private static final long HUGE = Long.MAX_VALUE / 4;

  private Spoilings() {}

  /** What can be wrong with any run. */
  static List<Spoiling> ofAny(Scene scene) {
    List<Spoiling> list = new ArrayList<>();
    list.add(missing("no shape", "shape", s -> s.shape = null));
    list.add(missing("no input", "input", s -> s.input = null));
    list.add(missing("no output", "output", s -> s.output = null));
    list.add(argument("a shape of another kind", "shape", s -> s.shape = otherKind(s.shape)));
    list.add(bounds("input a byte short", "input", s -> s.input = shortened(s.input)));
    list.add(bounds("output a byte short", "output", s -> s.output = shortened(s.output)));
    list.add(argument("read-only output", "read-only", s -> s.output = s.output.asReadOnly()));
    list.add(argument("output over input", "overlaps", Spoilings::overlapInput));
    list.add(argument("output over input, on the heap", "overlaps", Spoilings::overlapInputOnHeap));
    list.add(bounds("first strip below 0", "-1", s -> s.first = -1));
    list.add(
        bounds(
            "last strip beyond the end",
            Long.toString(scene.strips + 1),
            s -> s.last = s.strips + 1));
    list.add(
        bounds(
            "strips backwards",
            "[1, 0)",
            s -> {
              s.first = 1;
              s.last = 0;
            }));
    list.add(closed("input in a closed arena", s -> s.input = closed(s.input.byteSize())));
    list.add(closed("output in a closed arena", s -> s.output = closed(s.output.byteSize())));
    list.add(closed("kernel in a closed arena", s -> s.kernelArena.close()));
    list.add(wrongThread("input of another thread", s -> s.input = foreign(s.input.byteSize())));
    list.add(wrongThread("output of another thread", s -> s.output = foreign(s.output.byteSize())));
    if (scene.spec.inputType().bytes() > 1) {
      list.add(
          argument(
              "misaligned native input",
              "aligned",
              s -> s.input = misaligned(s, s.input.byteSize())));
      list.add(
          argument(
              "4-byte input in a byte[]", "aligned", s -> s.input = bytes(s.input.byteSize())));
    }
    if (scene.spec.outputType().bytes() > 1) {
      list.add(
          argument(
              "misaligned native output",
              "aligned",
              s -> s.output = misaligned(s, s.output.byteSize())));
      list.add(
          argument(
              "4-byte output in a byte[]", "aligned", s -> s.output = bytes(s.output.byteSize())));
    }
    if (scene.scratchBytes > 0) {
      list.add(missing("no scratch", "scratch", s -> s.scratch = null));
      list.add(bounds("scratch a byte short", "scratch", s -> s.scratch = shortened(s.scratch)));
      list.add(argument("read-only scratch", "read-only", s -> s.scratch = s.scratch.asReadOnly()));
      list.add(
          argument("scratch over input", "overlaps", s -> s.scratch = grown(s, s.input, true)));
      list.add(
          argument("scratch over output", "overlaps", s -> s.scratch = grown(s, s.output, false)));
      list.add(closed("scratch in a closed arena", s -> s.scratch = closed(s.scratchBytes)));
      list.add(wrongThread("scratch of another thread", s -> s.scratch = foreign(s.scratchBytes)));
    }
    return list;
  }

  /** What can be wrong with the shape of a run. */
  static List<Spoiling> ofShape(Scene scene) {
    return switch (scene.shape) {
      case Shape.Rows r -> ofRows(r, scene.spec.outputType().bytes());
      case Shape.Image i -> ofImage(i);
      case Shape.Elements e -> ofElements(e);
    };
  }

  private static List<Spoiling> ofRows(Shape.Rows r, int element) {
    List<Spoiling> list = new ArrayList<>();
    list.add(
        argument(
            "negative m", "-1", s -> s.shape = new Shape.Rows(-1, r.lhsStride(), r.dstStride())));
    list.add(
        argument(
            "lhs rows that overlap",
            "lhs stride",
            s -> s.shape = new Shape.Rows(r.m(), r.lhsStride() - 1, r.dstStride())));
    list.add(
        argument(
            "dst rows that overlap",
            "dst stride",
            s -> s.shape = new Shape.Rows(r.m(), r.lhsStride(), r.dstStride() - element)));
    list.add(
        bounds(
            "a row too many",
            "input",
            s -> s.shape = new Shape.Rows(r.m() + 1, r.lhsStride(), r.dstStride())));
    list.add(
        argument(
            "more rows than 63 bits of bytes",
            "overflow",
            s -> s.shape = new Shape.Rows(HUGE, 1L << 20, 1L << 20)));
    list.add(
        argument(
            "a stride beyond 63 bits",
            "overflow",
            s -> s.shape = new Shape.Rows(r.m(), HUGE * 3, r.dstStride())));
    if (element > 1) {
      list.add(
          argument(
              "dst rows off their alignment",
              "multiple",
              s -> s.shape = new Shape.Rows(r.m(), r.lhsStride(), r.dstStride() + 1)));
    }
    return list;
  }

  private static List<Spoiling> ofImage(Shape.Image i) {
    Strides in = i.input();
    Strides out = i.output();
    return List.of(
        argument(
            "negative batch",
            "-1",
            s -> s.shape = new Shape.Image(-1, i.height(), i.width(), in, out)),
        argument("no height", "height", s -> s.shape = new Shape.Image(1, 0, i.width(), in, out)),
        argument(
            "an image smaller than the kernel",
            "kernel",
            s -> s.shape = new Shape.Image(1, 1, 1, in, out)),
        argument(
            "input rows that overlap",
            "stride",
            s ->
                s.shape =
                    new Shape.Image(
                        i.batch(),
                        i.height(),
                        i.width(),
                        new Strides(in.n(), in.h() - 1, in.w(), in.c()),
                        out)),
        argument(
            "output rows that overlap",
            "stride",
            s ->
                s.shape =
                    new Shape.Image(
                        i.batch(),
                        i.height(),
                        i.width(),
                        in,
                        new Strides(out.n(), out.h() - 4, out.w(), out.c()))),
        argument(
            "neither channels-last nor channels-first",
            "stride",
            s ->
                s.shape =
                    new Shape.Image(
                        i.batch(),
                        i.height(),
                        i.width(),
                        new Strides(in.n() * 2, in.h() * 2, in.w() * 2, 2),
                        out)),
        argument(
            "more images than 63 bits of bytes",
            "overflow",
            s -> s.shape = new Shape.Image(HUGE, i.height(), i.width(), in, out)),
        bounds(
            "an image too many",
            "input",
            s -> s.shape = new Shape.Image(i.batch() + 1, i.height(), i.width(), in, out)));
  }

  private static List<Spoiling> ofElements(Shape.Elements e) {
    return List.of(
        argument(
            "negative outer",
            "-1",
            s -> s.shape = new Shape.Elements(-1, e.inner(), e.inputStride(), e.outputStride())),
        argument(
            "negative inner",
            "-1",
            s -> s.shape = new Shape.Elements(e.outer(), -1, e.inputStride(), e.outputStride())),
        argument(
            "input rows that overlap",
            "input stride",
            s -> s.shape = new Shape.Elements(e.outer(), e.inner(), 0, e.outputStride())),
        argument(
            "output rows that overlap",
            "output stride",
            s -> s.shape = new Shape.Elements(e.outer(), e.inner(), e.inputStride(), 0)),
        argument(
            "more elements than 63 bits of bytes",
            "overflow",
            s -> s.shape = new Shape.Elements(HUGE, e.inner(), e.inputStride(), e.outputStride())),
        argument(
            "rows longer than 63 bits",
            "overflow",
            s ->
                s.shape = new Shape.Elements(1, Long.MAX_VALUE, e.inputStride(), e.outputStride())),
        bounds(
            "a row too many",
            "input",
            s ->
                s.shape =
                    new Shape.Elements(
                        e.outer() + 1, e.inner(), e.inputStride(), e.outputStride())));
  }

  /** What can be wrong with parameters that are only known at run time. */
  static List<Spoiling> ofParameters(boolean written, boolean scales, boolean perTensor) {
    List<Spoiling> list = new ArrayList<>();
    list.add(argument("no run-time parameters", "LhsParameters", s -> s.lhs = null));
    list.add(
        bounds(
            "too few zero points",
            "zero points",
            s -> s.lhs = new LhsParameters(s.lhs.scales(), shortened(s.lhs.zeroPoints()))));
    list.add(
        argument(
            "output over zero points",
            "overlaps",
            s -> s.lhs = new LhsParameters(s.lhs.scales(), grown(s, s.output, false))));
    list.add(
        argument(
            "misaligned zero points",
            "aligned",
            s ->
                s.lhs =
                    new LhsParameters(
                        s.lhs.scales(), misaligned(s, s.lhs.zeroPoints().byteSize()))));
    list.add(
        closed(
            "zero points in a closed arena",
            s -> s.lhs = new LhsParameters(s.lhs.scales(), closed(s.lhs.zeroPoints().byteSize()))));
    if (scales) {
      list.add(
          bounds(
              "too few scales",
              "scales",
              s -> s.lhs = new LhsParameters(shortened(s.lhs.scales()), s.lhs.zeroPoints())));
    }
    if (written) {
      list.add(
          argument(
              "read-only scales",
              "read-only",
              s -> s.lhs = new LhsParameters(s.lhs.scales().asReadOnly(), s.lhs.zeroPoints())));
      list.add(
          argument(
              "scales over zero points",
              "overlaps",
              s -> s.lhs = new LhsParameters(s.lhs.scales(), s.lhs.scales())));
    }
    if (perTensor) {
      list.add(
          argument(
              "a zero point outside its type",
              "-32896",
              s -> s.lhs.zeroPoints().set(java.lang.foreign.ValueLayout.JAVA_INT, 0, -32896)));
    }
    return list;
  }

  private static Spoiling closed(String what, java.util.function.Consumer<Scene> spoil) {
    return new Spoiling(what, IllegalStateException.class, "closed", spoil);
  }

  private static Spoiling wrongThread(String what, java.util.function.Consumer<Scene> spoil) {
    return new Spoiling(what, WrongThreadException.class, "thread", spoil);
  }

  private static Shape otherKind(Shape shape) {
    return shape instanceof Shape.Rows ? new Shape.Elements(1, 1, 1, 4) : new Shape.Rows(1, 64, 64);
  }

  private static MemorySegment shortened(MemorySegment segment) {
    return segment.asSlice(0, segment.byteSize() - 1);
  }

  /** Input and output as slices of one piece of memory that share at least a byte. */
  private static void overlapInput(Scene s) {
    overlap(s, s.allocate(s.input.byteSize() + s.output.byteSize() + 8));
  }

  private static void overlapInputOnHeap(Scene s) {
    int words = (int) ((s.input.byteSize() + s.output.byteSize()) / 4 + 2);
    overlap(s, MemorySegment.ofArray(new int[words]));
  }

  private static void overlap(Scene s, MemorySegment both) {
    long in = s.input.byteSize();
    long out = s.output.byteSize();
    s.input = both.asSlice(0, in);
    s.output = both.asSlice(in - 1 & ~3L, out);
  }

  /** Scratch that shares its first or last bytes with an operand, which moves there. */
  private static MemorySegment grown(Scene s, MemorySegment operand, boolean input) {
    MemorySegment both = s.allocate(s.scratchBytes + operand.byteSize() + 64);
    MemorySegment moved = both.asSlice(0, operand.byteSize());
    if (input) {
      s.input = moved;
    } else {
      s.output = moved;
    }
    return both.asSlice(operand.byteSize() - 1 & ~3L);
  }

  private static MemorySegment misaligned(Scene s, long bytes) {
    return s.allocate(bytes + 1).asSlice(1);
  }

  private static MemorySegment bytes(long size) {
    return MemorySegment.ofArray(new byte[(int) size]);
  }

  private static MemorySegment closed(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      return arena.allocate(bytes, 4);
    }
  }

  /** Memory confined to a thread that has ended. */
  private static MemorySegment foreign(long bytes) {
    CompletableFuture<MemorySegment> segment = new CompletableFuture<>();
    Thread.ofPlatform().start(() -> segment.complete(Arena.ofConfined().allocate(bytes, 4)));
    return segment.join();
  }
}
