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
    c00.intoArray(rhs, SUMS);
    c01.intoArray(rhs, SUMS + L);
    c10.intoArray(rhs, SUMS + 2 * L);
    c11.intoArray(rhs, SUMS + 3 * L);
    c20.intoArray(rhs, SUMS + 4 * L);
    c21.intoArray(rhs, SUMS + 5 * L);
    c30.intoArray(rhs, SUMS + 6 * L);
    c31.intoArray(rhs, SUMS + 7 * L);
    for (int i = 0; i < 4; i++) {
      fold(rhs, SUMS + i * 2 * L, acc, a + i * pitch);
      fold(rhs, SUMS + i * 2 * L + L, acc, a + i * pitch + L);
    }
  }

  /**
   * acc += the integer that a sum stands for. Takes the sum from memory: sixteen vectors passed to
   * a method would be sixteen objects wherever the compiler tires of inlining.
   */
  private static void fold(float[] sums, int s, int[] acc, int a) {
    IntVector bits = FloatVector.fromArray(F, sums, s).reinterpretAsInts().sub(MAGIC_BITS);
    IntVector.fromArray(I, acc, a).add(bits).intoArray(acc, a);
  }
}
