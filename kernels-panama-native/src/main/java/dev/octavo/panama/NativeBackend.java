package dev.octavo.panama;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.PackedLayout;
import dev.octavo.Plan;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One row of the table of backends in C, or a row that is missing and why. */
final class NativeBackend extends Backend {
  private static final Pattern TILE = Pattern.compile("_(\\d+)x(\\d+)x(\\d+)_");

  /** More than any machine holds, and far enough below 2^63 for sums and roundings in C. */
  private static final double MOST_BYTES = 0x1p56;

  private final int index;
  private final Availability availability;

  /**
   * A row of the table.
   *
   * @param index of the row; not used if the backend is unusable
   */
  NativeBackend(int index, String id, int rank, Availability availability) {
    super(id, rank);
    this.index = index;
    this.availability = availability;
  }

  @Override
  public Availability availability() {
    return availability;
  }

  @Override
  protected Plan planFor(Spec spec) {
    requireSmallEnough(spec);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = words(SpecWords.of(spec, Weights.NONE), arena);
      return plan(spec, words, MemorySegment.NULL, packedBytes(words));
    }
  }

  @Override
  protected Kernel prepareFor(Spec spec, Weights weights, Arena arena) {
    requireSmallEnough(spec);
    try (Arena stage = Arena.ofConfined()) {
      MemorySegment words = words(SpecWords.of(spec, weights), stage);
      Constants c = Constants.of(spec, weights, stage);
      MemorySegment plan = Arena.ofAuto().allocate((long) Abi.PLAN_BYTES.invokeExact(), 64);
      MemorySegment memory = allocate(arena, packedBytes(words));
      long[] layout = layout(words);
      WeightParts.of(spec, weights, at(layout, LayoutWord.NR), at(layout, LayoutWord.GROUP_N))
          .forEach(
              stage,
              (part, first, last) -> { // braces: without them the call would return an Object
                Abi.PREPARE.invokeExact(
                    index,
                    words,
                    part,
                    c.zeroPoints(),
                    c.multipliers(),
                    c.shifts(),
                    c.bias(),
                    plan,
                    memory,
                    first,
                    last);
              });
      MemorySegment packed = packed(layout, memory);
      Plan description = plan(spec, words, MemorySegment.NULL, memory.byteSize());
      return new NativeKernel(this, spec, description, plan, memory, packed, arena);
    } catch (Throwable t) {
      throw Abi.unchecked(t);
    }
  }

  /** What runs for one shape. */
  Plan plan(Spec spec, MemorySegment shape, Plan general) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = words(SpecWords.of(spec, Weights.NONE), arena);
      return plan(spec, words, shape, general.packedBytes());
    }
  }

  private Plan plan(Spec spec, MemorySegment words, MemorySegment shape, long bytes) {
    long[] layout = layout(words);
    String name = kernelName(words, shape);
    Matcher tile = TILE.matcher(name);
    boolean tiled = tile.find();
    return new Plan(
        id(),
        name,
        tiled ? Integer.parseInt(tile.group(1)) : 1,
        tiled ? Integer.parseInt(tile.group(2)) : Math.max(1, at(layout, LayoutWord.NR)),
        tiled ? Integer.parseInt(tile.group(3)) : 1,
        layoutOf(spec, layout),
        bytes);
  }

  private static Optional<PackedLayout> layoutOf(Spec spec, long[] l) {
    boolean empty =
        switch (spec) {
          case GemmSpec g -> g.n() == 0 || g.k() == 0;
          case ConvSpec c -> false;
          default -> true;
        };
    if (empty || at(l, LayoutWord.KR) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new PackedLayout(
            at(l, LayoutWord.NR),
            at(l, LayoutWord.KR),
            at(l, LayoutWord.QUANTUM),
            at(l, LayoutWord.GROUP_N),
            Math.multiplyExact(at(l, LayoutWord.MERGED_W), at(l, LayoutWord.RUN_I)),
            at(l, LayoutWord.RUN_PACKED),
            0, // Kernel.packed() begins with the packed area
            l[LayoutWord.GROUP_STRIDE.ordinal()],
            l[LayoutWord.PANEL_STRIDE.ordinal()],
            at(l, LayoutWord.FLIP)));
  }

  private static int at(long[] layout, LayoutWord word) {
    return Math.toIntExact(layout[word.ordinal()]);
  }

  private static MemorySegment packed(long[] layout, MemorySegment memory) {
    long bytes = layout[LayoutWord.BYTES.ordinal()];
    return at(layout, LayoutWord.KR) == 0 || bytes == 0
        ? MemorySegment.NULL
        : memory.asSlice(layout[LayoutWord.OFFSET.ordinal()], bytes).asReadOnly();
  }

  private static MemorySegment words(long[] values, Arena arena) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, values);
  }

  /**
   * Native memory of the caller's arena, which may be of the caller's own making: C gets to see it
   * only if it is what was asked for. Such an arena may also go on writing to it; then results are
   * wrong, but nothing in there is an address.
   */
  private static MemorySegment allocate(Arena arena, long bytes) {
    MemorySegment memory = arena.allocate(bytes, 64);
    if (!memory.isNative()
        || memory.isReadOnly()
        || memory.byteSize() < bytes
        || memory.address() % 64 != 0) {
      throw new IllegalArgumentException(
          "the arena was asked for " + bytes + " writable native bytes at 64, and gave " + memory);
    }
    return memory.asSlice(0, bytes);
  }

  /**
   * Sizes of packed weights are computed in 63 bits. Strides of 0 make weights of any extent out of
   * one byte, so that extents alone do not keep them there.
   */
  private static void requireSmallEnough(Spec spec) {
    double bytes =
        switch (spec) {
          case GemmSpec g -> (g.n() + 256.0) * (g.k() + 256.0);
          case ConvSpec c ->
              c.groups()
                  * (c.groupOutChannels() + 256.0)
                  * c.window().kernelHeight()
                  * c.window().kernelWidth()
                  * (c.groupInChannels() + 256.0);
          default -> 0;
        };
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException("packed weights overflow for " + spec);
    }
  }

  // ---- the questions that C answers

  private long packedBytes(MemorySegment words) {
    try {
      return (long) Abi.PACKED_BYTES.invokeExact(index, words);
    } catch (Throwable t) {
      throw Abi.unchecked(t);
    }
  }

  private String kernelName(MemorySegment words, MemorySegment shape) {
    try {
      return Abi.string((MemorySegment) Abi.KERNEL_NAME.invokeExact(index, words, shape));
    } catch (Throwable t) {
      throw Abi.unchecked(t);
    }
  }

  private long[] layout(MemorySegment words) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment layout = arena.allocate(ValueLayout.JAVA_LONG, LayoutWord.values().length);
      Abi.PLAN_LAYOUT.invokeExact(index, words, layout);
      return layout.toArray(ValueLayout.JAVA_LONG);
    } catch (Throwable t) {
      throw Abi.unchecked(t);
    }
  }
}
