package dev.octavo.conformance.problems;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Plan;
import dev.octavo.Spec;
import dev.octavo.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * The extents at which kernels have their edges: 1, and one less, equal to, one more and one more
 * than twice each tile that any backend has in its plans.
 *
 * @param m for rows
 * @param n for output channels, and for elements of elementwise kernels
 * @param k for the length of sums
 */
public record Tiles(List<Integer> m, List<Integer> n, List<Integer> k) {
  /** Asks every backend that runs here for the plans of typical specs. */
  public static Tiles of(List<Backend> backends) {
    List<Plan> plans = new ArrayList<>();
    for (Backend backend : backends) {
      for (Spec spec : specs()) {
        boolean able = !(backend.availability() instanceof Availability.Unusable);
        if (able && backend.refusal(spec).isEmpty()) {
          plans.add(backend.plan(spec));
        }
      }
    }
    return new Tiles(around(plans, Plan::mr), around(plans, Plan::nr), around(plans, Plan::kr));
  }

  private static List<Spec> specs() {
    List<Spec> specs = new ArrayList<>();
    for (ElementType lhs : List.of(ElementType.U8, ElementType.S8)) {
      for (ElementType rhs : List.of(ElementType.U8, ElementType.S8)) {
        specs.add(GemmSpec.of(256, 256).withLhs(lhs, 0).withRhs(rhs));
        specs.add(ConvSpec.of(64, 64, Window.of(3, 3)).withLhs(lhs, 0).withRhs(rhs));
        specs.add(ConvSpec.of(64, 64, Window.of(3, 3)).withGroups(64).withLhs(lhs, 0).withRhs(rhs));
      }
    }
    specs.add(
        new dev.octavo.DequantizeSpec(
            ElementType.S8, dev.octavo.Scales.ONE, dev.octavo.ZeroPoints.ZERO));
    return specs;
  }

  private static List<Integer> around(List<Plan> plans, ToIntFunction<Plan> tile) {
    SortedSet<Integer> sizes = new TreeSet<>(List.of(1, 2, 3));
    for (Plan plan : plans) {
      int t = tile.applyAsInt(plan);
      sizes.addAll(List.of(Math.max(1, t - 1), t, t + 1, 2 * t + 1));
    }
    return List.copyOf(sizes);
  }
}
