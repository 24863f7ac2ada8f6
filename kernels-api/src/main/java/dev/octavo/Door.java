package dev.octavo;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Everything that is checked before a backend is reached, once, for all backends. Behind this door
 * a kernel may assume that every address it can compute from spec and shape lies in the caller's
 * segments, that the output overlaps nothing, and that no size overflows.
 *
 * <p>Nothing here allocates on the way through: only a failure builds its message.
 */
final class Door {
  private Door() {}

  // ---- specs

  static int channels(Scales scales, ZeroPoints zeroPoints) {
    int s = Objects.requireNonNull(scales, "scales").count();
    int z = Objects.requireNonNull(zeroPoints, "zeroPoints").count();
    if (s != z && s != 1 && z != 1) {
      throw new IllegalArgumentException(s + " scales but " + z + " zero points");
    }
    return Math.max(s, z);
  }

  static Shape.Elements denseElements(
      int channels, long outer, long inner, ElementType input, ElementType output) {
    return new Shape.Elements(
        outer,
        inner,
        Checks.product("input row bytes", channels, inner, input.bytes()),
        Checks.product("output row bytes", channels, inner, output.bytes()));
  }

  // ---- prepare

  static void checkBias(Bias bias, int channels, Output output) {
    boolean floatBias =
        output instanceof Output.Requantized r && r.recipe() == Recipe.FLOAT32_FLOAT_BIAS;
    switch (bias) {
      case Bias.None n -> {
        return;
      }
      case Bias.Int32 i -> {
        if (floatBias) {
          throw new IllegalArgumentException(
              "FLOAT32_FLOAT_BIAS takes a float bias in accumulator units, not an int32 bias");
        }
      }
      case Bias.Float32 f -> {
        if (!floatBias && !(output instanceof Output.Dequantized)) {
          throw new IllegalArgumentException(
              "a float bias goes with Dequantized output or FLOAT32_FLOAT_BIAS, not with "
                  + output);
        }
      }
    }
    if (bias.count() != channels) {
      throw new IllegalArgumentException(
          "the bias has " + bias.count() + " values for " + channels + " output channels");
    }
  }

  static void checkWeights(Spec spec, Weights weights) {
    Objects.requireNonNull(weights, "weights");
    switch (spec) {
      case GemmSpec g -> {
        checkBias(weights.bias(), g.n(), g.output());
        checkFilter(weights, g.n(), 1, 1, g.k());
      }
      case ConvSpec c -> {
        checkBias(weights.bias(), c.outChannels(), c.output());
        Window w = c.window();
        checkFilter(
            weights, c.outChannels(), w.kernelHeight(), w.kernelWidth(), c.groupInChannels());
      }
      default -> {}
    }
  }

  private static void checkFilter(Weights weights, int o, int h, int w, int i) {
    long bytes = 0;
    if (o > 0 && i > 0) {
      bytes =
          sum(
              "weight bytes",
              1,
              Checks.product("weight bytes", o - 1, weights.outStride()),
              Checks.product("weight bytes", h - 1, weights.heightStride()),
              Checks.product("weight bytes", w - 1, weights.widthStride()),
              Checks.product("weight bytes", i - 1, weights.inStride()));
    }
    checkSegment("weights", weights.data(), bytes, 1);
  }

  // ---- shapes

  static void checkShape(Spec spec, Shape shape) {
    Objects.requireNonNull(shape, "shape");
    switch (spec) {
      case GemmSpec g when shape instanceof Shape.Rows rows -> checkRows(g, rows);
      case ConvSpec c when shape instanceof Shape.Image image -> checkImage(c, image);
      case RequantizeSpec r when shape instanceof Shape.Elements e ->
          checkElements(r, r.channels(), e);
      case QuantizeSpec q when shape instanceof Shape.Elements e ->
          checkElements(q, q.channels(), e);
      case DequantizeSpec d when shape instanceof Shape.Elements e ->
          checkElements(d, d.channels(), e);
      case DynamicQuantizeSpec d when shape instanceof Shape.Elements e -> checkElements(d, 1, e);
      case FakeQuantizeSpec f when shape instanceof Shape.Elements e ->
          checkElements(f, f.grid().channels(), e);
      default ->
          throw new IllegalArgumentException(
              "a "
                  + spec.getClass().getSimpleName()
                  + " cannot run on the shape "
                  + shape
                  + ": GEMM takes Shape.Rows, convolution Shape.Image, elementwise Shape.Elements");
    }
  }

  private static void checkRows(GemmSpec spec, Shape.Rows rows) {
    checkStride("lhs stride", rows.lhsStride(), spec.k(), 1);
    int element = spec.outputType().bytes();
    checkStride("dst stride", rows.dstStride(), (long) spec.n() * element, element);
  }

  private static void checkElements(Spec spec, int channels, Shape.Elements e) {
    long row = Checks.product("row elements", channels, e.inner());
    int in = spec.inputType().bytes();
    int out = spec.outputType().bytes();
    checkStride("input stride", e.inputStride(), Checks.product("input row bytes", row, in), in);
    checkStride(
        "output stride", e.outputStride(), Checks.product("output row bytes", row, out), out);
  }

  private static void checkImage(ConvSpec spec, Shape.Image image) {
    int out = spec.outputType().bytes();
    span(
        "input", image.input(), image.batch(), image.height(), image.width(), spec.inChannels(), 1);
    span(
        "output",
        image.output(),
        image.batch(),
        spec.window().outHeight(image.height()),
        spec.window().outWidth(image.width()),
        spec.outChannels(),
        out);
  }

  private static void checkStride(String what, long stride, long row, int element) {
    if (stride < row) {
      throw new IllegalArgumentException(
          what + " " + stride + " is smaller than a row of " + row + " bytes");
    }
    if (stride % element != 0) {
      throw new IllegalArgumentException(
          what + " " + stride + " is not a multiple of the element size " + element);
    }
  }

  /** Bytes from the first element to the end of the last; fails if two elements could overlap. */
  private static long span(
      String what, Strides s, long batch, int height, int width, int channels, int element) {
    if (batch == 0) {
      return 0;
    }
    long span;
    if (s.c() == element) {
      span = axis(what, "channel", s.c(), channels, element, element);
      span = axis(what, "column", s.w(), width, span, element);
      span = axis(what, "row", s.h(), height, span, element);
    } else if (s.w() == element) {
      span = axis(what, "column", s.w(), width, element, element);
      span = axis(what, "row", s.h(), height, span, element);
      span = axis(what, "channel", s.c(), channels, span, element);
    } else {
      throw new IllegalArgumentException(
          what
              + " strides "
              + s
              + " are neither channels-last (c = "
              + element
              + ") nor channels-first (w = "
              + element
              + ")");
    }
    return axis(what, "image", s.n(), batch, span, element);
  }

  private static long axis(
      String what, String axis, long stride, long extent, long inner, int element) {
    if (extent > 1 && stride < inner) {
      throw new IllegalArgumentException(
          what
              + " "
              + axis
              + " stride "
              + stride
              + " is smaller than the "
              + inner
              + " bytes inside");
    }
    if (stride % element != 0) {
      throw new IllegalArgumentException(
          what + " " + axis + " stride " + stride + " is not a multiple of " + element);
    }
    return sum(what, Checks.product(what, extent - 1, stride), inner);
  }

  private static long rowSpan(String what, long rows, long stride, long rowBytes) {
    if (rows == 0 || rowBytes == 0) {
      return 0;
    }
    return sum(what, Checks.product(what, rows - 1, stride), rowBytes);
  }

  private static long sum(String what, long a, long b) {
    long sum = a + b;
    if (sum < 0) {
      throw new IllegalArgumentException(what + " overflows: " + a + " + " + b);
    }
    return sum;
  }

  private static long sum(String what, long a, long b, long c, long d, long e) {
    return sum(what, sum(what, sum(what, a, b), sum(what, c, d)), e);
  }

  // ---- run

  static long inputBytes(Spec spec, Shape shape) {
    return switch (shape) {
      case Shape.Rows r -> rowSpan("lhs bytes", r.m(), r.lhsStride(), ((GemmSpec) spec).k());
      case Shape.Image i ->
          span(
              "input",
              i.input(),
              i.batch(),
              i.height(),
              i.width(),
              ((ConvSpec) spec).inChannels(),
              1);
      case Shape.Elements e ->
          rowSpan(
              "input bytes",
              e.outer(),
              e.inputStride(),
              channels(spec) * e.inner() * spec.inputType().bytes());
    };
  }

  static long outputBytes(Spec spec, Shape shape) {
    int element = spec.outputType().bytes();
    return switch (shape) {
      case Shape.Rows r ->
          rowSpan("dst bytes", r.m(), r.dstStride(), (long) ((GemmSpec) spec).n() * element);
      case Shape.Image i -> {
        ConvSpec c = (ConvSpec) spec;
        yield span(
            "output",
            i.output(),
            i.batch(),
            c.window().outHeight(i.height()),
            c.window().outWidth(i.width()),
            c.outChannels(),
            element);
      }
      case Shape.Elements e ->
          rowSpan(
              "output bytes", e.outer(), e.outputStride(), channels(spec) * e.inner() * element);
    };
  }

  private static int channels(Spec spec) {
    return switch (spec) {
      case RequantizeSpec r -> r.channels();
      case QuantizeSpec q -> q.channels();
      case DequantizeSpec d -> d.channels();
      case FakeQuantizeSpec f -> f.grid().channels();
      default -> 1;
    };
  }

  static void checkOperands(
      Spec spec, Shape shape, MemorySegment input, MemorySegment output, LhsParameters lhs) {
    checkSegment("input", input, inputBytes(spec, shape), spec.inputType().bytes());
    checkSegment("output", output, outputBytes(spec, shape), spec.outputType().bytes());
    if (output.isReadOnly()) {
      throw new IllegalArgumentException("the output segment is read-only");
    }
    checkOverlap("output", output, "input", input);
    switch (spec) {
      case GemmSpec g -> checkLhs(g.lhs(), g.lhsType(), g.output(), shape, output, lhs);
      case ConvSpec c -> checkLhs(c.lhs(), c.lhsType(), c.output(), shape, output, lhs);
      case DynamicQuantizeSpec d -> checkDynamic(d, (Shape.Elements) shape, input, output, lhs);
      default -> {}
    }
  }

  private static void checkLhs(
      LhsQuantization lhs,
      ElementType type,
      Output out,
      Shape shape,
      MemorySegment output,
      LhsParameters given) {
    if (lhs instanceof LhsQuantization.Fixed) {
      return;
    }
    requireParameters(given);
    long count = lhs instanceof LhsQuantization.PerRow ? ((Shape.Rows) shape).m() : 1;
    long bytes = Checks.product("lhs parameter bytes", 4, count);
    checkSegment("lhs zero points", given.zeroPoints(), bytes, 4);
    checkOverlap("output", output, "lhs zero points", given.zeroPoints());
    if (out instanceof Output.Dequantized) {
      checkSegment("lhs scales", given.scales(), bytes, 4);
      checkOverlap("output", output, "lhs scales", given.scales());
    }
    if (lhs instanceof LhsQuantization.PerTensor) {
      type.requireInRange(
          "lhs zero point", given.zeroPoints().get(java.lang.foreign.ValueLayout.JAVA_INT, 0));
    }
  }

  private static void checkDynamic(
      DynamicQuantizeSpec spec,
      Shape.Elements shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters given) {
    requireParameters(given);
    long bytes = Checks.product("lhs parameter bytes", 4, spec.perRow() ? shape.outer() : 1);
    checkSegment("scales", given.scales(), bytes, 4);
    checkSegment("zero points", given.zeroPoints(), bytes, 4);
    if (given.scales().isReadOnly() || given.zeroPoints().isReadOnly()) {
      throw new IllegalArgumentException("the scales and zero points to be written are read-only");
    }
    checkOverlap("output", output, "scales", given.scales());
    checkOverlap("output", output, "zero points", given.zeroPoints());
    checkOverlap("scales", given.scales(), "zero points", given.zeroPoints());
    checkOverlap("scales", given.scales(), "input", input);
    checkOverlap("zero points", given.zeroPoints(), "input", input);
  }

  private static void requireParameters(LhsParameters given) {
    if (given == null) {
      throw new IllegalArgumentException(
          "this kernel's scales and zero points are known at run time: pass LhsParameters");
    }
  }

  static void checkScratch(
      MemorySegment scratch,
      long bytes,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs) {
    if (bytes == 0) {
      return;
    }
    checkSegment("scratch", scratch, bytes, 1);
    if (scratch.isReadOnly()) {
      throw new IllegalArgumentException("the scratch segment is read-only");
    }
    checkOverlap("scratch", scratch, "input", input);
    checkOverlap("scratch", scratch, "output", output);
    if (lhs != null) {
      checkOverlap("scratch", scratch, "lhs scales", lhs.scales());
      checkOverlap("scratch", scratch, "lhs zero points", lhs.zeroPoints());
    }
  }

  static void checkStrips(long first, long last, long strips) {
    if (first < 0 || last < first || last > strips) {
      throw new IndexOutOfBoundsException(
          "strips [" + first + ", " + last + ") are not within [0, " + strips + ")");
    }
  }

  /** Size, alignment, life and thread of a segment; overflow of bytes was checked before. */
  static void checkSegment(String what, MemorySegment segment, long bytes, int alignment) {
    Objects.requireNonNull(segment, what);
    checkAccess(what, segment);
    if (segment.byteSize() < bytes) {
      throw new IndexOutOfBoundsException(
          "the "
              + what
              + " segment has "
              + segment.byteSize()
              + " bytes; "
              + bytes
              + " are needed");
    }
    if (bytes > 0 && segment.maxByteAlignment() < alignment) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " segment is aligned to "
              + segment.maxByteAlignment()
              + " bytes; 4-byte elements need 4"
              + (segment.isNative() ? "" : " (an int[] or float[], not a byte[])"));
    }
  }

  static void checkAccess(String what, MemorySegment segment) {
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("the arena of the " + what + " segment is closed");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException(
          "the "
              + what
              + " segment is confined to another thread than "
              + Thread.currentThread().getName());
    }
  }

  private static void checkOverlap(String what, MemorySegment a, String other, MemorySegment b) {
    if (a.asOverlappingSlice(b).isPresent()) {
      throw new IllegalArgumentException("the " + what + " segment overlaps the " + other);
    }
  }
}
