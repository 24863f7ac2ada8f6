package dev.octavo.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.octavo.GemmSpec;
import dev.octavo.PackedLayout;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** dst[m, n] = output(Σ_k (lhs[m, k] − zl) · (rhs[n, k] − zr[n]) + bias[n]). */
final class GemmKernel extends ProductKernel {
  private final GemmSpec spec;
  private final int flip;

  GemmKernel(
      GemmSpec spec, Plan plan, PackedLayout layout, Weights weights, Arena arena, Width width) {
    this(spec, plan, Packed.of(spec, layout, weights), weights, arena, width);
  }

  private GemmKernel(
      GemmSpec spec, Plan plan, Packed packed, Weights weights, Arena arena, Width width) {
    super(
        spec,
        spec.lhs(),
        plan,
        arena,
        packed,
        new OutputStage(
            spec.output(),
            weights.bias(),
            new Channels.Columns(spec.n(), Math.max(spec.n(), 1), packed.groupColumns),
            width),
        new Blocks(spec.k(), 1, spec.n(), width.gemm.mr(), width.gemm.nr()),
        width);
    this.spec = spec;
    this.flip = Packed.flip(spec.lhsType());
  }

  @Override
  long units(Shape shape) {
    return 1;
  }

  @Override
  long unitRows(Shape shape) {
    return ((Shape.Rows) shape).m();
  }

  @Override
  void load(Shape shape, MemorySegment input, Workspace w, int k0, int depth, int pitch) {
    long stride = ((Shape.Rows) shape).lhsStride();
    long from = w.row * stride + k0;
    if (stride == depth) {
      MemorySegment.copy(input, JAVA_BYTE, from, w.stage, 0, w.rows * depth);
    } else {
      for (int r = 0; r < w.rows; r++) {
        MemorySegment.copy(input, JAVA_BYTE, from + r * stride, w.stage, r * depth, depth);
      }
    }
    widen(w, 0, depth, flip, 0, pitch, depth, w.rows);
  }

  @Override
  public long dstOffset(Shape shape, Workspace w, int r) {
    return (w.row + r) * ((Shape.Rows) shape).dstStride();
  }

  @Override
  public long channelStride(Shape shape) {
    return spec.outputType().bytes();
  }

  @Override
  public int neighbours(Workspace w, int r) {
    return w.rows - r;
  }
}
