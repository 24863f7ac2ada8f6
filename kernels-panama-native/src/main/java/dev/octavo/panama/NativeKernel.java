package dev.octavo.panama;

import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Pointers in, pointers out: all specs on all native backends.
 *
 * <p>What C has to say about a shape is asked once and kept, since a layer sees the same few shapes
 * again and again. (One more than there is room for costs three short calls and some 200 bytes of
 * garbage.)
 */
final class NativeKernel extends Kernel {
  private static final double MOST_BYTES = 0x1p56;

  private final NativeBackend backend;
  private final MemorySegment nativePlan;
  private final MemorySegment memory;
  private final MemorySegment packed;
  private final boolean parameters;
  private final boolean scales;

  /** By hash of the shape, or where there is room. Races are benign: an extent is immutable. */
  private final Extent[] known = new Extent[32];

  private record Extent(
      Shape shape, MemorySegment words, long strips, long steps, long scratchBytes) {}

  /**
   * A prepared kernel.
   *
   * @param nativePlan what C goes by; in nobody's memory but ours
   * @param memory of the caller's arena: packed weights and constants
   * @param packed the part of it that a layout describes
   */
  NativeKernel(
      NativeBackend backend,
      Spec spec,
      Plan plan,
      MemorySegment nativePlan,
      MemorySegment memory,
      MemorySegment packed,
      Arena arena) {
    super(spec, plan, arena);
    this.backend = backend;
    this.nativePlan = nativePlan;
    this.memory = memory;
    this.packed = packed;
    boolean dynamic = spec instanceof DynamicQuantizeSpec;
    this.parameters = dynamic || !(lhs(spec) instanceof LhsQuantization.Fixed);
    this.scales = dynamic || parameters && spec.outputType() == ElementType.F32;
  }

  @Override
  public MemorySegment packed() {
    return packed;
  }

  @Override
  protected Plan planFor(Shape shape) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = arena.allocate(8L * ShapeWords.COUNT, 8);
      return backend.plan(spec(), words.copyFrom(ShapeWords.of(shape)), plan());
    }
  }

  @Override
  protected long stripsFor(Shape shape) {
    return extent(shape).strips;
  }

  @Override
  protected long scratchBytesFor(Shape shape) {
    return extent(shape).scratchBytes;
  }

  private Extent extent(Shape shape) {
    int hash = shape.hashCode();
    int place = hash ^ hash >>> 16;
    for (int i = 0; i < known.length; i++) {
      int at = place + i & known.length - 1;
      Extent extent = known[at];
      if (extent == null) {
        return known[at] = measure(shape);
      }
      if (extent.shape.equals(shape)) {
        return extent;
      }
    }
    return known[place & known.length - 1] = measure(shape);
  }

  private Extent measure(Shape shape) {
    requireSmallEnough(shape);
    MemorySegment words = ShapeWords.of(shape);
    if (outputBytes(shape) == 0) {
      return new Extent(shape, words, 0, 1, 0);
    }
    try {
      long strips = (long) Abi.STRIPS.invokeExact(nativePlan, words);
      long scratch = (long) Abi.SCRATCH_BYTES.invokeExact(nativePlan, words);
      long steps = (long) Abi.STEPS.invokeExact(nativePlan, words);
      return new Extent(shape, words, strips, steps, scratch);
    } catch (Throwable t) {
      throw Abi.unchecked(t);
    }
  }

  @Override
  protected void runStrips(
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      MemorySegment scratch,
      long first,
      long last) {
    MemorySegment zeroPoints = parameters ? lhs.zeroPoints() : MemorySegment.NULL;
    MemorySegment scales = this.scales ? lhs.scales() : MemorySegment.NULL;
    Extent extent = extent(shape);
    MemorySegment words = extent.words;
    MemorySegment space = extent.scratchBytes == 0 ? MemorySegment.NULL : scratch;
    try {
      if (input.isNative()
          && output.isNative()
          && space.isNative()
          && zeroPoints.isNative()
          && scales.isNative()) {
        Abi.RUN.invokeExact(
            nativePlan, memory, words, input, output, zeroPoints, scales, space, first, last);
        return;
      }
      for (long strip = first; extent.steps > 1 && strip < last; strip++) {
        for (long step = 0; step < extent.steps; step++) {
          Abi.RUN_STEP.invokeExact(
              nativePlan, memory, words, input, output, zeroPoints, scales, space, strip, step);
        }
      }
      for (long strip = first; extent.steps == 1 && strip < last; strip++) {
        Abi.RUN_CRITICAL.invokeExact(
            nativePlan, memory, words, input, output, zeroPoints, scales, space, strip, strip + 1);
      }
    } catch (Throwable t) {
      throw Abi.unchecked(t);
    }
  }

  private static LhsQuantization lhs(Spec spec) {
    return switch (spec) {
      case GemmSpec g -> g.lhs();
      case ConvSpec c -> c.lhs();
      default -> LhsQuantization.NONE;
    };
  }

  /** Padding can make an image of any size out of a small one; C computes sizes in 63 bits. */
  private void requireSmallEnough(Shape shape) {
    if (spec() instanceof ConvSpec c && shape instanceof Shape.Image i) {
      Window w = c.window();
      double bytes =
          ((double) i.height() + w.padTop() + w.padBottom())
              * ((double) i.width() + w.padLeft() + w.padRight())
              * c.inChannels();
      if (bytes > MOST_BYTES) {
        throw new IllegalArgumentException("the padded image overflows: " + shape + " for " + c);
      }
    }
  }
}
