package dev.octavo.conformance.contract;

import static dev.octavo.conformance.contract.Spoiling.argument;
import static dev.octavo.conformance.contract.Spoiling.bounds;
import static dev.octavo.conformance.contract.Spoiling.confined;
import static dev.octavo.conformance.contract.Spoiling.dead;
import static dev.octavo.conformance.contract.Spoiling.missing;

import dev.octavo.LhsParameters;
import dev.octavo.Shape;
import java.util.ArrayList;
import java.util.List;

/** Everything that can be wrong with the arguments of a run. */
final class Spoilings {
  private Spoilings() {}

  /** What can be wrong with any run. */
  static List<Spoiling> ofAny(Scene scene) {
    List<Spoiling> list = new ArrayList<>();
    list.add(missing("no shape", "shape", s -> s.shape = null));
    list.add(missing("no input", "input", s -> s.input = null));
    list.add(missing("no output", "output", s -> s.output = null));
    list.add(argument("a shape of another kind", "shape", s -> s.shape = otherKind(s.shape)));
    list.add(bounds("input a byte short", "input", s -> s.input = Segments.shortened(s.input)));
    list.add(bounds("output a byte short", "output", s -> s.output = Segments.shortened(s.output)));
    list.add(argument("read-only output", "read-only", s -> s.output = s.output.asReadOnly()));
    list.add(argument("output over input", "overlaps", Segments::overlapInput));
    list.add(argument("output over input, on the heap", "overlaps", Segments::overlapInputOnHeap));
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
    list.add(dead("input in a closed arena", s -> s.input = Segments.closed(s.input.byteSize())));
    list.add(
        dead("output in a closed arena", s -> s.output = Segments.closed(s.output.byteSize())));
    list.add(dead("kernel in a closed arena", s -> s.kernelArena.close()));
    list.add(
        confined(
            "kernel of another thread",
            s -> Segments.onAnotherThread(arena -> s.prepareIn(arena))));
    list.add(
        confined("input of another thread", s -> s.input = Segments.foreign(s.input.byteSize())));
    list.add(
        confined(
            "output of another thread", s -> s.output = Segments.foreign(s.output.byteSize())));
    if (scene.spec.inputType().bytes() > 1) {
      list.add(
          argument(
              "misaligned native input",
              "aligned",
              s -> s.input = Segments.misaligned(s, s.input.byteSize())));
      list.add(
          argument(
              "4-byte input in a byte[]",
              "aligned",
              s -> s.input = Segments.bytes(s.input.byteSize())));
    }
    if (scene.spec.outputType().bytes() > 1) {
      list.add(
          argument(
              "misaligned native output",
              "aligned",
              s -> s.output = Segments.misaligned(s, s.output.byteSize())));
      list.add(
          argument(
              "4-byte output in a byte[]",
              "aligned",
              s -> s.output = Segments.bytes(s.output.byteSize())));
    }
    if (scene.scratchBytes > 0) {
      list.add(missing("no scratch", "scratch", s -> s.scratch = null));
      list.add(
          bounds(
              "scratch a byte short", "scratch", s -> s.scratch = Segments.shortened(s.scratch)));
      list.add(argument("read-only scratch", "read-only", s -> s.scratch = s.scratch.asReadOnly()));
      list.add(
          argument(
              "scratch over input", "overlaps", s -> s.scratch = Segments.grown(s, s.input, true)));
      list.add(
          argument(
              "scratch over output",
              "overlaps",
              s -> s.scratch = Segments.grown(s, s.output, false)));
      list.add(dead("scratch in a closed arena", s -> s.scratch = Segments.closed(s.scratchBytes)));
      list.add(
          confined("scratch of another thread", s -> s.scratch = Segments.foreign(s.scratchBytes)));
    }
    return list;
  }

  /** What can be wrong with parameters that are only known at run time. */
  static List<Spoiling> ofParameters(boolean written, boolean scales, boolean perTensor) {
    List<Spoiling> list = new ArrayList<>();
    list.add(argument("no run-time parameters", "LhsParameters", s -> s.lhs = null));
    list.add(
        bounds(
            "too few zero points",
            "zero points",
            s ->
                s.lhs = new LhsParameters(s.lhs.scales(), Segments.shortened(s.lhs.zeroPoints()))));
    list.add(
        argument(
            "output over zero points",
            "overlaps",
            s -> s.lhs = new LhsParameters(s.lhs.scales(), Segments.grown(s, s.output, false))));
    list.add(
        argument(
            "misaligned zero points",
            "aligned",
            s ->
                s.lhs =
                    new LhsParameters(
                        s.lhs.scales(), Segments.misaligned(s, s.lhs.zeroPoints().byteSize()))));
    list.add(
        dead(
            "zero points in a closed arena",
            s ->
                s.lhs =
                    new LhsParameters(
                        s.lhs.scales(), Segments.closed(s.lhs.zeroPoints().byteSize()))));
    if (scales) {
      list.add(
          bounds(
              "too few scales",
              "scales",
              s ->
                  s.lhs =
                      new LhsParameters(Segments.shortened(s.lhs.scales()), s.lhs.zeroPoints())));
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

  private static Shape otherKind(Shape shape) {
    return shape instanceof Shape.Rows ? new Shape.Elements(1, 1, 1, 4) : new Shape.Rows(1, 64, 64);
  }
}
