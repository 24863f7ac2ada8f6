package dev.octavo.conformance.truth;

import java.util.Optional;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** Skips the tests of a library that is not here, and says why. */
public abstract class SkippedWithout implements SkipExecutionHook {
  private final String reason;

  /**
   * Creates a hook for a library that comes as a shared library in a jar.
   *
   * @param name of the library
   * @param folder of the class path, up to the platform
   * @param file in the platform's folder
   * @param remedy what to do to have it
   */
  protected SkippedWithout(String name, String folder, String file, String remedy) {
    this.reason =
        NativeLibrary.onClassPath(folder + "/" + NativeLibrary.platform(), file)
            ? null
            : name
                + " for "
                + NativeLibrary.platform()
                + " is not on the class path: it is not compared. "
                + remedy;
  }

  /** Why the tests are skipped; empty if they are not. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return reason().map(SkipResult::skip).orElse(SkipResult.doNotSkip());
  }
}
