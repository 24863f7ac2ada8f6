package dev.octavo.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Pairs} with 4 rows by 2 vectors: 16 sums, two each, and 12 operands in 32 registers.
 *
 * <p>Measured (AMD EPYC, Zen 5, the loop alone, 512, 256 and 128 bits): 301, 148 and 74 GOP/s,
 * against 262, 131 and 64 of {@link Gemm8x2}; 3 x 3 and 3 x 2 are as fast, tiles of one vector run
 * at 250, larger ones spill. The shift takes a vector of counts: with a constant the compiler moves
 * the count to a register again for every shift, and loses 4 %. The loop calls no method of ours:
 * that would be one inlining too many, and every vector an object.
 *
 * <p>A sum is the argument of its addition, never the receiver: {@code s.add(c)}. Of a sum that
 * goes round the loop C2 knows no exact class before the addition is inlined, and inlines it only
 * by the profile, which all widths in one JVM share. The third width to run found a profile of two
 * others, and ran at 3 GOP/s for good.
 */
final class PairsLanes implements Pairs {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Short> S = SHAPE.withLanes(short.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final VectorSpecies<Byte> Q = WidthCopy.quarter(SHAPE).withLanes(byte.class);
  private static final VectorSpecies<Byte> B = WidthCopy.half(SHAPE).withLanes(byte.class);
  private static final VectorSpecies<Short> HALF = WidthCopy.half(SHAPE).withLanes(short.class);
  private static final int L = I.length();
  private static final int NR = S.length();

  @Override
  public void widen(byte[] from, int f, short[] to, int t, int n) {
    for (int i = 0; i < n; i += NR) {
      ByteVector bytes = ByteVector.fromArray(B, from, f + i);
      ((ShortVector) bytes.convertShape(B2S, S, 0)).neg().intoArray(to, t + i);
    }
  }

  @Override
  public void widenTwice(byte[] from, int f, int step, int flip, int[] to, int t, int n, int rows) {
    if (n > 2 * L) {
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < n; i += L) {
          ByteVector bytes = ByteVector.fromArray(Q, from, f + r * step + i);
          IntVector x = (IntVector) bytes.lanewise(XOR, (byte) flip).convertShape(B2I, I, 0);
          x.lanewise(LSHL, 16).or(x.and(0xFFFF)).intoArray(to, t + r * PITCH + i);
        }
      }
      return;
    }
    int second = n > L ? L : 0; // the first again, if that is all
    for (int r = 0; r < rows; r++) {
      ByteVector bytes = ByteVector.fromArray(Q, from, f + r * step);
      IntVector x = (IntVector) bytes.lanewise(XOR, (byte) flip).convertShape(B2I, I, 0);
      x.lanewise(LSHL, 16).or(x.and(0xFFFF)).intoArray(to, t + r * PITCH);
      bytes = ByteVector.fromArray(Q, from, f + r * step + second);
      x = (IntVector) bytes.lanewise(XOR, (byte) flip).convertShape(B2I, I, 0);
      x.lanewise(LSHL, 16).or(x.and(0xFFFF)).intoArray(to, t + r * PITCH + second);
    }
  }

  @Override
  public int sum(int[] values, int v, int n) {
    int sum = 0;
    for (int i = v; i < v + n; i++) {
      sum += (short) values[i];
    }
    return sum;
  }

  @Override
  public void two(int[] lhs, int l, short[] rhs, int k, int[] acc, int a, int pitch) {
    ShortVector eight = ShortVector.broadcast(S, 8);
    ShortVector zero = ShortVector.zero(S);
    ShortVector c00 = zero;
    ShortVector h00 = zero;
    ShortVector c01 = zero;
    ShortVector h01 = zero;
    ShortVector c10 = zero;
    ShortVector h10 = zero;
    ShortVector c11 = zero;
    ShortVector h11 = zero;
    ShortVector c20 = zero;
    ShortVector h20 = zero;
    ShortVector c21 = zero;
    ShortVector h21 = zero;
    ShortVector c30 = zero;
    ShortVector h30 = zero;
    ShortVector c31 = zero;
    ShortVector h31 = zero;
    for (int p = 0; p < k; p += 2) {
      ShortVector b0 = ShortVector.fromArray(S, rhs, p * NR);
      ShortVector d0 = ShortVector.fromArray(S, rhs, p * NR + NR);
      ShortVector b1 = ShortVector.fromArray(S, rhs, PANEL + p * NR);
      ShortVector d1 = ShortVector.fromArray(S, rhs, PANEL + p * NR + NR);
      ShortVector x = IntVector.broadcast(I, lhs[l + p]).reinterpretAsShorts();
      ShortVector y = IntVector.broadcast(I, lhs[l + p + 1]).reinterpretAsShorts();
      ShortVector s = x.mul(b0).add(y.mul(d0));
      c00 = s.add(c00);
      h00 = s.lanewise(ASHR, eight).add(h00);
      s = x.mul(b1).add(y.mul(d1));
      c01 = s.add(c01);
      h01 = s.lanewise(ASHR, eight).add(h01);
      x = IntVector.broadcast(I, lhs[l + PITCH + p]).reinterpretAsShorts();
      y = IntVector.broadcast(I, lhs[l + PITCH + p + 1]).reinterpretAsShorts();
      s = x.mul(b0).add(y.mul(d0));
      c10 = s.add(c10);
      h10 = s.lanewise(ASHR, eight).add(h10);
      s = x.mul(b1).add(y.mul(d1));
      c11 = s.add(c11);
      h11 = s.lanewise(ASHR, eight).add(h11);
      x = IntVector.broadcast(I, lhs[l + 2 * PITCH + p]).reinterpretAsShorts();
      y = IntVector.broadcast(I, lhs[l + 2 * PITCH + p + 1]).reinterpretAsShorts();
      s = x.mul(b0).add(y.mul(d0));
      c20 = s.add(c20);
      h20 = s.lanewise(ASHR, eight).add(h20);
      s = x.mul(b1).add(y.mul(d1));
      c21 = s.add(c21);
      h21 = s.lanewise(ASHR, eight).add(h21);
      x = IntVector.broadcast(I, lhs[l + 3 * PITCH + p]).reinterpretAsShorts();
      y = IntVector.broadcast(I, lhs[l + 3 * PITCH + p + 1]).reinterpretAsShorts();
      s = x.mul(b0).add(y.mul(d0));
      c30 = s.add(c30);
      h30 = s.lanewise(ASHR, eight).add(h30);
      s = x.mul(b1).add(y.mul(d1));
      c31 = s.add(c31);
      h31 = s.lanewise(ASHR, eight).add(h31);
    }
    c00.intoArray(rhs, SUMS);
    h00.intoArray(rhs, SUMS + NR);
    c01.intoArray(rhs, SUMS + 2 * NR);
    h01.intoArray(rhs, SUMS + 3 * NR);
    c10.intoArray(rhs, SUMS + 4 * NR);
    h10.intoArray(rhs, SUMS + 5 * NR);
    c11.intoArray(rhs, SUMS + 6 * NR);
    h11.intoArray(rhs, SUMS + 7 * NR);
    c20.intoArray(rhs, SUMS + 8 * NR);
    h20.intoArray(rhs, SUMS + 9 * NR);
    c21.intoArray(rhs, SUMS + 10 * NR);
    h21.intoArray(rhs, SUMS + 11 * NR);
    c30.intoArray(rhs, SUMS + 12 * NR);
    h30.intoArray(rhs, SUMS + 13 * NR);
    c31.intoArray(rhs, SUMS + 14 * NR);
    h31.intoArray(rhs, SUMS + 15 * NR);
    for (int i = 0; i < MR; i++) {
      fold(rhs, SUMS + i * 4 * NR, acc, a + i * pitch);
      fold(rhs, SUMS + i * 4 * NR + 2 * NR, acc, a + i * pitch + NR);
    }
  }

  @Override
  public void one(int[] lhs, int l, short[] rhs, int k, int[] acc, int a, int pitch) {
    ShortVector eight = ShortVector.broadcast(S, 8);
    ShortVector zero = ShortVector.zero(S);
    ShortVector c00 = zero;
    ShortVector h00 = zero;
    ShortVector c10 = zero;
    ShortVector h10 = zero;
    ShortVector c20 = zero;
    ShortVector h20 = zero;
    ShortVector c30 = zero;
    ShortVector h30 = zero;
    for (int p = 0; p < k; p += 2) {
      ShortVector b0 = ShortVector.fromArray(S, rhs, p * NR);
      ShortVector d0 = ShortVector.fromArray(S, rhs, p * NR + NR);
      ShortVector x = IntVector.broadcast(I, lhs[l + p]).reinterpretAsShorts();
      ShortVector y = IntVector.broadcast(I, lhs[l + p + 1]).reinterpretAsShorts();
      ShortVector s = x.mul(b0).add(y.mul(d0));
      c00 = s.add(c00);
      h00 = s.lanewise(ASHR, eight).add(h00);
      x = IntVector.broadcast(I, lhs[l + PITCH + p]).reinterpretAsShorts();
      y = IntVector.broadcast(I, lhs[l + PITCH + p + 1]).reinterpretAsShorts();
      s = x.mul(b0).add(y.mul(d0));
      c10 = s.add(c10);
      h10 = s.lanewise(ASHR, eight).add(h10);
      x = IntVector.broadcast(I, lhs[l + 2 * PITCH + p]).reinterpretAsShorts();
      y = IntVector.broadcast(I, lhs[l + 2 * PITCH + p + 1]).reinterpretAsShorts();
      s = x.mul(b0).add(y.mul(d0));
      c20 = s.add(c20);
      h20 = s.lanewise(ASHR, eight).add(h20);
      x = IntVector.broadcast(I, lhs[l + 3 * PITCH + p]).reinterpretAsShorts();
      y = IntVector.broadcast(I, lhs[l + 3 * PITCH + p + 1]).reinterpretAsShorts();
      s = x.mul(b0).add(y.mul(d0));
      c30 = s.add(c30);
      h30 = s.lanewise(ASHR, eight).add(h30);
    }
    c00.intoArray(rhs, SUMS);
    h00.intoArray(rhs, SUMS + NR);
    c10.intoArray(rhs, SUMS + 2 * NR);
    h10.intoArray(rhs, SUMS + 3 * NR);
    c20.intoArray(rhs, SUMS + 4 * NR);
    h20.intoArray(rhs, SUMS + 5 * NR);
    c30.intoArray(rhs, SUMS + 6 * NR);
    h30.intoArray(rhs, SUMS + 7 * NR);
    for (int i = 0; i < MR; i++) {
      fold(rhs, SUMS + i * 2 * NR, acc, a + i * pitch);
    }
  }

  /** acc −= the sum that two vectors of shorts stand for; see {@link Pairs}. */
  private static void fold(short[] sums, int s, int[] acc, int a) {
    for (int i = 0; i < NR; i += L) {
      ShortVector c = ShortVector.fromArray(HALF, sums, s + i);
      ShortVector h = ShortVector.fromArray(HALF, sums, s + NR + i);
      IntVector low = (IntVector) c.convertShape(S2I, I, 0);
      IntVector high = ((IntVector) h.convertShape(S2I, I, 0)).lanewise(LSHL, 8);
      IntVector sum = low.sub(high).and(0xFFFF).add(high);
      IntVector.fromArray(I, acc, a + i).sub(sum).intoArray(acc, a + i);
    }
  }
}
