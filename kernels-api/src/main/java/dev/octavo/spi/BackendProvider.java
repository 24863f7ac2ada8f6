package dev.octavo.spi;

import dev.octavo.Backend;
import java.util.List;

/**
 * The {@link java.util.ServiceLoader} type: brings a module's backends into {@link
 * dev.octavo.Backends#list()}.
 *
 * <p>{@link #backends()} never throws and never returns fewer backends because of the machine: a
 * backend that cannot run here is in the list with an {@link dev.octavo.Availability.Unusable} that
 * says why. For that to work the provider class itself must mention no type that may be missing at
 * run time (an incubating module, a native library); it reaches those only after it has found them
 * present.
 */
public interface BackendProvider {
  /** The backends of this module, in ascending rank; the same list on every call. */
  List<Backend> backends();
}
