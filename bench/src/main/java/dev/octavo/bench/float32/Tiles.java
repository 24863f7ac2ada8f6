package dev.octavo.bench.float32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles of the Vector API product: {@code mr} rows of lhs times a panel of rhs, two
 * vectors wide and stored depth by depth. A step of k loads the panel's two vectors once and
 * broadcasts one float of each row, so {@code 2·mr} fused multiply-adds stand against {@code mr +
 * 2} loads. 14 rows fill the 32 registers of AVX-512 and Neon, 6 rows the 16 of AVX2.
 */
final class Tiles {

  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  /** Floats in a vector. */
  static final int L = S.length();

  /** Depths of a block: a panel of it, 24 or 48 KB wide vectors and all, lives near the core. */
  static final int KC = 256;

  /**
   * Floats from one row of lhs to the next. A constant: then one register and a displacement reach
   * all rows of a tile. With fourteen pointers instead, C2 ran out of registers and fetched them
   * from the stack again and again, a load for each of its broadcasts. Rows lie an odd number of
   * cache lines apart, because a power of two would put them all into the same few cache sets.
   */
  static final int STEP = KC + 16;

  /** Columns of a panel. */
  static final int NR = 2 * L;

  /** Rows of the large tile, and below that of the small one. */
  static final int MR = S.vectorBitSize() == 512 || isArm() ? 14 : 6;

  private Tiles() {}

  private static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  /**
   * Adds to {@code rows} rows of dst, {@code next} floats apart from {@code to} on, the product of
   * as many rows of lhs, {@link #STEP} apart from {@code at} on, with a panel: as many large tiles
   * as fit, then small ones, then single rows.
   */
  static void rows(
      int rows,
      float[] lhs,
      int at,
      float[] rhs,
      int from,
      int depth,
      float[] dst,
      int to,
      int next) {
    int r = 0;
    for (; MR == 14 && r <= rows - 14; r += 14) {
      rows14(lhs, at + r * STEP, rhs, from, depth, dst, to + r * next, next);
    }
    for (; r <= rows - 6; r += 6) {
      rows6(lhs, at + r * STEP, rhs, from, depth, dst, to + r * next, next);
    }
    for (; r < rows; r++) {
      row(lhs, at + r * STEP, rhs, from, depth, dst, to + r * next);
    }
  }

  private static void rows14(
      float[] lhs, int at, float[] rhs, int from, int depth, float[] dst, int to, int next) {
    FloatVector c0 = FloatVector.fromArray(S, dst, to);
    FloatVector d0 = FloatVector.fromArray(S, dst, to + L);
    FloatVector c1 = FloatVector.fromArray(S, dst, to + next);
    FloatVector d1 = FloatVector.fromArray(S, dst, to + next + L);
    FloatVector c2 = FloatVector.fromArray(S, dst, to + 2 * next);
    FloatVector d2 = FloatVector.fromArray(S, dst, to + 2 * next + L);
    FloatVector c3 = FloatVector.fromArray(S, dst, to + 3 * next);
    FloatVector d3 = FloatVector.fromArray(S, dst, to + 3 * next + L);
    FloatVector c4 = FloatVector.fromArray(S, dst, to + 4 * next);
    FloatVector d4 = FloatVector.fromArray(S, dst, to + 4 * next + L);
    FloatVector c5 = FloatVector.fromArray(S, dst, to + 5 * next);
    FloatVector d5 = FloatVector.fromArray(S, dst, to + 5 * next + L);
    FloatVector c6 = FloatVector.fromArray(S, dst, to + 6 * next);
    FloatVector d6 = FloatVector.fromArray(S, dst, to + 6 * next + L);
    FloatVector c7 = FloatVector.fromArray(S, dst, to + 7 * next);
    FloatVector d7 = FloatVector.fromArray(S, dst, to + 7 * next + L);
    FloatVector c8 = FloatVector.fromArray(S, dst, to + 8 * next);
    FloatVector d8 = FloatVector.fromArray(S, dst, to + 8 * next + L);
    FloatVector c9 = FloatVector.fromArray(S, dst, to + 9 * next);
    FloatVector d9 = FloatVector.fromArray(S, dst, to + 9 * next + L);
    FloatVector c10 = FloatVector.fromArray(S, dst, to + 10 * next);
    FloatVector d10 = FloatVector.fromArray(S, dst, to + 10 * next + L);
    FloatVector c11 = FloatVector.fromArray(S, dst, to + 11 * next);
    FloatVector d11 = FloatVector.fromArray(S, dst, to + 11 * next + L);
    FloatVector c12 = FloatVector.fromArray(S, dst, to + 12 * next);
    FloatVector d12 = FloatVector.fromArray(S, dst, to + 12 * next + L);
    FloatVector c13 = FloatVector.fromArray(S, dst, to + 13 * next);
    FloatVector d13 = FloatVector.fromArray(S, dst, to + 13 * next + L);
    for (int k = 0; k < depth; k++, from += NR) {
      FloatVector b = FloatVector.fromArray(S, rhs, from);
      FloatVector e = FloatVector.fromArray(S, rhs, from + L);
      FloatVector a0 = FloatVector.broadcast(S, lhs[at + k]);
      c0 = a0.fma(b, c0);
      d0 = a0.fma(e, d0);
      FloatVector a1 = FloatVector.broadcast(S, lhs[at + STEP + k]);
      c1 = a1.fma(b, c1);
      d1 = a1.fma(e, d1);
      FloatVector a2 = FloatVector.broadcast(S, lhs[at + 2 * STEP + k]);
      c2 = a2.fma(b, c2);
      d2 = a2.fma(e, d2);
      FloatVector a3 = FloatVector.broadcast(S, lhs[at + 3 * STEP + k]);
      c3 = a3.fma(b, c3);
      d3 = a3.fma(e, d3);
      FloatVector a4 = FloatVector.broadcast(S, lhs[at + 4 * STEP + k]);
      c4 = a4.fma(b, c4);
      d4 = a4.fma(e, d4);
      FloatVector a5 = FloatVector.broadcast(S, lhs[at + 5 * STEP + k]);
      c5 = a5.fma(b, c5);
      d5 = a5.fma(e, d5);
      FloatVector a6 = FloatVector.broadcast(S, lhs[at + 6 * STEP + k]);
      c6 = a6.fma(b, c6);
      d6 = a6.fma(e, d6);
      FloatVector a7 = FloatVector.broadcast(S, lhs[at + 7 * STEP + k]);
      c7 = a7.fma(b, c7);
      d7 = a7.fma(e, d7);
      FloatVector a8 = FloatVector.broadcast(S, lhs[at + 8 * STEP + k]);
      c8 = a8.fma(b, c8);
      d8 = a8.fma(e, d8);
      FloatVector a9 = FloatVector.broadcast(S, lhs[at + 9 * STEP + k]);
      c9 = a9.fma(b, c9);
      d9 = a9.fma(e, d9);
      FloatVector a10 = FloatVector.broadcast(S, lhs[at + 10 * STEP + k]);
      c10 = a10.fma(b, c10);
      d10 = a10.fma(e, d10);
      FloatVector a11 = FloatVector.broadcast(S, lhs[at + 11 * STEP + k]);
      c11 = a11.fma(b, c11);
      d11 = a11.fma(e, d11);
      FloatVector a12 = FloatVector.broadcast(S, lhs[at + 12 * STEP + k]);
      c12 = a12.fma(b, c12);
      d12 = a12.fma(e, d12);
      FloatVector a13 = FloatVector.broadcast(S, lhs[at + 13 * STEP + k]);
      c13 = a13.fma(b, c13);
      d13 = a13.fma(e, d13);
    }
    c0.intoArray(dst, to);
    d0.intoArray(dst, to + L);
    c1.intoArray(dst, to + next);
    d1.intoArray(dst, to + next + L);
    c2.intoArray(dst, to + 2 * next);
    d2.intoArray(dst, to + 2 * next + L);
    c3.intoArray(dst, to + 3 * next);
    d3.intoArray(dst, to + 3 * next + L);
    c4.intoArray(dst, to + 4 * next);
    d4.intoArray(dst, to + 4 * next + L);
    c5.intoArray(dst, to + 5 * next);
    d5.intoArray(dst, to + 5 * next + L);
    c6.intoArray(dst, to + 6 * next);
    d6.intoArray(dst, to + 6 * next + L);
    c7.intoArray(dst, to + 7 * next);
    d7.intoArray(dst, to + 7 * next + L);
    c8.intoArray(dst, to + 8 * next);
    d8.intoArray(dst, to + 8 * next + L);
    c9.intoArray(dst, to + 9 * next);
    d9.intoArray(dst, to + 9 * next + L);
    c10.intoArray(dst, to + 10 * next);
    d10.intoArray(dst, to + 10 * next + L);
    c11.intoArray(dst, to + 11 * next);
    d11.intoArray(dst, to + 11 * next + L);
    c12.intoArray(dst, to + 12 * next);
    d12.intoArray(dst, to + 12 * next + L);
    c13.intoArray(dst, to + 13 * next);
    d13.intoArray(dst, to + 13 * next + L);
  }

  private static void rows6(
      float[] lhs, int at, float[] rhs, int from, int depth, float[] dst, int to, int next) {
    FloatVector c0 = FloatVector.fromArray(S, dst, to);
    FloatVector d0 = FloatVector.fromArray(S, dst, to + L);
    FloatVector c1 = FloatVector.fromArray(S, dst, to + next);
    FloatVector d1 = FloatVector.fromArray(S, dst, to + next + L);
    FloatVector c2 = FloatVector.fromArray(S, dst, to + 2 * next);
    FloatVector d2 = FloatVector.fromArray(S, dst, to + 2 * next + L);
    FloatVector c3 = FloatVector.fromArray(S, dst, to + 3 * next);
    FloatVector d3 = FloatVector.fromArray(S, dst, to + 3 * next + L);
    FloatVector c4 = FloatVector.fromArray(S, dst, to + 4 * next);
    FloatVector d4 = FloatVector.fromArray(S, dst, to + 4 * next + L);
    FloatVector c5 = FloatVector.fromArray(S, dst, to + 5 * next);
    FloatVector d5 = FloatVector.fromArray(S, dst, to + 5 * next + L);
    for (int k = 0; k < depth; k++, from += NR) {
      FloatVector b = FloatVector.fromArray(S, rhs, from);
      FloatVector e = FloatVector.fromArray(S, rhs, from + L);
      FloatVector a0 = FloatVector.broadcast(S, lhs[at + k]);
      c0 = a0.fma(b, c0);
      d0 = a0.fma(e, d0);
      FloatVector a1 = FloatVector.broadcast(S, lhs[at + STEP + k]);
      c1 = a1.fma(b, c1);
      d1 = a1.fma(e, d1);
      FloatVector a2 = FloatVector.broadcast(S, lhs[at + 2 * STEP + k]);
      c2 = a2.fma(b, c2);
      d2 = a2.fma(e, d2);
      FloatVector a3 = FloatVector.broadcast(S, lhs[at + 3 * STEP + k]);
      c3 = a3.fma(b, c3);
      d3 = a3.fma(e, d3);
      FloatVector a4 = FloatVector.broadcast(S, lhs[at + 4 * STEP + k]);
      c4 = a4.fma(b, c4);
      d4 = a4.fma(e, d4);
      FloatVector a5 = FloatVector.broadcast(S, lhs[at + 5 * STEP + k]);
      c5 = a5.fma(b, c5);
      d5 = a5.fma(e, d5);
    }
    c0.intoArray(dst, to);
    d0.intoArray(dst, to + L);
    c1.intoArray(dst, to + next);
    d1.intoArray(dst, to + next + L);
    c2.intoArray(dst, to + 2 * next);
    d2.intoArray(dst, to + 2 * next + L);
    c3.intoArray(dst, to + 3 * next);
    d3.intoArray(dst, to + 3 * next + L);
    c4.intoArray(dst, to + 4 * next);
    d4.intoArray(dst, to + 4 * next + L);
    c5.intoArray(dst, to + 5 * next);
    d5.intoArray(dst, to + 5 * next + L);
  }

  /** One row; four depths at once, because one sum after another would wait for each other. */
  static void row(float[] lhs, int at, float[] rhs, int from, int depth, float[] dst, int to) {
    FloatVector c0 = FloatVector.fromArray(S, dst, to);
    FloatVector d0 = FloatVector.fromArray(S, dst, to + L);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector d2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector d3 = FloatVector.zero(S);
    int k = 0;
    for (; k <= depth - 4; k += 4, from += 4 * NR) {
      FloatVector a0 = FloatVector.broadcast(S, lhs[at + k]);
      c0 = a0.fma(FloatVector.fromArray(S, rhs, from), c0);
      d0 = a0.fma(FloatVector.fromArray(S, rhs, from + L), d0);
      FloatVector a1 = FloatVector.broadcast(S, lhs[at + k + 1]);
      c1 = a1.fma(FloatVector.fromArray(S, rhs, from + NR), c1);
      d1 = a1.fma(FloatVector.fromArray(S, rhs, from + NR + L), d1);
      FloatVector a2 = FloatVector.broadcast(S, lhs[at + k + 2]);
      c2 = a2.fma(FloatVector.fromArray(S, rhs, from + 2 * NR), c2);
      d2 = a2.fma(FloatVector.fromArray(S, rhs, from + 2 * NR + L), d2);
      FloatVector a3 = FloatVector.broadcast(S, lhs[at + k + 3]);
      c3 = a3.fma(FloatVector.fromArray(S, rhs, from + 3 * NR), c3);
      d3 = a3.fma(FloatVector.fromArray(S, rhs, from + 3 * NR + L), d3);
    }
    for (; k < depth; k++, from += NR) {
      FloatVector a = FloatVector.broadcast(S, lhs[at + k]);
      c0 = a.fma(FloatVector.fromArray(S, rhs, from), c0);
      d0 = a.fma(FloatVector.fromArray(S, rhs, from + L), d0);
    }
    c0.add(c1).add(c2.add(c3)).intoArray(dst, to);
    d0.add(d1).add(d2.add(d3)).intoArray(dst, to + L);
  }
}
