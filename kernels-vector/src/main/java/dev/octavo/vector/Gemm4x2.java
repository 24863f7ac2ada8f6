package dev.octavo.vector;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Gemm} with 4 rows by 2 vectors: 8 sums, which is as many as the two multiply-add units of
 * an x86 core keep busy, and what fits 16 vector registers (AVX2).
 *
 * <p>Larger tiles fit only on paper: the compiler loads all broadcasts of a step ahead of their
 * use, so that 4 x 3, 6 x 2, 5 x 2 and 12 x 1 spill and run at half this speed; 3 x 3 runs 4 %
 * slower (AMD EPYC, Zen 4, with -XX:UseAVX=2).
 */
final class Gemm4x2 implements Gemm {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Float> F = SHAPE.withLanes(float.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final int L = F.length();

  @Override
  public int mr() {
    return 4;
  }

  @Override
  public int nr() {
    return 2 * L;
  }

  @Override
  public void tile(float[] lhs, int l, float[] rhs, int r, int k, int[] acc, int a, int pitch) {
    FloatVector magic = FloatVector.broadcast(F, MAGIC);
    FloatVector c00 = magic;
    FloatVector c01 = magic;
    FloatVector c10 = magic;
    FloatVector c11 = magic;
    FloatVector c20 = magic;
    FloatVector c21 = magic;
    FloatVector c30 = magic;
    FloatVector c31 = magic;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(F, rhs, r + p * 2 * L);
      FloatVector b1 = FloatVector.fromArray(F, rhs, r + p * 2 * L + L);
      FloatVector x = FloatVector.broadcast(F, lhs[l + p]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(F, lhs[l + PITCH + p]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(F, lhs[l + 2 * PITCH + p]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(F, lhs[l + 3 * PITCH + p]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
    }
    fold(c00, acc, a);
    fold(c01, acc, a + L);
    fold(c10, acc, a + pitch);
    fold(c11, acc, a + pitch + L);
    fold(c20, acc, a + 2 * pitch);
    fold(c21, acc, a + 2 * pitch + L);
    fold(c30, acc, a + 3 * pitch);
    fold(c31, acc, a + 3 * pitch + L);
  }

  /** acc += the integer that a sum stands for. */
  private static void fold(FloatVector sum, int[] acc, int a) {
    IntVector bits = sum.reinterpretAsInts().sub(MAGIC_BITS);
    IntVector.fromArray(I, acc, a).add(bits).intoArray(acc, a);
  }
}
