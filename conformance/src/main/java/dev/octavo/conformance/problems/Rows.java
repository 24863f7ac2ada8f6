package dev.octavo.conformance.problems;

import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.conformance.Cells;
import dev.octavo.conformance.Grid;
import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Where the elements of an elementwise problem lie.
 *
 * @param outer rows
 * @param channels of each row
 * @param inner elements of each channel
 * @param inputGap elements between two input rows
 * @param outputGap elements between two output rows
 */
public record Rows(int outer, int channels, int inner, int inputGap, int outputGap) {
  Shape.Elements shape(Spec spec) {
    long row = (long) channels * inner;
    return new Shape.Elements(
        outer,
        inner,
        (row + inputGap) * spec.inputType().bytes(),
        (row + outputGap) * spec.outputType().bytes());
  }

  /** Input bytes whose cells' bits a function of the channel gives, and noise between them. */
  byte[] input(Spec spec, IntUnaryOperator bitsOfChannel, RandomGenerator random) {
    Grid grid = Grid.input(spec, shape(spec));
    byte[] bytes = new byte[grid.bytes()];
    random.nextBytes(bytes);
    MemorySegment data = MemorySegment.ofArray(bytes);
    int[] offsets = grid.offsets();
    for (int cell = 0; cell < offsets.length; cell++) {
      int channel = cell / inner % channels;
      Cells.put(grid.type(), data, offsets[cell], bitsOfChannel.applyAsInt(channel));
    }
    return bytes;
  }
}
