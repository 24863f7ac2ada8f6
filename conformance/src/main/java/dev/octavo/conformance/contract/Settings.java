package dev.octavo.conformance.contract;

import dev.octavo.conformance.Rerun;
import java.util.concurrent.ThreadLocalRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Applies {@code conformance.tries} and {@code conformance.seed} to every property of a {@link
 * Contract}, and remembers the seed for the diagnosis. Edge cases are not generated apart: the
 * drafts are made of little else.
 */
final class Settings implements AroundPropertyHook {
  /** The value of conformance.tries at which properties try as often as they say. */
  private static final int DEFAULT_TRIES = 1000;

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    PropertyAttributes attributes = context.attributes();
    String seed = System.getProperty("conformance.seed", "");
    if (seed.isEmpty()) {
      seed = Long.toString(ThreadLocalRandom.current().nextLong(0, Long.MAX_VALUE));
    }
    int setting = Integer.getInteger("conformance.tries", DEFAULT_TRIES);
    long tries = (long) attributes.tries().orElse(DEFAULT_TRIES) * setting / DEFAULT_TRIES;
    attributes.setTries(Math.toIntExact(Math.max(1, tries)));
    attributes.setSeed(seed);
    attributes.setEdgeCases(EdgeCasesMode.NONE);
    Rerun.running(
        context.containerClass().getSimpleName() + "#" + context.targetMethod().getName(), seed);
    return property.execute();
  }
}
