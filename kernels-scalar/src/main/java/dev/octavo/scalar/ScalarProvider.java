package dev.octavo.scalar;

import dev.octavo.Backend;
import dev.octavo.spi.BackendProvider;
import java.util.List;

/** Brings the backend {@code scalar}. */
public final class ScalarProvider implements BackendProvider {
  private final List<Backend> backends = List.of(new ScalarBackend());

  /** For {@link java.util.ServiceLoader}. */
  public ScalarProvider() {}

  @Override
  public List<Backend> backends() {
    return backends;
  }
}
