package dev.octavo;

import java.util.List;

/**
 * The door: the backends that {@link java.util.ServiceLoader} finds, and the choice among them.
 *
 * <pre>{@code
 * GemmSpec spec = GemmSpec.of(n, k).withLhs(U8, 128);
 * Kernel kernel = Backends.best(spec).prepare(spec, Weights.rowsOfK(weights, k), arena);
 * kernel.run(spec.rows(m), lhs, dst);
 * }</pre>
 *
 * <p>{@link Selection} says how to name, cap or exclude backends from outside.
 */
public final class Backends {
  private Backends() {}

  /** Loaded on first use, so that settings made early in main() count. */
  private static final class Default {
    static final BackendList LIST =
        BackendList.load(Backends.class.getClassLoader(), Selection.fromSystem());
  }

  /** All backends, usable or not, in descending rank. */
  public static List<Backend> list() {
    return Default.LIST.list();
  }

  /**
   * The backend of this id.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Backend named(String id) {
    return Default.LIST.named(id);
  }

  /**
   * The usable backend of highest rank that does the spec, within the settings.
   *
   * @throws IllegalStateException if there is none; the message says why each was passed over
   */
  public static Backend best(Spec spec) {
    return Default.LIST.best(spec);
  }

  /** Every backend, in descending rank: availability, reason, settings. */
  public static List<BackendList.Explanation> explain() {
    return Default.LIST.explain();
  }

  /**
   * Every backend, in descending rank: which is chosen for the spec, and why the others are not.
   */
  public static List<BackendList.Explanation> explain(Spec spec) {
    return Default.LIST.explain(spec);
  }
}
