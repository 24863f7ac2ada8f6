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
  public void four(float[] lhs, int l, byte[] rhs, int r, int k, int[] acc, int a, int pitch) {
    for (int p = 0; p < k; p += Gemm.DEPTH) {
      fourOf(lhs, l + p, rhs, r + p * 2 * L, Math.min(Gemm.DEPTH, k - p), acc, a, pitch);
    }
  }

  private static void fourOf(
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
      FloatVector b0 =
          ((FloatVector) ByteVector.fromArray(B, rhs, r + p * 2 * L).convertShape(B2F, F, 0));
      FloatVector b1 =
          ((FloatVector) ByteVector.fromArray(B, rhs, r + p * 2 * L + L).convertShape(B2F, F, 0));
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
    c00.intoArray(lhs, SUMS);
    c01.intoArray(lhs, SUMS + L);
    c10.intoArray(lhs, SUMS + 2 * L);
    c11.intoArray(lhs, SUMS + 3 * L);
    c20.intoArray(lhs, SUMS + 4 * L);
    c21.intoArray(lhs, SUMS + 5 * L);
    c30.intoArray(lhs, SUMS + 6 * L);
    c31.intoArray(lhs, SUMS + 7 * L);
    for (int i = 0; i < ROWS; i++) {
      fold(lhs, SUMS + i * 2 * L, acc, a + i * pitch);
      fold(lhs, SUMS + i * 2 * L + L, acc, a + i * pitch + L);
    }
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
      x.fma(
              ((FloatVector) ByteVector.fromArray(B, rhs, r + p * 2 * L).convertShape(B2F, F, 0)),
              magic)
          .intoArray(lhs, SUMS);
      x.fma(
              ((FloatVector)
                  ByteVector.fromArray(B, rhs, r + p * 2 * L + L).convertShape(B2F, F, 0)),
              magic)
          .intoArray(lhs, SUMS + L);
      fold(lhs, SUMS, acc, a);
      fold(lhs, SUMS + L, acc, a + L);
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
      c00 = x.fma(((FloatVector) ByteVector.fromArray(B, rhs, at).convertShape(B2F, F, 0)), c00);
      c01 =
          x.fma(((FloatVector) ByteVector.fromArray(B, rhs, at + L).convertShape(B2F, F, 0)), c01);
      x = FloatVector.broadcast(F, lhs[l + p + 1]);
      c10 =
          x.fma(
              ((FloatVector) ByteVector.fromArray(B, rhs, at + 2 * L).convertShape(B2F, F, 0)),
              c10);
      c11 =
          x.fma(
              ((FloatVector) ByteVector.fromArray(B, rhs, at + 3 * L).convertShape(B2F, F, 0)),
              c11);
      x = FloatVector.broadcast(F, lhs[l + p + 2]);
      c20 =
          x.fma(
              ((FloatVector) ByteVector.fromArray(B, rhs, at + 4 * L).convertShape(B2F, F, 0)),
              c20);
      c21 =
          x.fma(
              ((FloatVector) ByteVector.fromArray(B, rhs, at + 5 * L).convertShape(B2F, F, 0)),
              c21);
      x = FloatVector.broadcast(F, lhs[l + p + 3]);
      c30 =
          x.fma(
              ((FloatVector) ByteVector.fromArray(B, rhs, at + 6 * L).convertShape(B2F, F, 0)),
              c30);
      c31 =
          x.fma(
              ((FloatVector) ByteVector.fromArray(B, rhs, at + 7 * L).convertShape(B2F, F, 0)),
              c31);
    }
    c00.intoArray(lhs, SUMS);
    c01.intoArray(lhs, SUMS + L);
    c10.intoArray(lhs, SUMS + 2 * L);
    c11.intoArray(lhs, SUMS + 3 * L);
    c20.intoArray(lhs, SUMS + 4 * L);
    c21.intoArray(lhs, SUMS + 5 * L);
    c30.intoArray(lhs, SUMS + 6 * L);
    c31.intoArray(lhs, SUMS + 7 * L);
    for (int i = 0; i < 4; i++) {
      fold(lhs, SUMS + i * 2 * L, acc, a);
      fold(lhs, SUMS + i * 2 * L + L, acc, a + L);
    }
  }

  /** acc += the integer that a sum stands for; see {@link Gemm8x2}. */
  private static void fold(float[] sums, int s, int[] acc, int a) {
    IntVector bits = FloatVector.fromArray(F, sums, s).reinterpretAsInts().sub(Gemm.MAGIC_BITS);
    IntVector.fromArray(I, acc, a).add(bits).intoArray(acc, a);
  }
}
