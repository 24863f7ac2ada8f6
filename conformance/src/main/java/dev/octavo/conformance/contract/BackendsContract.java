package dev.octavo.conformance.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Coverage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What backends promise before anything is computed: who they are, whether they run here, what they
 * refuse.
 */
public interface BackendsContract extends Contract {
  /** One spec of each kind. */
  static List<Spec> specs() {
    Output.Requantized output =
        Output.Requantized.of(
            ElementType.U8, Recipe.FLOAT32_NEAREST_EVEN, Multipliers.Float32.of(0.5f), 128);
    return List.of(
        GemmSpec.of(8, 8),
        ConvSpec.of(4, 4, Window.of(3, 3)),
        RequantizeSpec.of(1, output),
        QuantizeSpec.of(ElementType.U8, Scales.ONE, ZeroPoints.ZERO),
        new DequantizeSpec(ElementType.U8, Scales.ONE, ZeroPoints.ZERO),
        DynamicQuantizeSpec.onnx(),
        new FakeQuantizeSpec(
            new FakeQuantizeSpec.Affine(
                Scales.ONE, ZeroPoints.ZERO, -128, 127, QuantizeRule.MULTIPLY_ZERO_POINT_FIRST)));
  }

  @Test
  default void requiredBackendsRunHere() {
    Coverage.requirePresent(backends());
  }

  @Test
  default void idsAreUniqueAndThereIsOne() {
    assertFalse(backends().isEmpty(), "no backend on the class path or module path");
    Set<String> ids = new HashSet<>();
    for (Backend backend : backends()) {
      assertTrue(ids.add(backend.id()), () -> "two backends are called " + backend.id());
    }
  }

  @Test
  default void availabilityIsTheSameEveryTimeAndARefusalHasAReason() {
    for (Backend backend : backends()) {
      Availability availability = backend.availability();
      assertNotNull(availability, backend::id);
      assertEquals(availability, backend.availability());
      assertEquals(
          availability instanceof Availability.Usable,
          availability.reason().isBlank(),
          () -> backend + " " + availability);
    }
  }

  @Test
  default void anUnusableBackendSaysSoInsteadOfFailing() {
    for (Backend backend : backends()) {
      if (backend.availability() instanceof Availability.Unusable unusable) {
        for (Spec spec : specs()) {
          Exception plan = assertThrows(IllegalStateException.class, () -> backend.plan(spec));
          assertTrue(plan.getMessage().contains(unusable.reason()), plan::getMessage);
          assertThrows(
              IllegalStateException.class,
              () -> backend.prepare(spec, Weights.NONE, Arena.ofAuto()),
              () -> backend + " prepares " + spec);
        }
      }
    }
  }

  @Test
  default void aRefusedSpecIsNeitherPlannedNorPrepared() {
    for (Backend backend : backends()) {
      for (Spec spec : specs()) {
        Optional<String> refusal = backend.refusal(spec);
        assertEquals(refusal, backend.refusal(spec));
        if (refusal.isPresent() && !(backend.availability() instanceof Availability.Unusable)) {
          assertFalse(
              refusal.get().isBlank(), () -> backend + " refuses " + spec + " without a reason");
          Exception thrown =
              assertThrows(UnsupportedOperationException.class, () -> backend.plan(spec));
          assertTrue(thrown.getMessage().contains(refusal.get()), thrown::getMessage);
          Weights weights = Weights.rowsOfK(MemorySegment.ofArray(new byte[4096]), 8);
          assertThrows(
              UnsupportedOperationException.class,
              () -> backend.prepare(spec, weights, Arena.ofAuto()),
              () -> backend + " prepares " + spec);
        }
      }
    }
  }
}
