package dev.octavo;

import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.Optional;

/**
 * One way to compute, on one instruction set: an entry of {@link Backends#list()}. Every backend
 * that accepts a spec gives the same bits for it.
 */
public abstract class Backend {
  private final String id;
  private final int rank;

  /**
   * For providers.
   *
   * @param id lower-case words and digits joined by hyphens, {@code vector-256}, {@code
   *     native-avx2}
   * @param rank the higher the better; {@code scalar} is 0
   */
  protected Backend(String id, int rank) {
    if (!id.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException("not a backend id: " + id);
    }
    this.id = id;
    this.rank = Checks.atLeast("rank", rank, 0);
  }

  /** The name by which it is selected. */
  public final String id() {
    return id;
  }

  /** Where it stands: of those that can do a spec, the one of highest rank is chosen. */
  public final int rank() {
    return rank;
  }

  /** Whether it runs on this machine; the same answer every time, never an exception. */
  public abstract Availability availability();

  /** Why it does not do this spec, for people; empty if it does. */
  public Optional<String> refusal(Spec spec) {
    return Optional.empty();
  }

  /** What it would run for this spec on large inputs, without preparing anything. */
  public final Plan plan(Spec spec) {
    requireReady(spec);
    return planFor(spec);
  }

  /**
   * Packs the weights and everything else that does not depend on the input.
   *
   * @param weights read now and not referenced afterwards
   * @param arena owns what the kernel keeps: the kernel may be used as long, and on the threads, as
   *     the arena's segments
   * @throws IllegalArgumentException for a bias of the wrong kind or length, or overflowing sizes
   * @throws IndexOutOfBoundsException if the weights segment is too small
   * @throws IllegalStateException if the backend is unusable here, or an arena is closed
   * @throws UnsupportedOperationException if the backend refuses the spec
   */
  public final Kernel prepare(Spec spec, Weights weights, Arena arena) {
    requireReady(spec);
    Door.checkWeights(spec, weights);
    Objects.requireNonNull(arena, "arena");
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("the arena to prepare in is closed");
    }
    return prepareFor(spec, weights, arena);
  }

  /** {@link #prepare(Spec, Weights, Arena)} for the elementwise specs, which have no weights. */
  public final Kernel prepare(Spec spec, Arena arena) {
    if (spec instanceof GemmSpec || spec instanceof ConvSpec) {
      throw new IllegalArgumentException(
          "a " + spec.getClass().getSimpleName() + " needs weights: prepare(spec, weights, arena)");
    }
    return prepare(spec, Weights.NONE, arena);
  }

  private void requireReady(Spec spec) {
    Objects.requireNonNull(spec, "spec");
    if (availability() instanceof Availability.Unusable unusable) {
      throw new IllegalStateException("backend " + id + " is unusable: " + unusable.reason());
    }
    Optional<String> refusal = refusal(spec);
    if (refusal.isPresent()) {
      throw new UnsupportedOperationException(
          "backend " + id + " does not do " + spec + ": " + refusal.get());
    }
  }

  /** {@link #plan} for a spec that is not refused, on a backend that is not unusable. */
  protected abstract Plan planFor(Spec spec);

  /** {@link #prepare} for valid arguments. */
  protected abstract Kernel prepareFor(Spec spec, Weights weights, Arena arena);

  @Override
  public final String toString() {
    return id;
  }
}
