package dev.octavo.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jdk.incubator.vector.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loops of every width against the sums they stand for, at the ends of their ranges. */
class WidthTest {
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void theTileIsExactWhereFloatsEnd(int bits) {
    Gemm gemm = new Width(bits).gemm;
    // 256 · −128 · −128 = 2^22 exactly, and the other end.
    for (int rhs : new int[] {-128, 127}) {
      float[] l = new float[gemm.mr() * Gemm.PITCH];
      float[] r = new float[Gemm.SUMS + 256];
      Arrays.fill(l, -128f);
      Arrays.fill(r, rhs);
      int[] acc = new int[gemm.mr() * gemm.nr()];
      gemm.tile(l, 0, r, 0, Gemm.DEPTH, acc, 0, gemm.nr());
      for (int sum : acc) {
        assertEquals(Gemm.DEPTH * -128 * rhs, sum);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void theTileIsTheSum(int bits) {
    Gemm gemm = new Width(bits).gemm;
    Random random = new Random(bits);
    for (int k : new int[] {0, 1, 2, 7, 64, 255, 256}) {
      float[] l = new float[gemm.mr() * Gemm.PITCH];
      float[] r = new float[Gemm.SUMS + 256];
      randomBytes(random, l, l.length);
      randomBytes(random, r, k * gemm.nr());
      int pitch = gemm.nr() + 3;
      int[] acc = new int[gemm.mr() * pitch];
      Arrays.fill(acc, 5);
      gemm.tile(l, 0, r, 0, k, acc, 0, pitch);
      for (int i = 0; i < gemm.mr(); i++) {
        for (int j = 0; j < gemm.nr(); j++) {
          int sum = 5;
          for (int p = 0; p < k; p++) {
            sum += (int) l[i * Gemm.PITCH + p] * (int) r[p * gemm.nr() + j];
          }
          assertEquals(sum, acc[i * pitch + j], bits + " bits, k = " + k);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void thePairsAreTheSum(int bits) {
    Width width = new Width(bits, true);
    Pairs pairs = width.pairs;
    int nr = width.gemm.nr();
    Random random = new Random(bits);
    int[] l = new int[Pairs.MR * Pairs.PITCH + 64];
    short[] r = new short[Pairs.SUMS + 1024];
    for (int k : new int[] {0, 1, 2, 7, 64, 255, 256}) {
      for (int filled : new int[] {1, -128, 127}) {
        byte[] lhs = new byte[l.length + 64];
        byte[] first = new byte[256 * nr + 64];
        byte[] second = new byte[256 * nr + 64];
        random.nextBytes(lhs);
        random.nextBytes(first);
        random.nextBytes(second);
        if (filled != 1) {
          Arrays.fill(lhs, (byte) -128); // · −128 at both depths of a pair: 2^15, the most there is
          Arrays.fill(first, (byte) filled);
          Arrays.fill(second, (byte) (-1 - filled));
        }
        for (int i = 0; i < Pairs.MR; i++) {
          pairs.widenTwice(lhs, i * Pairs.PITCH, 0, 0, l, i * Pairs.PITCH, k, 1);
          l[i * Pairs.PITCH + k] = 0;
        }
        pairs.widen(first, 0, r, 0, k * nr);
        pairs.widen(second, 0, r, Pairs.PANEL, k * nr);
        int pitch = 2 * nr + 3;
        int[] two = new int[Pairs.MR * pitch];
        int[] one = new int[Pairs.MR * pitch];
        Arrays.fill(two, 5);
        Arrays.fill(one, 5);
        pairs.two(l, 0, r, k, two, 0, pitch);
        pairs.one(l, 0, r, k, one, 0, pitch);
        for (int i = 0; i < Pairs.MR; i++) {
          for (int j = 0; j < 2 * nr; j++) {
            int sum = 5;
            for (int p = 0; p < k; p++) {
              byte weight = j < nr ? first[p * nr + j] : second[p * nr + j - nr];
              sum += lhs[i * Pairs.PITCH + p] * weight;
            }
            assertEquals(sum, two[i * pitch + j], bits + " bits, k = " + k);
            assertEquals(j < nr ? sum : 5, one[i * pitch + j], bits + " bits, k = " + k);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void fewRowsAreTheSum(int bits) {
    Width width = new Width(bits);
    int nr = width.gemm.nr();
    Random random = new Random(bits);
    for (int k : new int[] {1, 3, 4, 5, 255, 257, 1023, 1029, FewRows.DEPTH}) {
      float[] l = new float[FewRows.SUMS + 256];
      randomBytes(random, l, FewRows.SUMS);
      byte[] r = new byte[k * nr + 64];
      random.nextBytes(r);
      if (k == FewRows.DEPTH) {
        Arrays.fill(l, 0, FewRows.SUMS, -128f);
        Arrays.fill(r, (byte) -128);
      }
      int[] four = new int[FewRows.MOST * nr];
      int[] one = new int[nr];
      for (int i = 0; i < FewRows.MOST; i += FewRows.ROWS) {
        width.fewRows.four(l, i * FewRows.PITCH, r, 0, k, four, i * nr, nr);
      }
      width.fewRows.one(l, r, 0, k, one, 0);
      for (int i = 0; i < FewRows.MOST; i++) {
        for (int j = 0; j < nr; j++) {
          int sum = 0;
          for (int p = 0; p < k; p++) {
            sum += (int) l[i * FewRows.PITCH + p] * r[p * nr + j];
          }
          assertEquals(sum, four[i * nr + j], bits + " bits, k = " + k);
          if (i == 0) {
            assertEquals(sum, one[j], bits + " bits, k = " + k);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void bytesWidenAfterTheFlip(int bits) {
    Lanes lanes = new Width(bits).lanes;
    byte[] from = new byte[256 + 64];
    for (int i = 0; i < 256; i++) {
      from[i] = (byte) i;
    }
    float[] to = new float[256 + 64];
    int[] twice = new int[256 + 64];
    Pairs pairs = new Width(bits, true).pairs;
    pairs.widenTwice(from, 0, 0, 0x80, twice, 0, 256, 1);
    lanes.widen(from, 0, 0x80, to, 0, 256);
    for (int i = 0; i < 256; i++) {
      assertEquals(i - 128, to[i]);
      assertEquals((i - 128 & 0xFFFF) * 0x10001, twice[i]);
    }
    assertEquals(-128, pairs.sum(twice, 0, 256));
    assertEquals(-128, lanes.sum(to, 0, 256));
    assertEquals(-128 - 127, lanes.sum(to, 0, 2));
  }

  /** {@link WidthCopy} says why. */
  @Test
  void noVectorCrossesACall() {
    Width width = new Width(256, true);
    List<Object> loops =
        List.of(
            width.lanes,
            width.gemm,
            width.lastRows,
            width.pairs,
            width.fewRows,
            width.depthwise,
            width.quantizer,
            width.dequantizer);
    for (Object copy : loops) {
      for (Method method : copy.getClass().getDeclaredMethods()) {
        assertFalse(Vector.class.isAssignableFrom(method.getReturnType()), method::toString);
        for (Class<?> parameter : method.getParameterTypes()) {
          assertFalse(Vector.class.isAssignableFrom(parameter), method::toString);
        }
      }
    }
  }

  private static void randomBytes(Random random, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = (byte) random.nextInt();
    }
  }
}
