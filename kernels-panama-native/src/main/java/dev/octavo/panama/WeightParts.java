package dev.octavo.panama;

import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Weights on their way to {@code octavo_prepare}, in parts of whole panels.
 *
 * <p>Native weights are one part, where they lie. Heap weights are copied rather than lent, because
 * packing megabytes takes longer than a garbage collection should wait; and through a small piece
 * of native memory, because the JVM neither copies nor gives back a hundred megabytes without
 * making a collection wait for ten milliseconds. Only where a column is scattered through all
 * weights (n or the output channel is not the outermost index) are they copied whole.
 */
final class WeightParts {
  /**
   * Bytes to copy at a time: some 50 µs, and small enough to be packed from the second-level cache.
   */
  private static final long PIECE = 1 << 20;

  private static final long ALL = Long.MAX_VALUE;

  /** What takes a part: the weights of panels [first, last), counted through all groups. */
  interface Taker {
    void take(MemorySegment weights, long first, long last) throws Throwable;
  }

  private final MemorySegment data;
  private final long stride;

  /** Bytes from the first weight of a column to the end of its last. */
  private final long span;

  private final long columns;
  private final long groupColumns;
  private final int nr;

  private WeightParts(Weights weights, long span, long columns, long groupColumns, int nr) {
    this.data = weights.data();
    this.stride = weights.offset(1, 0, 0, 0);
    this.span = span;
    this.columns = columns;
    this.groupColumns = groupColumns;
    this.nr = nr;
  }

  /**
   * The parts of these weights.
   *
   * @param nr columns of a panel
   * @param groupColumns columns that are packed together: of a group, or all of a depthwise
   *     convolution
   */
  static WeightParts of(Spec spec, Weights w, int nr, int groupColumns) {
    return switch (spec) {
      case GemmSpec s -> new WeightParts(w, span(w, 1, 1, s.k()), s.n(), groupColumns, nr);
      case ConvSpec s -> {
        int height = s.window().kernelHeight();
        long span = span(w, height, s.window().kernelWidth(), s.groupInChannels());
        yield new WeightParts(w, span, s.outChannels(), groupColumns, nr);
      }
      default -> new WeightParts(Weights.NONE, 0, 0, 0, nr);
    };
  }

  private static long span(Weights w, int height, int width, int depth) {
    return depth == 0 ? 0 : w.offset(0, height - 1, width - 1, depth - 1) + 1;
  }

  /** Hands out all parts, in order. The door has made sure that the weights are there. */
  void forEach(SegmentAllocator memory, Taker taker) throws Throwable {
    long all = columns == 0 || span == 0 ? 0 : (columns - 1) * stride + span;
    if (data.isNative() || all == 0) {
      taker.take(data.isNative() ? data : MemorySegment.NULL, 0, ALL);
      return;
    }
    if (all <= PIECE || stride < span) {
      taker.take(copy(0, all, memory.allocate(all, 1)), 0, ALL);
      return;
    }
    long inGroup = (groupColumns + nr - 1) / nr;
    long panels = columns / groupColumns * inGroup;
    long step = Math.max(1, PIECE / (nr * stride));
    MemorySegment piece = memory.allocate(Math.min(all, step * nr * stride), 1);
    for (long first = 0; first < panels; first += step) {
      long last = Math.min(panels, first + step);
      long from = column(first, inGroup) * stride;
      long bytes = (column(last, inGroup) - 1) * stride + span - from;
      taker.take(copy(from, bytes, piece), first, last);
    }
  }

  /** The first column of a panel; behind the last panel the number of columns. */
  private long column(long panel, long inGroup) {
    return panel / inGroup * groupColumns + panel % inGroup * nr;
  }

  private MemorySegment copy(long from, long bytes, MemorySegment to) {
    for (long at = 0; at < bytes; at += PIECE) {
      MemorySegment.copy(data, from + at, to, at, Math.min(PIECE, bytes - at));
    }
    return to;
  }
}
