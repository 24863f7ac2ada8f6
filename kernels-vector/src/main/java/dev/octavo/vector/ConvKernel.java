package dev.octavo.vector;

import dev.octavo.ConvSpec;
import dev.octavo.LhsParameters;
import dev.octavo.PackedLayout;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Weights;
import dev.octavo.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A convolution is a GEMM whose lhs rows are the windows of the output pixels. Only those of one
 * strip and one chunk of k exist at a time, as floats in the cache, made from the stage of {@link
 * Images}: k is ordered [height][width][channel], so a filter row is one run where nothing is
 * skipped.
 */
final class ConvKernel extends ProductKernel {
  private final ConvSpec spec;
  private final Window window;
  private final Images images;
  private final int flip;

  /** Bytes of the stage that are neighbours in k too: a filter row, or a tap. */
  private final int run;

  ConvKernel(
      ConvSpec spec, Plan plan, PackedLayout layout, Weights weights, Arena arena, Width width) {
    this(spec, plan, Packed.of(spec, layout, weights), weights, arena, width);
  }

  private ConvKernel(
      ConvSpec spec, Plan plan, Packed packed, Weights weights, Arena arena, Width width) {
    super(
        spec,
        spec.lhs(),
        plan,
        arena,
        packed,
        new OutputStage(
            spec.output(),
            weights.bias(),
            new Channels.Columns(spec.outChannels(), spec.groupOutChannels(), packed.groupColumns),
            width),
        new Blocks(
            spec.k(), spec.groups(), spec.groupOutChannels(), width.gemm.mr(), width.gemm.nr()),
        width);
    this.spec = spec;
    this.window = spec.window();
    this.images = new Images(spec);
    this.flip = Packed.flip(spec.lhsType());
    this.run =
        spec.groups() == 1 && window.dilationWidth() == 1
            ? window.kernelWidth() * spec.inChannels()
            : spec.groupInChannels();
  }

  @Override
  long units(Shape shape) {
    return images.units((Shape.Image) shape);
  }

  @Override
  long unitRows(Shape shape) {
    return images.unitRows((Shape.Image) shape);
  }

  @Override
  void gather(Shape shape, MemorySegment input, LhsParameters lhs, Workspace w) {
    if (w.staged != w.row) {
      int padding = LhsValues.zeroPoint(spec.lhs(), lhs, 0);
      images.gather((Shape.Image) shape, input, padding, w);
      w.staged = w.row;
    }
  }

  @Override
  void load(Shape shape, MemorySegment input, Workspace w, int k0, int depth, int pitch) {
    int group = w.channel / spec.groupOutChannels() * spec.groupInChannels();
    int perLine = window.kernelWidth() * spec.groupInChannels() / run;
    int across;
    for (int r = 0; r < w.rows; r += across) {
      across = images.neighbours(w, r);
      int from = images.windowOffset(w, r) + group;
      int count;
      for (int p = 0; p < depth; p += count) {
        int piece = (k0 + p) / run;
        int within = (k0 + p) % run;
        count = Math.min(run - within, depth - p);
        int at =
            from
                + piece / perLine * window.dilationHeight() * w.lineStride
                + piece % perLine * window.dilationWidth() * spec.inChannels()
                + within;
        widen(w, at, images.step(), flip, r * pitch + p, pitch, count, across);
      }
    }
  }

  @Override
  public long dstOffset(Shape shape, Workspace w, int r) {
    return images.dstOffset((Shape.Image) shape, w, r);
  }

  @Override
  public long channelStride(Shape shape) {
    return ((Shape.Image) shape).output().c();
  }

  @Override
  public int neighbours(Workspace w, int r) {
    return images.neighbours(w, r);
  }
}
