package dev.octavo.conformance.contract;

import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.conformance.problems.Tiles;
import java.util.List;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * What every backend promises, written once. A contract is an interface full of properties; an
 * empty class that implements it runs them over all backends on the class path:
 *
 * <pre>{@code
 * class GemmConformanceTest implements GemmContract {}
 * }</pre>
 *
 * <p>The backend is no parameter of a property but a loop inside it: adding a backend adds no test,
 * and a failure shrinks to the smallest problem on which <em>anyone</em> disagrees. Settings are
 * system properties:
 *
 * <ul>
 *   <li>{@code conformance.tries}: 1000 unless told, when every property tries as many problems as
 *       it says; with 500 half as many
 *   <li>{@code conformance.seed}: the seed of all properties, to run a failure again
 *   <li>{@code conformance.require}: backends without which everything is red, separated by commas
 * </ul>
 */
@AddLifecycleHook(Settings.class)
public interface Contract {
  /** The backends under test; {@link Backends#list} unless a provider wants fewer. */
  default List<Backend> backends() {
    return Backends.list();
  }

  /** The sizes at which those backends have their edges. */
  default Tiles tiles() {
    return Tiles.of(backends());
  }
}
