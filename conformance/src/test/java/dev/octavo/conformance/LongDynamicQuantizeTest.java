package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Norm;
import dev.octavo.QuantizeRule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Dynamic quantization of more than fits one strip or one buffer, which the drafts of the contracts
 * are too small for: mutants of offsets lived on.
 */
class LongDynamicQuantizeTest {
  @Test
  void manyRows() {
    check(
        new DynamicQuantizeSpec(ElementType.U8, DynamicQuantizeSpec.Range.ASYMMETRIC, true),
        3000,
        97);
  }

  @Test
  void longRows() {
    check(
        new DynamicQuantizeSpec(ElementType.S8, DynamicQuantizeSpec.Range.SYMMETRIC, true),
        3,
        50001);
  }

  @Test
  void oneLongTensor() {
    check(
        new DynamicQuantizeSpec(ElementType.U8, DynamicQuantizeSpec.Range.ASYMMETRIC, false),
        7,
        20011);
  }

  private static void check(DynamicQuantizeSpec spec, int rows, int inner) {
    Random random = new Random(rows);
    float[] values = new float[rows * inner];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * (1 + i / inner % 5);
    }
    int groups = spec.perRow() ? rows : 1;
    float[] scales = new float[groups];
    int[] zeroPoints = new int[groups];
    byte[] expected = new byte[values.length];
    for (int g = 0; g < groups; g++) {
      int from = g * (values.length / groups);
      int to = from + values.length / groups;
      float lo = 0;
      float hi = 0;
      for (int i = from; i < to; i++) {
        lo = Math.min(lo, values[i]);
        hi = Math.max(hi, values[i]);
      }
      scales[g] = Norm.dynamicScale(spec, lo, hi);
      zeroPoints[g] = Norm.dynamicZeroPoint(spec, lo, scales[g]);
      for (int i = from; i < to; i++) {
        expected[i] =
            (byte)
                Norm.quantize(
                    QuantizeRule.DIVIDE_HALF_EVEN,
                    values[i],
                    scales[g],
                    zeroPoints[g],
                    spec.min(),
                    spec.max());
      }
    }
    for (Backend backend : Backends.list()) {
      if (backend.availability() instanceof Availability.Unusable) {
        continue;
      }
      float[] foundScales = new float[groups];
      int[] foundZeroPoints = new int[groups];
      byte[] found = new byte[values.length];
      try (Arena arena = Arena.ofConfined()) {
        Kernel kernel = backend.prepare(spec, arena);
        kernel.run(
            spec.elements(rows, inner),
            MemorySegment.ofArray(values),
            MemorySegment.ofArray(found),
            new LhsParameters(
                MemorySegment.ofArray(foundScales), MemorySegment.ofArray(foundZeroPoints)));
      }
      assertArrayEquals(scales, foundScales, backend::toString);
      assertArrayEquals(zeroPoints, foundZeroPoints, backend::toString);
      assertArrayEquals(expected, found, backend::toString);
    }
  }
}
