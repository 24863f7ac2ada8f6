package dev.octavo.bench.peers;

import dev.octavo.Availability;
import dev.octavo.bench.measure.Contender;
import java.util.Optional;

/** Somebody else's int8 engine, compiled ahead of time or while it prepares. */
interface Peer extends Contender {

  /** Why it does not run here; empty when it does. */
  Optional<String> unusableBecause();

  @Override
  default Availability availability() {
    return unusableBecause()
        .<Availability>map(Availability.Unusable::new)
        .orElse(Availability.USABLE);
  }

  @Override
  default boolean isFloat32() {
    return false;
  }

  @Override
  default boolean isJitCompiled() {
    return false;
  }

  @Override
  default boolean isPeer() {
    return true;
  }
}
