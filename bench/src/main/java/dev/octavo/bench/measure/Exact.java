package dev.octavo.bench.measure;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.bench.measure.Task.Int8;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.conformance.oracle.ConvOracle;
import dev.octavo.conformance.oracle.GemmOracle;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The int32 sums of a task by the oracles of the conformance module. */
final class Exact {

  private Exact() {}

  static int[] sums(Int8 task) {
    MemorySegment input = task.input();
    Weights w = task.weights();
    boolean unsignedInput = task.spec().inputType() == ElementType.U8;
    boolean unsignedWeights = task.product().rhsType() == ElementType.U8;
    ZeroPoints zr = task.product().rhsZeroPoints();
    int[] sums =
        switch (task.problem()) {
          case Gemm g ->
              GemmOracle.accumulators(
                  g.m(),
                  g.n(),
                  g.k(),
                  (row, k) -> number(input, (long) row * g.k() + k, unsignedInput),
                  row -> Epilogue.lhsZeroPoint(task, row),
                  (n, k) -> number(w.data(), w.offset(n, 0, 0, k), unsignedWeights),
                  zr::at);
          case Conv c -> {
            Window v = c.window();
            yield ConvOracle.accumulators(
                new ConvOracle.Extents(
                    c.batch(),
                    new ConvOracle.Axis(
                        c.height(),
                        v.kernelHeight(),
                        v.strideHeight(),
                        v.dilationHeight(),
                        v.padTop(),
                        v.padBottom()),
                    new ConvOracle.Axis(
                        c.width(),
                        v.kernelWidth(),
                        v.strideWidth(),
                        v.dilationWidth(),
                        v.padLeft(),
                        v.padRight()),
                    c.groupChannels(),
                    c.outChannels(),
                    c.groups()),
                (n, y, x, i) ->
                    number(
                        input,
                        (((long) n * c.height() + y) * c.width() + x) * c.channels() + i,
                        unsignedInput),
                Epilogue.lhsZeroPoint(task, 0),
                (o, y, x, i) -> number(w.data(), w.offset(o, y, x, i), unsignedWeights),
                zr::at);
          }
        };
    if (w.bias() instanceof Bias.Int32 bias) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += bias.at(i % task.problem().outputChannels());
      }
    }
    return sums;
  }

  static int number(MemorySegment bytes, long at, boolean unsigned) {
    byte value = bytes.get(ValueLayout.JAVA_BYTE, at);
    return unsigned ? Byte.toUnsignedInt(value) : value;
  }
}
