package dev.octavo.conformance.thirdparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.conformance.problems.Tiles;
import dev.octavo.conformance.soak.Soak;
import dev.octavo.conformance.soak.Soak.Finding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A soak is right about right backends and catches wrong ones, and its numbers lead back. */
class SoakTest {
  private static final Tiles TILES = Tiles.of(Backends.list());

  private static Soak soak(List<Backend> backends, long seed) {
    return new Soak(backends, TILES, seed, index -> "seed " + seed + ", problem " + index);
  }

  @Test
  void rightBackends() throws InterruptedException {
    List<Backend> backends =
        Backends.list().stream()
            .filter(b -> !(b.availability() instanceof Availability.Unusable))
            .toList();
    Soak soak = soak(backends, System.nanoTime());
    stopAfter(soak, 400);
    assertEquals(Optional.empty(), soak.run(2));
    assertTrue(soak.tally().problems() >= 400);
    for (Backend backend : backends) {
      assertTrue(soak.tally().runs(backend) >= 400, backend::id);
    }
  }

  private static void stopAfter(Soak soak, long problems) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (soak.tally().problems() < problems) {
                Thread.onSpinWait();
              }
              soak.stop();
            });
  }

  @Test
  void productsThatSaturate() throws InterruptedException {
    caughtAndFoundAgain(
        new GrocerBackend("wrong-sixteen-bits") {
          @Override
          int accumulate(int sum, int lhs, int rhs) {
            return sum + Math.clamp(lhs * rhs, Short.MIN_VALUE, Short.MAX_VALUE);
          }
        });
  }

  /** Rare enough that several threads race to it. */
  @Test
  void sumsThatSaturate() throws InterruptedException {
    caughtAndFoundAgain(
        new GrocerBackend("wrong-saturating") {
          @Override
          int accumulate(int sum, int lhs, int rhs) {
            return Math.clamp((long) sum + lhs * rhs, Integer.MIN_VALUE, Integer.MAX_VALUE);
          }
        });
  }

  @Test
  void anException() throws InterruptedException {
    caughtAndFoundAgain(
        new GrocerBackend("wrong-exception") {
          @Override
          int accumulate(int sum, int lhs, int rhs) {
            if (sum == 1000) {
              throw new ArithmeticException("a thousand");
            }
            return sum + lhs * rhs;
          }
        });
  }

  private static void caughtAndFoundAgain(Backend wrong) throws InterruptedException {
    long seed = 20261128;
    Finding finding = soak(List.of(wrong), seed).run(2).orElseThrow();
    assertTrue(finding.diagnosis().contains("wrong: " + wrong.id()), finding::diagnosis);
    assertTrue(
        finding.diagnosis().contains("rerun          seed 20261128, problem " + finding.index()),
        finding::diagnosis);
    Finding again = soak(List.of(wrong), seed).run(finding.index()).orElseThrow();
    assertEquals(finding, again);
  }
}
