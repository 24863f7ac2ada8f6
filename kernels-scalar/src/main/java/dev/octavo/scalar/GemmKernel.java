package dev.octavo.scalar;

import dev.octavo.GemmSpec;
import dev.octavo.LhsParameters;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** dst[m, n] = output(Σ_k (lhs[m, k] − zl) · (rhs[n, k] − zr[n]) + bias[n]). */
final class GemmKernel extends ProductKernel {
  private final GemmSpec spec;
  private final OutputStage stage;

  GemmKernel(GemmSpec spec, Plan plan, Weights weights, Arena arena) {
    super(
        spec, plan, arena, Filters.of(spec, weights, arena), new Blocks(spec.k(), 1, spec.n(), 1));
    this.spec = spec;
    this.stage = new OutputStage(spec.output(), weights.bias());
  }

  @Override
  long rows(Shape shape) {
    return ((Shape.Rows) shape).m();
  }

  @Override
  void load(Shape shape, MemorySegment input, LhsParameters lhs, Strip strip, int r) {
    long row = strip.row + r;
    long from = row * ((Shape.Rows) shape).lhsStride();
    int zero = LhsValues.zeroPoint(spec.lhs(), lhs, row);
    Elements.read(input, from, 1, spec.k(), strip.bytes);
    Elements.widen(spec.lhsType(), strip.bytes, spec.k(), zero, strip.lhs[r], 0);
  }

  @Override
  void store(Shape shape, MemorySegment output, LhsParameters lhs, Strip strip, int r) {
    long row = strip.row + r;
    int element = spec.outputType().bytes();
    long to = row * ((Shape.Rows) shape).dstStride() + (long) strip.channel * element;
    float scale = stage.needsScale() ? LhsValues.scale(spec.lhs(), lhs, row) : 0;
    stage.write(strip, r, scale, output, to, element);
  }
}
