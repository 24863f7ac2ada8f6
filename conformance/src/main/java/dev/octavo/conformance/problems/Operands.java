package dev.octavo.conformance.problems;

import dev.octavo.ElementType;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Cells;
import dev.octavo.conformance.Grid;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/**
 * What a product multiplies.
 *
 * @param lhsType type of the activations
 * @param rhsType type of the weights
 * @param lhs where the lhs zero point comes from
 * @param lhsZero where it lies
 * @param rhsZero where the rhs zero points lie
 * @param rhsPerChannel whether each output channel has one
 * @param lhsFill what the activations are
 * @param rhsFill what the weights are
 */
public record Operands(
    ElementType lhsType,
    ElementType rhsType,
    LhsChoice lhs,
    ZeroPointChoice lhsZero,
    ZeroPointChoice rhsZero,
    boolean rhsPerChannel,
    Fill lhsFill,
    Fill rhsFill) {

  ZeroPoints rhsZeroPoints(int channels, RandomGenerator random) {
    int[] zeroPoints = new int[rhsPerChannel ? Math.max(1, channels) : 1];
    for (int c = 0; c < zeroPoints.length; c++) {
      zeroPoints[c] = rhsZero.value(rhsType, random);
    }
    return ZeroPoints.of(zeroPoints);
  }

  /** The bytes of an operand: its cells filled, and noise between them, which must not matter. */
  static byte[] bytes(Grid grid, Fill fill, RandomGenerator random) {
    byte[] bytes = new byte[grid.bytes()];
    random.nextBytes(bytes);
    MemorySegment data = MemorySegment.ofArray(bytes);
    int[] offsets = grid.offsets();
    for (int cell = 0; cell < offsets.length; cell++) {
      Cells.put(grid.type(), data, offsets[cell], fill.value(grid.type(), cell, random));
    }
    return bytes;
  }
}
