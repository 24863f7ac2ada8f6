package dev.octavo.vector;

import dev.octavo.Backend;
import dev.octavo.spi.BackendProvider;
import java.util.List;

/**
 * Brings {@code vector-128}, {@code vector-256} and {@code vector-512}.
 *
 * <p>Neither this class nor {@link VectorBackend} mentions a type of the incubating module, so that
 * a JVM without it gets three backends that say which flag is missing, and not a linkage error.
 */
public final class VectorProvider implements BackendProvider {
  private final List<Backend> backends =
      List.of(
          new VectorBackend(128, 100), new VectorBackend(256, 200), new VectorBackend(512, 300));

  /** For {@link java.util.ServiceLoader}. */
  public VectorProvider() {}

  @Override
  public List<Backend> backends() {
    return backends;
  }
}
