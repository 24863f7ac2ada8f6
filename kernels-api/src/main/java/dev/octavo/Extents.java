package dev.octavo;

import java.util.Objects;

/**
 * The extents and strides of shapes: whether they fit a spec, and how many bytes they span. Every
 * size is computed here once, in 63 bits or with a clear error; behind the {@link Door} nothing
 * overflows.
 */
final class Extents {
  private Extents() {}

  static Shape.Elements denseElements(
      int channels, long outer, long inner, ElementType input, ElementType output) {
    return new Shape.Elements(
        outer,
        inner,
        Checks.product("input row bytes", channels, inner, input.bytes()),
        Checks.product("output row bytes", channels, inner, output.bytes()));
  }

  /** Whether a shape is of the spec's kind, and its strides keep elements apart. */
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
    return Checks.sum(what, Checks.product(what, extent - 1, stride), inner);
  }

  private static long rowSpan(String what, long rows, long stride, long rowBytes) {
    if (rows == 0 || rowBytes == 0) {
      return 0;
    }
    return Checks.sum(what, Checks.product(what, rows - 1, stride), rowBytes);
  }

  /** {@link Kernel#inputBytes} of a shape that was checked. */
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

  /** {@link Kernel#outputBytes} of a shape that was checked. */
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
}
