package dev.octavo.conformance;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Kernel;
import dev.octavo.Plan;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Predicate;

/** A backend that is only there to be chosen, or not. */
final class FakeBackend extends Backend {
  private final Availability availability;
  private final Predicate<Spec> refused;

  FakeBackend(String id, int rank, Availability availability) {
    this(id, rank, availability, spec -> false);
  }

  FakeBackend(String id, int rank, Availability availability, Predicate<Spec> refused) {
    super(id, rank);
    this.availability = availability;
    this.refused = refused;
  }

  @Override
  public Availability availability() {
    return availability;
  }

  @Override
  public Optional<String> refusal(Spec spec) {
    return refused.test(spec) ? Optional.of("not its trade") : Optional.empty();
  }

  @Override
  protected Plan planFor(Spec spec) {
    return new Plan(id(), "gemm_u8s8s32_1x1x1_fake", 1, 1, 1, Optional.empty(), 0);
  }

  @Override
  protected Kernel prepareFor(Spec spec, Weights weights, Arena arena) {
    throw new UnsupportedOperationException("it is not there to compute");
  }
}
