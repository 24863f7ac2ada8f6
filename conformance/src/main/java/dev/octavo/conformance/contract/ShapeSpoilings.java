package dev.octavo.conformance.contract;

import static dev.octavo.conformance.contract.Spoiling.argument;
import static dev.octavo.conformance.contract.Spoiling.bounds;

import dev.octavo.Shape;
import dev.octavo.Strides;
import java.util.ArrayList;
import java.util.List;

/** Everything that can be wrong with the shape of a run: extents, strides, overflowing sizes. */
final class ShapeSpoilings {
  private static final long HUGE = Long.MAX_VALUE / 4;

  private ShapeSpoilings() {}

  /** What can be wrong with the shape of a run. */
  static List<Spoiling> of(Scene scene) {
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
}
