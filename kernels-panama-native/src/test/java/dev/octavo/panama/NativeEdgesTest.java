package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Shape;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One row, small matrices, many shapes, and what weights weigh when they are packed. */
class NativeEdgesTest {
  private List<Backend> backends;

  @BeforeEach
  void backends() {
    Built.assumeLoaded();
    backends =
        new NativeProvider()
            .backends().stream()
                .filter(b -> !(b.availability() instanceof Availability.Unusable))
                .toList();
  }

  @Test
  void oneRowHasAKernelNameOfItsOwn() {
    for (Backend backend : backends) {
      try (Arena arena = Arena.ofConfined()) {
        Kernel kernel =
            backend.prepare(
                GemmSpec.of(40, 24),
                Weights.rowsOfK(MemorySegment.ofArray(new byte[960]), 24),
                arena);
        String one = kernel.plan(new Shape.Rows(1, 24, 160)).kernel();
        String two = kernel.plan(new Shape.Rows(2, 24, 160)).kernel();
        assertTrue(one.startsWith("gemv_") && one.contains("_1x"), one);
        assertEquals(kernel.plan().kernel(), two);
      }
    }
  }

  @Test
  void packedWeightsAreHardlyLargerThanWeights() {
    int[] extents = {64, 65, 67, 69, 77, 95, 97, 127, 129, 161, 257, 1001};
    for (Backend backend : backends) {
      for (int n : extents) {
        for (int k : extents) {
          try (Arena arena = Arena.ofConfined()) {
            Kernel kernel =
                backend.prepare(
                    GemmSpec.of(n, k),
                    Weights.rowsOfK(MemorySegment.ofArray(new byte[n * k]), k),
                    arena);
            long packed = kernel.packed().byteSize();
            assertTrue(
                packed <= 1.1 * n * k,
                () -> backend.id() + ": " + packed + " bytes for " + spec(n, k));
          }
        }
      }
    }
  }

  private static String spec(int n, int k) {
    return n + " x " + k;
  }

  /** More shapes than are remembered, in turns; small ones need no scratch. */
  @Test
  void manyShapesInTurns() {
    Random random = new Random(7);
    int n = 16;
    int k = 16;
    byte[] lhs = new byte[80 * k];
    byte[] rhs = new byte[n * k];
    random.nextBytes(lhs);
    random.nextBytes(rhs);
    int[] expected = new int[80 * n];
    for (int i = 0; i < 80; i++) {
      for (int j = 0; j < n; j++) {
        for (int x = 0; x < k; x++) {
          expected[i * n + j] += Byte.toUnsignedInt(lhs[i * k + x]) * rhs[j * k + x];
        }
      }
    }
    for (Backend backend : backends) {
      try (Arena arena = Arena.ofConfined()) {
        Kernel kernel =
            backend.prepare(
                GemmSpec.of(n, k), Weights.rowsOfK(MemorySegment.ofArray(rhs), k), arena);
        assertEquals(0, kernel.scratchBytes(new Shape.Rows(16, k, 4 * n)), backend.id());
        for (int turn = 0; turn < 3; turn++) {
          for (int m = 80; m >= 0; m--) {
            int[] dst = new int[80 * n];
            kernel.run(
                new Shape.Rows(m, k, 4 * n),
                MemorySegment.ofArray(lhs),
                MemorySegment.ofArray(dst));
            int[] wanted = new int[80 * n];
            System.arraycopy(expected, 0, wanted, 0, m * n);
            assertArrayEquals(wanted, dst, backend.id() + ", m = " + m);
          }
        }
      }
    }
  }

  /**
   * What ldtilecfg reads for 16 rows is in the library, byte by byte: no CPU here may be able to
   * run it, and a compiler that drops a part of it would not be noticed before one does.
   */
  @Test
  void theTileConfigurationIsWhole() {
    byte[] config = new byte[64];
    config[0] = 1;
    for (int tile = 0; tile < 8; tile++) {
      config[16 + 2 * tile] = 64;
      config[48 + tile] = 16;
    }
    assertTrue(contains(Built.library(), config));
  }

  private static boolean contains(byte[] all, byte[] part) {
    for (int i = 0; i + part.length <= all.length; i++) {
      if (java.util.Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
