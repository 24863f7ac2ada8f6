package dev.octavo.bench.float32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles of the Vector API product: {@code mr} rows of lhs, read where they lie, times
 * a panel of rhs, two vectors wide and stored depth by depth. A step of k loads the panel's two
 * vectors once and broadcasts one float of each row, so {@code 2·mr} fused multiply-adds stand
 * against {@code mr + 2} loads. Eight rows need 19 vector registers and eight pointers, which
 * AVX-512 and Neon have; four rows make do with the 16 vector registers of AVX2.
 */
final class Tiles {

  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  /** Floats in a vector. */
  static final int L = S.length();

  /** Columns of a panel. */
  static final int NR = 2 * L;

  /** Rows of the largest tile. */
  static final int MR = S.vectorBitSize() == 512 || isArm() ? 8 : 4;

  private Tiles() {}

  private static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  /**
   * The depths that a tile sums over in one go: {@code length} from each of some runs of
   * consecutive floats. Row {@code i} of lhs has run {@code r} at {@code rows[i] + runs[r]}.
   *
   * @param lhs holds the rows
   * @param runs where runs begin, from a row's place on
   * @param first first run
   * @param end one after the last run
   * @param skip floats of each run that are passed over
   * @param length floats of each run that are taken
   * @param rhs the panels
   * @param fresh whether dst is overwritten; else it is added to
   */
  record Block(
      float[] lhs,
      int[] runs,
      int first,
      int end,
      int skip,
      int length,
      float[] rhs,
      boolean fresh) {}

  /**
   * A tile of {@code count} rows, 4 or 8, into dst from {@code to} on, {@code next} floats from row
   * to row.
   *
   * @param rows where the rows of lhs lie, from index {@code r} on
   * @param from where the block's depths begin in the panel
   */
  static void rows(int count, Block b, int[] rows, int r, int from, float[] dst, int to, int next) {
    if (count == 8) {
      rows8(b, rows, r, from, dst, to, next);
    } else {
      rows4(b, rows, r, from, dst, to, next);
    }
  }

  private static void rows8(Block b, int[] rows, int r, int from, float[] dst, int to, int next) {
    float[] lhs = b.lhs;
    float[] rhs = b.rhs;
    int length = b.length;
    FloatVector c0 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector d2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector d3 = FloatVector.zero(S);
    FloatVector c4 = FloatVector.zero(S);
    FloatVector d4 = FloatVector.zero(S);
    FloatVector c5 = FloatVector.zero(S);
    FloatVector d5 = FloatVector.zero(S);
    FloatVector c6 = FloatVector.zero(S);
    FloatVector d6 = FloatVector.zero(S);
    FloatVector c7 = FloatVector.zero(S);
    FloatVector d7 = FloatVector.zero(S);
    if (!b.fresh) {
      c0 = FloatVector.fromArray(S, dst, to);
      d0 = FloatVector.fromArray(S, dst, to + L);
      c1 = FloatVector.fromArray(S, dst, to + next);
      d1 = FloatVector.fromArray(S, dst, to + next + L);
      c2 = FloatVector.fromArray(S, dst, to + 2 * next);
      d2 = FloatVector.fromArray(S, dst, to + 2 * next + L);
      c3 = FloatVector.fromArray(S, dst, to + 3 * next);
      d3 = FloatVector.fromArray(S, dst, to + 3 * next + L);
      c4 = FloatVector.fromArray(S, dst, to + 4 * next);
      d4 = FloatVector.fromArray(S, dst, to + 4 * next + L);
      c5 = FloatVector.fromArray(S, dst, to + 5 * next);
      d5 = FloatVector.fromArray(S, dst, to + 5 * next + L);
      c6 = FloatVector.fromArray(S, dst, to + 6 * next);
      d6 = FloatVector.fromArray(S, dst, to + 6 * next + L);
      c7 = FloatVector.fromArray(S, dst, to + 7 * next);
      d7 = FloatVector.fromArray(S, dst, to + 7 * next + L);
    }
    for (int run = b.first; run < b.end; run++) {
      int at = b.runs[run] + b.skip;
      int p0 = rows[r] + at;
      int p1 = rows[r + 1] + at;
      int p2 = rows[r + 2] + at;
      int p3 = rows[r + 3] + at;
      int p4 = rows[r + 4] + at;
      int p5 = rows[r + 5] + at;
      int p6 = rows[r + 6] + at;
      int p7 = rows[r + 7] + at;
      for (int k = 0; k < length; k++, from += NR) {
        FloatVector f = FloatVector.fromArray(S, rhs, from);
        FloatVector g = FloatVector.fromArray(S, rhs, from + L);
        FloatVector a0 = FloatVector.broadcast(S, lhs[p0 + k]);
        c0 = a0.fma(f, c0);
        d0 = a0.fma(g, d0);
        FloatVector a1 = FloatVector.broadcast(S, lhs[p1 + k]);
        c1 = a1.fma(f, c1);
        d1 = a1.fma(g, d1);
        FloatVector a2 = FloatVector.broadcast(S, lhs[p2 + k]);
        c2 = a2.fma(f, c2);
        d2 = a2.fma(g, d2);
        FloatVector a3 = FloatVector.broadcast(S, lhs[p3 + k]);
        c3 = a3.fma(f, c3);
        d3 = a3.fma(g, d3);
        FloatVector a4 = FloatVector.broadcast(S, lhs[p4 + k]);
        c4 = a4.fma(f, c4);
        d4 = a4.fma(g, d4);
        FloatVector a5 = FloatVector.broadcast(S, lhs[p5 + k]);
        c5 = a5.fma(f, c5);
        d5 = a5.fma(g, d5);
        FloatVector a6 = FloatVector.broadcast(S, lhs[p6 + k]);
        c6 = a6.fma(f, c6);
        d6 = a6.fma(g, d6);
        FloatVector a7 = FloatVector.broadcast(S, lhs[p7 + k]);
        c7 = a7.fma(f, c7);
        d7 = a7.fma(g, d7);
      }
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
  }

  private static void rows4(Block b, int[] rows, int r, int from, float[] dst, int to, int next) {
    float[] lhs = b.lhs;
    float[] rhs = b.rhs;
    int length = b.length;
    FloatVector c0 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector d2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector d3 = FloatVector.zero(S);
    if (!b.fresh) {
      c0 = FloatVector.fromArray(S, dst, to);
      d0 = FloatVector.fromArray(S, dst, to + L);
      c1 = FloatVector.fromArray(S, dst, to + next);
      d1 = FloatVector.fromArray(S, dst, to + next + L);
      c2 = FloatVector.fromArray(S, dst, to + 2 * next);
      d2 = FloatVector.fromArray(S, dst, to + 2 * next + L);
      c3 = FloatVector.fromArray(S, dst, to + 3 * next);
      d3 = FloatVector.fromArray(S, dst, to + 3 * next + L);
    }
    for (int run = b.first; run < b.end; run++) {
      int at = b.runs[run] + b.skip;
      int p0 = rows[r] + at;
      int p1 = rows[r + 1] + at;
      int p2 = rows[r + 2] + at;
      int p3 = rows[r + 3] + at;
      for (int k = 0; k < length; k++, from += NR) {
        FloatVector f = FloatVector.fromArray(S, rhs, from);
        FloatVector g = FloatVector.fromArray(S, rhs, from + L);
        FloatVector a0 = FloatVector.broadcast(S, lhs[p0 + k]);
        c0 = a0.fma(f, c0);
        d0 = a0.fma(g, d0);
        FloatVector a1 = FloatVector.broadcast(S, lhs[p1 + k]);
        c1 = a1.fma(f, c1);
        d1 = a1.fma(g, d1);
        FloatVector a2 = FloatVector.broadcast(S, lhs[p2 + k]);
        c2 = a2.fma(f, c2);
        d2 = a2.fma(g, d2);
        FloatVector a3 = FloatVector.broadcast(S, lhs[p3 + k]);
        c3 = a3.fma(f, c3);
        d3 = a3.fma(g, d3);
      }
    }
    c0.intoArray(dst, to);
    d0.intoArray(dst, to + L);
    c1.intoArray(dst, to + next);
    d1.intoArray(dst, to + next + L);
    c2.intoArray(dst, to + 2 * next);
    d2.intoArray(dst, to + 2 * next + L);
    c3.intoArray(dst, to + 3 * next);
    d3.intoArray(dst, to + 3 * next + L);
  }

  /**
   * One row: four sums of each column instead of one, because a sum that waits for the one before
   * would leave the multipliers idle.
   */
  static void row(float[] lhs, int at, float[] rhs, int from, int depth, float[] dst, int to) {
    FloatVector c0 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
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
