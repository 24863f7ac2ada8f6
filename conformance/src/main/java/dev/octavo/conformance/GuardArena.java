package dev.octavo.conformance;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * An arena whose segments touch a page that nobody may read or write, so that one byte too far is a
 * crash rather than luck.
 *
 * <p>{@link Edge#END} puts the wall behind the last byte, where kernels over-read; {@link
 * Edge#START} puts it before the first. What is left of the pages on the other side is filled with
 * a canary, and {@link #close} fails if a byte of it changed: a stray write is caught on both
 * sides, a stray read on the side of the wall.
 *
 * <p>A segment ends flush at the wall when its size is a multiple of its alignment; else up to
 * {@code alignment − 1} canary bytes stand between, so ask for no more alignment than the operand
 * needs. Where the platform cannot protect pages this is a plain arena with no walls, and {@link
 * #weakness} says why.
 */
public final class GuardArena implements Arena {
  /** Which end of every segment touches the wall. */
  public enum Edge {
    START,
    END
  }

  private static final byte CANARY = (byte) 0xC5;

  /** Canary bytes on the side that has no wall, at most. */
  private static final int CANARIES = 4096;

  private static final MemorySegment UNTOUCHED =
      MemorySegment.ofArray(new byte[CANARIES]).fill(CANARY).asReadOnly();

  /** A segment and the bytes around it, on the same side of the wall. */
  private record Guarded(MemorySegment segment, List<MemorySegment> canaries) {}

  private final Arena scope;
  private final Edge edge;
  private final List<Guarded> guarded = Collections.synchronizedList(new ArrayList<>());

  private GuardArena(Arena scope, Edge edge) {
    this.scope = scope;
    this.edge = edge;
  }

  /** An arena for the current thread alone. */
  public static GuardArena ofConfined(Edge edge) {
    return new GuardArena(Arena.ofConfined(), edge);
  }

  /** An arena whose segments any thread may use. */
  public static GuardArena ofShared(Edge edge) {
    return new GuardArena(Arena.ofShared(), edge);
  }

  /** Why segments have no wall on this platform; empty when they have one. */
  public static Optional<String> weakness() {
    return Optional.ofNullable(Pages.weakness());
  }

  @Override
  @SuppressWarnings("restricted")
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    if (Pages.weakness() != null) {
      return scope.allocate(byteSize, byteAlignment);
    }
    if (byteSize < 0 || Long.bitCount(byteAlignment) != 1) {
      throw new IllegalArgumentException("size " + byteSize + " with alignment " + byteAlignment);
    }
    Stretch stretch = Stretch.of(edge, byteSize, byteAlignment);
    MemorySegment pages =
        MemorySegment.ofAddress(stretch.base())
            .reinterpret(stretch.mapped(), scope, freed -> stretch.free());
    long wall = stretch.wall() - stretch.base();
    long start =
        edge == Edge.END
            ? (stretch.wall() - byteSize & -byteAlignment) - stretch.base()
            : wall + Pages.size();
    long end = edge == Edge.END ? wall : stretch.mapped();
    long from = edge == Edge.END ? Math.max(0, start - CANARIES) : start;
    MemorySegment segment = pages.asSlice(start, byteSize).fill((byte) 0);
    MemorySegment before = pages.asSlice(from, start - from);
    MemorySegment after =
        pages.asSlice(start + byteSize, Math.min(CANARIES, end - start - byteSize));
    before.fill(CANARY);
    after.fill(CANARY);
    guarded.add(new Guarded(segment, List.of(before, after)));
    return segment;
  }

  @Override
  public MemorySegment.Scope scope() {
    return scope.scope();
  }

  /** Frees every segment, unless a canary beside one has changed: then frees them and fails. */
  @Override
  public void close() {
    Optional<String> stray = guarded.stream().flatMap(g -> stray(g).stream()).findFirst();
    scope.close();
    stray.ifPresent(
        message -> {
          throw new AssertionError(message);
        });
  }

  private static Optional<String> stray(Guarded guarded) {
    for (MemorySegment canary : guarded.canaries) {
      long first = canary.mismatch(UNTOUCHED.asSlice(0, canary.byteSize()));
      if (first != -1) {
        long offset = canary.address() + first - guarded.segment.address();
        return Optional.of(
            "a byte was written at offset "
                + offset
                + " of a segment of "
                + guarded.segment.byteSize()
                + " bytes");
      }
    }
    return Optional.empty();
  }
}
