package dev.octavo.vector;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Depthwise} of one width: nine taps with the filter in registers, any number without. */
final class DepthwiseLanes implements Depthwise {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Float> F = SHAPE.withLanes(float.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final int L = F.length();

  @Override
  public void line(
      float[] lines,
      int[] offsets,
      int width,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int channels) {
    for (int c = 0; c < channels; c += L) {
      if (offsets.length == 9) {
        int done = 0;
        if (neighbours(offsets)) {
          done = pixels & -4;
          fours(lines, offsets, c * width, filter, base, acc, done, channels, c);
        }
        nine(lines, offsets, c * width, filter, base, acc, done, pixels, channels, c);
      } else {
        any(lines, offsets, c * width, filter, base, acc, pixels, channels, c);
      }
    }
  }

  /** Whether the taps of a filter row are neighbours, so that pixels share them. */
  private static boolean neighbours(int[] offsets) {
    for (int i = 0; i < 9; i += 3) {
      if (offsets[i + 1] != offsets[i] + L || offsets[i + 2] != offsets[i] + 2 * L) {
        return false;
      }
    }
    return true;
  }

  /**
   * Nine neighbouring taps, four pixels at a time: 18 loads in place of 36. An array begins 16
   * bytes into a cache line, so that every load of 512 bits needs two lines, and the loads are the
   * limit.
   */
  private static void fours(
      float[] lines,
      int[] offsets,
      int at,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int channels,
      int c) {
    FloatVector f0 = FloatVector.fromArray(F, filter, c);
    FloatVector f1 = FloatVector.fromArray(F, filter, c + channels);
    FloatVector f2 = FloatVector.fromArray(F, filter, c + 2 * channels);
    FloatVector f3 = FloatVector.fromArray(F, filter, c + 3 * channels);
    FloatVector f4 = FloatVector.fromArray(F, filter, c + 4 * channels);
    FloatVector f5 = FloatVector.fromArray(F, filter, c + 5 * channels);
    FloatVector f6 = FloatVector.fromArray(F, filter, c + 6 * channels);
    FloatVector f7 = FloatVector.fromArray(F, filter, c + 7 * channels);
    FloatVector f8 = FloatVector.fromArray(F, filter, c + 8 * channels);
    FloatVector magic = FloatVector.broadcast(F, Gemm.MAGIC);
    IntVector start = IntVector.fromArray(I, base, c).sub(Gemm.MAGIC_BITS);
    int o0 = offsets[0] + at;
    int o1 = offsets[3] + at;
    int o2 = offsets[6] + at;
    for (int x = 0; x < pixels; x += 4) {
      FloatVector v = FloatVector.fromArray(F, lines, o0 + x * L);
      FloatVector s0 = v.fma(f0, magic);
      v = FloatVector.fromArray(F, lines, o0 + (x + 1) * L);
      s0 = v.fma(f1, s0);
      FloatVector s1 = v.fma(f0, magic);
      v = FloatVector.fromArray(F, lines, o0 + (x + 2) * L);
      s0 = v.fma(f2, s0);
      s1 = v.fma(f1, s1);
      FloatVector s2 = v.fma(f0, magic);
      v = FloatVector.fromArray(F, lines, o0 + (x + 3) * L);
      s1 = v.fma(f2, s1);
      s2 = v.fma(f1, s2);
      FloatVector s3 = v.fma(f0, magic);
      v = FloatVector.fromArray(F, lines, o0 + (x + 4) * L);
      s2 = v.fma(f2, s2);
      s3 = v.fma(f1, s3);
      v = FloatVector.fromArray(F, lines, o0 + (x + 5) * L);
      s3 = v.fma(f2, s3);
      v = FloatVector.fromArray(F, lines, o1 + x * L);
      s0 = v.fma(f3, s0);
      v = FloatVector.fromArray(F, lines, o1 + (x + 1) * L);
      s0 = v.fma(f4, s0);
      s1 = v.fma(f3, s1);
      v = FloatVector.fromArray(F, lines, o1 + (x + 2) * L);
      s0 = v.fma(f5, s0);
      s1 = v.fma(f4, s1);
      s2 = v.fma(f3, s2);
      v = FloatVector.fromArray(F, lines, o1 + (x + 3) * L);
      s1 = v.fma(f5, s1);
      s2 = v.fma(f4, s2);
      s3 = v.fma(f3, s3);
      v = FloatVector.fromArray(F, lines, o1 + (x + 4) * L);
      s2 = v.fma(f5, s2);
      s3 = v.fma(f4, s3);
      v = FloatVector.fromArray(F, lines, o1 + (x + 5) * L);
      s3 = v.fma(f5, s3);
      v = FloatVector.fromArray(F, lines, o2 + x * L);
      s0 = v.fma(f6, s0);
      v = FloatVector.fromArray(F, lines, o2 + (x + 1) * L);
      s0 = v.fma(f7, s0);
      s1 = v.fma(f6, s1);
      v = FloatVector.fromArray(F, lines, o2 + (x + 2) * L);
      s0 = v.fma(f8, s0);
      s1 = v.fma(f7, s1);
      s2 = v.fma(f6, s2);
      v = FloatVector.fromArray(F, lines, o2 + (x + 3) * L);
      s1 = v.fma(f8, s1);
      s2 = v.fma(f7, s2);
      s3 = v.fma(f6, s3);
      v = FloatVector.fromArray(F, lines, o2 + (x + 4) * L);
      s2 = v.fma(f8, s2);
      s3 = v.fma(f7, s3);
      v = FloatVector.fromArray(F, lines, o2 + (x + 5) * L);
      s3 = v.fma(f8, s3);
      int to = x * channels + c;
      s0.reinterpretAsInts().add(start).intoArray(acc, to);
      s1.reinterpretAsInts().add(start).intoArray(acc, to + channels);
      s2.reinterpretAsInts().add(start).intoArray(acc, to + 2 * channels);
      s3.reinterpretAsInts().add(start).intoArray(acc, to + 3 * channels);
    }
  }

  private static void nine(
      float[] lines,
      int[] offsets,
      int at,
      float[] filter,
      int[] base,
      int[] acc,
      int from,
      int pixels,
      int channels,
      int c) {
    FloatVector f0 = FloatVector.fromArray(F, filter, c);
    FloatVector f1 = FloatVector.fromArray(F, filter, c + channels);
    FloatVector f2 = FloatVector.fromArray(F, filter, c + 2 * channels);
    FloatVector f3 = FloatVector.fromArray(F, filter, c + 3 * channels);
    FloatVector f4 = FloatVector.fromArray(F, filter, c + 4 * channels);
    FloatVector f5 = FloatVector.fromArray(F, filter, c + 5 * channels);
    FloatVector f6 = FloatVector.fromArray(F, filter, c + 6 * channels);
    FloatVector f7 = FloatVector.fromArray(F, filter, c + 7 * channels);
    FloatVector f8 = FloatVector.fromArray(F, filter, c + 8 * channels);
    IntVector start = IntVector.fromArray(I, base, c).sub(Gemm.MAGIC_BITS);
    int o0 = offsets[0] + at;
    int o1 = offsets[1] + at;
    int o2 = offsets[2] + at;
    int o3 = offsets[3] + at;
    int o4 = offsets[4] + at;
    int o5 = offsets[5] + at;
    int o6 = offsets[6] + at;
    int o7 = offsets[7] + at;
    int o8 = offsets[8] + at;
    for (int x = from; x < pixels; x++) {
      FloatVector sum = FloatVector.broadcast(F, Gemm.MAGIC);
      sum = FloatVector.fromArray(F, lines, o0 + x * L).fma(f0, sum);
      sum = FloatVector.fromArray(F, lines, o1 + x * L).fma(f1, sum);
      sum = FloatVector.fromArray(F, lines, o2 + x * L).fma(f2, sum);
      sum = FloatVector.fromArray(F, lines, o3 + x * L).fma(f3, sum);
      sum = FloatVector.fromArray(F, lines, o4 + x * L).fma(f4, sum);
      sum = FloatVector.fromArray(F, lines, o5 + x * L).fma(f5, sum);
      sum = FloatVector.fromArray(F, lines, o6 + x * L).fma(f6, sum);
      sum = FloatVector.fromArray(F, lines, o7 + x * L).fma(f7, sum);
      sum = FloatVector.fromArray(F, lines, o8 + x * L).fma(f8, sum);
      sum.reinterpretAsInts().add(start).intoArray(acc, x * channels + c);
    }
  }

  /** Four pixels at a time, which share the loads of the filter. */
  private static void any(
      float[] lines,
      int[] offsets,
      int at,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int channels,
      int c) {
    FloatVector magic = FloatVector.broadcast(F, Gemm.MAGIC);
    IntVector start = IntVector.fromArray(I, base, c);
    for (int x = 0; x < pixels; x += 4) {
      IntVector a0 = start;
      IntVector a1 = start;
      IntVector a2 = start;
      IntVector a3 = start;
      for (int tap = 0; tap < offsets.length; tap += TAPS) {
        int end = Math.min(tap + TAPS, offsets.length);
        FloatVector s0 = magic;
        FloatVector s1 = magic;
        FloatVector s2 = magic;
        FloatVector s3 = magic;
        for (int t = tap; t < end; t++) {
          FloatVector f = FloatVector.fromArray(F, filter, t * channels + c);
          int o = offsets[t] + at + x * L;
          s0 = FloatVector.fromArray(F, lines, o).fma(f, s0);
          s1 = FloatVector.fromArray(F, lines, o + L).fma(f, s1);
          s2 = FloatVector.fromArray(F, lines, o + 2 * L).fma(f, s2);
          s3 = FloatVector.fromArray(F, lines, o + 3 * L).fma(f, s3);
        }
        a0 = s0.reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(a0);
        a1 = s1.reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(a1);
        a2 = s2.reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(a2);
        a3 = s3.reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(a3);
      }
      int to = x * channels + c;
      a0.intoArray(acc, to);
      if (x + 1 < pixels) {
        a1.intoArray(acc, to + channels);
      }
      if (x + 2 < pixels) {
        a2.intoArray(acc, to + 2 * channels);
      }
      if (x + 3 < pixels) {
        a3.intoArray(acc, to + 3 * channels);
      }
    }
  }
}
