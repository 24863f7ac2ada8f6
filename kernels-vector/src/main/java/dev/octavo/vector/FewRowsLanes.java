package dev.octavo.vector;

import static jdk.incubator.vector.VectorOperators.B2F;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link FewRows}, 4 rows by 2 vectors, or 1 row by 2 vectors at 4 depths. */
final class FewRowsLanes implements FewRows {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Float> F = SHAPE.withLanes(float.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final VectorSpecies<Byte> B = WidthCopy.quarter(SHAPE).withLanes(byte.class);
  private static final int L = F.length();

  @Override
  public void four(float[] lhs, byte[] rhs, int r, int k, int[] acc, int a, int pitch) {
    for (int p = 0; p < k; p += Gemm.DEPTH) {
      four(lhs, p, rhs, r + p * 2 * L, Math.min(Gemm.DEPTH, k - p), acc, a, pitch);
    }
  }

  private static void four(
      float[] lhs, int l, byte[] rhs, int r, int k, int[] acc, int a, int pitch) {
    FloatVector magic = FloatVector.broadcast(F, Gemm.MAGIC);
    FloatVector c00 = magic;
    FloatVector c01 = magic;
    FloatVector c10 = magic;
    FloatVector c11 = magic;
    FloatVector c20 = magic;
    FloatVector c21 = magic;
    FloatVector c30 = magic;
    FloatVector c31 = magic;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = widen(rhs, r + p * 2 * L);
      FloatVector b1 = widen(rhs, r + p * 2 * L + L);
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
    fold(integer(c00), acc, a);
    fold(integer(c01), acc, a + L);
    fold(integer(c10), acc, a + pitch);
    fold(integer(c11), acc, a + pitch + L);
    fold(integer(c20), acc, a + 2 * pitch);
    fold(integer(c21), acc, a + 2 * pitch + L);
    fold(integer(c30), acc, a + 3 * pitch);
    fold(integer(c31), acc, a + 3 * pitch + L);
  }

  @Override
  public void one(float[] lhs, byte[] rhs, int r, int k, int[] acc, int a) {
    // Four sums for each column, one for each depth modulo 4, so that they do not wait for one
    // another; each has at most Gemm.DEPTH products.
    int fours = k & -4;
    for (int p = 0; p < fours; p += 4 * Gemm.DEPTH) {
      one(lhs, p, rhs, r + p * 2 * L, Math.min(4 * Gemm.DEPTH, fours - p), acc, a);
    }
    for (int p = fours; p < k; p++) {
      FloatVector x = FloatVector.broadcast(F, lhs[p]);
      FloatVector magic = FloatVector.broadcast(F, Gemm.MAGIC);
      fold(integer(x.fma(widen(rhs, r + p * 2 * L), magic)), acc, a);
      fold(integer(x.fma(widen(rhs, r + p * 2 * L + L), magic)), acc, a + L);
    }
  }

  private static void one(float[] lhs, int l, byte[] rhs, int r, int k, int[] acc, int a) {
    FloatVector magic = FloatVector.broadcast(F, Gemm.MAGIC);
    FloatVector c00 = magic;
    FloatVector c01 = magic;
    FloatVector c10 = magic;
    FloatVector c11 = magic;
    FloatVector c20 = magic;
    FloatVector c21 = magic;
    FloatVector c30 = magic;
    FloatVector c31 = magic;
    for (int p = 0; p < k; p += 4) {
      int at = r + p * 2 * L;
      FloatVector x = FloatVector.broadcast(F, lhs[l + p]);
      c00 = x.fma(widen(rhs, at), c00);
      c01 = x.fma(widen(rhs, at + L), c01);
      x = FloatVector.broadcast(F, lhs[l + p + 1]);
      c10 = x.fma(widen(rhs, at + 2 * L), c10);
      c11 = x.fma(widen(rhs, at + 3 * L), c11);
      x = FloatVector.broadcast(F, lhs[l + p + 2]);
      c20 = x.fma(widen(rhs, at + 4 * L), c20);
      c21 = x.fma(widen(rhs, at + 5 * L), c21);
      x = FloatVector.broadcast(F, lhs[l + p + 3]);
      c30 = x.fma(widen(rhs, at + 6 * L), c30);
      c31 = x.fma(widen(rhs, at + 7 * L), c31);
    }
    fold(integer(c00).add(integer(c10)).add(integer(c20)).add(integer(c30)), acc, a);
    fold(integer(c01).add(integer(c11)).add(integer(c21)).add(integer(c31)), acc, a + L);
  }

  /** As many bytes as a vector has lanes, as floats. */
  private static FloatVector widen(byte[] rhs, int at) {
    return (FloatVector) ByteVector.fromArray(B, rhs, at).convertShape(B2F, F, 0);
  }

  private static IntVector integer(FloatVector sum) {
    return sum.reinterpretAsInts().sub(Gemm.MAGIC_BITS);
  }

  private static void fold(IntVector sum, int[] acc, int a) {
    IntVector.fromArray(I, acc, a).add(sum).intoArray(acc, a);
  }
}
