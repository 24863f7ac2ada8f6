package dev.octavo.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Multipliers;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.PackedLayout;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Shape;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole kernels of every width; the conformance module tries far more. */
class VectorBackendTest {
  private static final List<Backend> BACKENDS = new VectorProvider().backends();

  @ParameterizedTest
  @CsvSource({"128, false", "128, true", "256, false", "256, true", "512, false", "512, true"})
  void gemmIsTheDefinition(int bits, boolean pairs) {
    Random random = new Random(1);
    Kernels kernels = new Kernels("vector-" + bits, new Width(bits, pairs));
    int[][] shapes = {{1, 33, 1030}, {4, 65, 17}, {5, 1, 300}, {130, 40, 257}, {29, 100, 3}};
    for (int[] s : shapes) {
      gemmIsTheDefinition(kernels, random, s[0], s[1], s[2]);
    }
    gemmIsTheDefinition(kernels, random, 7, 65, 33_000); // few rows, weights from afar
    gemmIsTheDefinition(kernels, random, 3, 7, 0);
    for (int i = 0; i < 70; i++) { // until the chunks have their full depth
      gemmIsTheDefinition(kernels, random, 5, 3, 2);
    }
    for (int[] s : shapes) {
      gemmIsTheDefinition(kernels, random, s[0], s[1], s[2]);
    }
  }

  private static void gemmIsTheDefinition(Kernels kernels, Random random, int m, int n, int k) {
    MemorySegment lhs = bytes(random, m * k);
    MemorySegment rhs = bytes(random, n * k);
    int[] bias = random.ints(n).toArray();
    GemmSpec spec =
        GemmSpec.of(n, k).withLhs(ElementType.U8, 200).withRhs(ElementType.S8, ZeroPoints.of(-3));
    MemorySegment dst = MemorySegment.ofArray(new int[m * n]);
    try (Arena arena = Arena.ofConfined()) {
      Weights weights = Weights.rowsOfK(rhs, k).withBias(Bias.of(bias));
      kernels.prepare(spec, weights, arena).run(spec.rows(m), lhs, dst);
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        long sum = bias[j];
        for (int p = 0; p < k; p++) {
          int a = lhs.get(JAVA_BYTE, (long) i * k + p) & 0xFF;
          sum += (a - 200) * (rhs.get(JAVA_BYTE, (long) j * k + p) + 3);
        }
        assertEquals((int) sum, dst.getAtIndex(JAVA_INT, (long) i * n + j), m + "," + n + "," + k);
      }
    }
  }

  @Test
  void emptySumsNeedNoWeights() {
    GemmSpec spec = GemmSpec.of(2, 0);
    for (Backend backend : BACKENDS) {
      MemorySegment dst = MemorySegment.ofArray(new int[2]);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment none = MemorySegment.ofArray(new byte[0]);
        Weights gaps = new Weights(none, 16, 0, 0, 1, Bias.of(7, -8));
        backend.prepare(spec, gaps, arena).run(spec.rows(1), none, dst);
      }
      assertEquals(7, dst.getAtIndex(JAVA_INT, 0));
      assertEquals(-8, dst.getAtIndex(JAVA_INT, 1));
    }
  }

  @Test
  void packedWeightsLieWhereTheLayoutSays() {
    Random random = new Random(2);
    ConvSpec grouped = ConvSpec.of(6, 70, Window.of(2, 3)).withGroups(2).withRhs(ElementType.U8);
    ConvSpec depthwise = ConvSpec.of(5, 10, Window.of(3, 3)).withGroups(5);
    for (Backend backend : BACKENDS) {
      for (ConvSpec spec : List.of(grouped, depthwise)) {
        int k = spec.k();
        MemorySegment data = bytes(random, spec.outChannels() * k);
        try (Arena arena = Arena.ofConfined()) {
          Kernel kernel = backend.prepare(spec, Weights.ohwi(data, spec), arena);
          PackedLayout layout = kernel.plan().layout().orElseThrow();
          for (int n = 0; n < spec.outChannels(); n++) {
            for (int p = 0; p < k; p++) {
              int packed = kernel.packed().get(JAVA_BYTE, layout.offset(n, p)) ^ layout.flip();
              assertEquals(data.get(JAVA_BYTE, (long) n * k + p), (byte) packed, backend.id());
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Recipe.class)
  void recipesAreTheNormWhereverTheyClamp(Recipe recipe) {
    Random random = new Random(3);
    double[] reals = {
      1e-30, 0x3p-32, 3e-9, 0.0037, 0.25, 0.49, 0.5, 0.75, 1, 1.5, 4095.5, 4096, 4097, 1e6, 1e9
    };
    int[] values = {0, 1, -1, 2, -2, 3, 6, -6, 10, -10, 1 << 24, (1 << 24) + 1, 1 << 31, ~0 >>> 1};
    int count = 3000;
    int[] acc = new int[count];
    for (int i = 0; i < count; i++) {
      acc[i] = i < values.length ? values[i] : random.nextInt() >> random.nextInt(32);
    }
    for (double real : reals) {
      Multipliers m =
          recipe.multipliers() == Multipliers.Float32.class
              ? Multipliers.Float32.of((float) real)
              : recipe.multipliers() == Multipliers.Float64.class
                  ? Multipliers.Float64.of(real)
                  : Multipliers.FixedPoint.of(real);
      Output.Requantized out = new Output.Requantized(ElementType.S8, recipe, m, -77, -128, 100);
      RequantizeSpec spec = RequantizeSpec.of(1, out);
      for (Backend backend : BACKENDS) {
        MemorySegment dst = MemorySegment.ofArray(new byte[count]);
        try (Arena arena = Arena.ofConfined()) {
          Shape shape = spec.elements(1, count);
          backend.prepare(spec, arena).run(shape, MemorySegment.ofArray(acc), dst);
        }
        for (int i = 0; i < count; i++) {
          int expected = Norm.requantize(out, acc[i], 0);
          String what = backend + ": " + recipe + " of " + acc[i] + " · " + real;
          assertEquals(expected, dst.get(JAVA_BYTE, i), what);
        }
      }
    }
  }

  @Test
  void plansNameTheTile() {
    GemmSpec spec = GemmSpec.of(64, 64);
    Kernels floats = new Kernels("vector-512", new Width(512, false));
    Kernels pairs = new Kernels("vector-512", new Width(512, true));
    assertEquals("gemm_u8s8s32_8x32x1_vector512", floats.plan(spec).kernel());
    assertEquals("gemm_u8s8s32_4x64x2_vector512", pairs.plan(spec).kernel());
  }

  private static MemorySegment bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
