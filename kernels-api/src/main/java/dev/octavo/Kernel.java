package dev.octavo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A prepared computation: a spec, with its weights packed, on one backend. Immutable, and safe for
 * any number of threads at once, as far as the arena it was prepared in allows.
 *
 * <pre>
 *   long bytes = kernel.scratchBytes(shape);          // one scratch for each concurrent caller
 *   long n = kernel.strips(shape);                    // work, as an interval of integers
 *   kernel.run(shape, input, output, null, scratch, first, last);   // 0 ≤ first ≤ last ≤ n
 * </pre>
 *
 * <p>The work is cut into strips, each at most a few hundred microseconds on one core. Any
 * partition of [0, n) over any threads in any order gives the same bits: strips write disjoint
 * parts of the output and read nothing that another strip writes. Scratch may be dirty, and is
 * worthless afterwards. A run allocates nothing.
 *
 * <p>The public methods check their arguments, once, for all backends, and write nothing if they
 * throw; the protected ones are what a backend implements, and may assume valid arguments.
 */
public abstract class Kernel {
  private final Spec spec;
  private final Plan plan;

  /**
   * Lives and is confined as the arena; heap-based kernels obey the caller's arena just the same.
   */
  private final MemorySegment lifetime;

  /** For backends: a kernel that lives as long as the arena it was prepared in. */
  protected Kernel(Spec spec, Plan plan, Arena arena) {
    this.spec = Objects.requireNonNull(spec, "spec");
    this.plan = Objects.requireNonNull(plan, "plan");
    this.lifetime = arena.allocate(1);
  }

  /** The spec this was prepared for. */
  public final Spec spec() {
    return spec;
  }

  /** What runs for large inputs. */
  public final Plan plan() {
    return plan;
  }

  /** What runs for this shape: few rows may have a kernel of their own. */
  public final Plan plan(Shape shape) {
    Extents.checkShape(spec, shape);
    return planFor(shape);
  }

  /** How many strips the work on this shape has; 0 if the output is empty. */
  public final long strips(Shape shape) {
    Extents.checkShape(spec, shape);
    return stripsFor(shape);
  }

  /** Bytes of scratch that one caller of {@link #run} needs for this shape; may be 0. */
  public final long scratchBytes(Shape shape) {
    Extents.checkShape(spec, shape);
    return scratchBytesFor(shape);
  }

  /** Bytes of the input from the first element to the end of the last. */
  public final long inputBytes(Shape shape) {
    Extents.checkShape(spec, shape);
    return Extents.inputBytes(spec, shape);
  }

  /** Bytes of the output from the first element to the end of the last. */
  public final long outputBytes(Shape shape) {
    Extents.checkShape(spec, shape);
    return Extents.outputBytes(spec, shape);
  }

  /**
   * Runs strips [first, last).
   *
   * @param input elements of the spec's input type, laid out as the shape says; heap or native
   * @param output elements of the spec's output type; overlaps nothing else; bytes between its rows
   *     are left as they are
   * @param lhs scales and zero points known at run time: read where the spec says so, written by
   *     {@link DynamicQuantizeSpec}; otherwise ignored, and may be null
   * @param scratch at least {@link #scratchBytes} bytes, for this caller alone; may be null if 0
   * @throws IllegalArgumentException for a shape of the wrong kind, strides too small, overflowing
   *     sizes, misaligned, overlapping or read-only segments, missing lhs parameters
   * @throws IndexOutOfBoundsException for a segment that is too small, or strips that do not exist
   * @throws IllegalStateException if an arena is closed
   * @throws WrongThreadException if an arena is confined to another thread
   */
  public final void run(
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      MemorySegment scratch,
      long first,
      long last) {
    Segments.checkAccess("kernel's", lifetime);
    Extents.checkShape(spec, shape);
    Door.checkOperands(spec, shape, input, output, lhs);
    Door.checkScratch(scratch, scratchBytesFor(shape), input, output, lhs);
    Door.checkStrips(first, last, stripsFor(shape));
    if (first < last) {
      runStrips(shape, input, output, lhs, scratch, first, last);
    }
  }

  /** Runs everything, with scratch of its own: for those who do not care. */
  public final void run(Shape shape, MemorySegment input, MemorySegment output, LhsParameters lhs) {
    long bytes = scratchBytes(shape);
    if (bytes == 0) {
      run(shape, input, output, lhs, MemorySegment.NULL, 0, stripsFor(shape));
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      run(shape, input, output, lhs, arena.allocate(bytes, 64), 0, stripsFor(shape));
    }
  }

  /** Runs everything, with scratch of its own: for those who do not care. */
  public final void run(Shape shape, MemorySegment input, MemorySegment output) {
    run(shape, input, output, null);
  }

  /**
   * The packed weights, read-only: for tests of {@link PackedLayout}. Their bytes mean nothing
   * outside the backend.
   */
  public MemorySegment packed() {
    return MemorySegment.NULL;
  }

  /** {@link #plan(Shape)} for a valid shape. */
  protected Plan planFor(Shape shape) {
    return plan;
  }

  /** {@link #strips} for a valid shape; deterministic. */
  protected abstract long stripsFor(Shape shape);

  /** {@link #scratchBytes} for a valid shape; deterministic. */
  protected abstract long scratchBytesFor(Shape shape);

  /** {@link #run} for valid arguments and first &lt; last. */
  protected abstract void runStrips(
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      MemorySegment scratch,
      long first,
      long last);
}
