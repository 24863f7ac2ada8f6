package dev.octavo.conformance;

import dev.octavo.Backend;
import dev.octavo.Plan;
import java.util.Optional;

/**
 * What one backend made of a problem: an answer or a failure.
 *
 * @param plan what it ran, if it came that far
 * @param answer what it wrote, unless it failed
 * @param failure what it threw, if it did
 */
record Outcome(
    Backend backend, Optional<Plan> plan, Optional<Answer> answer, Optional<Throwable> failure) {
  String kernel() {
    return plan.map(Plan::kernel).orElse("not prepared");
  }
}
