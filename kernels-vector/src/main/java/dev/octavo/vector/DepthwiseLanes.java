package dev.octavo.vector;

import static jdk.incubator.vector.VectorOperators.B2F;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Depthwise} of one width: nine taps with the filter in registers, any number without. */
final class DepthwiseLanes implements Depthwise {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Float> F = SHAPE.withLanes(float.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final VectorSpecies<Byte> B = WidthCopy.quarter(SHAPE).withLanes(byte.class);
  private static final int L = F.length();

  @Override
  public void strip(
      byte[] blocks,
      int block,
      int[] offsets,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int pitch) {
    for (int c = 0; c < base.length; c += L) {
      int at = c / L * block;
      if (offsets.length == 9) {
        int done = 0;
        if (neighbours(offsets)) {
          done = pixels & -4;
          fours(blocks, at, offsets, filter, base, acc, done, pitch, c);
        }
        nine(blocks, at, offsets, filter, base, acc, done, pixels, pitch, c);
      } else {
        any(blocks, at, offsets, filter, base, acc, pixels, pitch, c);
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

  /** Nine neighbouring taps, four pixels at a time: 18 loads in place of 36. */
  private static void fours(
      byte[] blocks,
      int at,
      int[] offsets,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int pitch,
      int c) {
    FloatVector f0 = FloatVector.fromArray(F, filter, c);
    FloatVector f1 = FloatVector.fromArray(F, filter, c + pitch);
    FloatVector f2 = FloatVector.fromArray(F, filter, c + 2 * pitch);
    FloatVector f3 = FloatVector.fromArray(F, filter, c + 3 * pitch);
    FloatVector f4 = FloatVector.fromArray(F, filter, c + 4 * pitch);
    FloatVector f5 = FloatVector.fromArray(F, filter, c + 5 * pitch);
    FloatVector f6 = FloatVector.fromArray(F, filter, c + 6 * pitch);
    FloatVector f7 = FloatVector.fromArray(F, filter, c + 7 * pitch);
    FloatVector f8 = FloatVector.fromArray(F, filter, c + 8 * pitch);
    FloatVector magic = FloatVector.broadcast(F, Gemm.MAGIC);
    IntVector start = IntVector.fromArray(I, base, c).sub(Gemm.MAGIC_BITS);
    int o0 = offsets[0] + at;
    int o1 = offsets[3] + at;
    int o2 = offsets[6] + at;
    for (int x = 0; x < pixels; x += 4) {
      FloatVector v =
          (FloatVector) ByteVector.fromArray(B, blocks, o0 + x * L).convertShape(B2F, F, 0);
      FloatVector s0 = v.fma(f0, magic);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o0 + (x + 1) * L).convertShape(B2F, F, 0);
      s0 = v.fma(f1, s0);
      FloatVector s1 = v.fma(f0, magic);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o0 + (x + 2) * L).convertShape(B2F, F, 0);
      s0 = v.fma(f2, s0);
      s1 = v.fma(f1, s1);
      FloatVector s2 = v.fma(f0, magic);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o0 + (x + 3) * L).convertShape(B2F, F, 0);
      s1 = v.fma(f2, s1);
      s2 = v.fma(f1, s2);
      FloatVector s3 = v.fma(f0, magic);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o0 + (x + 4) * L).convertShape(B2F, F, 0);
      s2 = v.fma(f2, s2);
      s3 = v.fma(f1, s3);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o0 + (x + 5) * L).convertShape(B2F, F, 0);
      s3 = v.fma(f2, s3);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o1 + x * L).convertShape(B2F, F, 0);
      s0 = v.fma(f3, s0);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o1 + (x + 1) * L).convertShape(B2F, F, 0);
      s0 = v.fma(f4, s0);
      s1 = v.fma(f3, s1);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o1 + (x + 2) * L).convertShape(B2F, F, 0);
      s0 = v.fma(f5, s0);
      s1 = v.fma(f4, s1);
      s2 = v.fma(f3, s2);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o1 + (x + 3) * L).convertShape(B2F, F, 0);
      s1 = v.fma(f5, s1);
      s2 = v.fma(f4, s2);
      s3 = v.fma(f3, s3);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o1 + (x + 4) * L).convertShape(B2F, F, 0);
      s2 = v.fma(f5, s2);
      s3 = v.fma(f4, s3);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o1 + (x + 5) * L).convertShape(B2F, F, 0);
      s3 = v.fma(f5, s3);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o2 + x * L).convertShape(B2F, F, 0);
      s0 = v.fma(f6, s0);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o2 + (x + 1) * L).convertShape(B2F, F, 0);
      s0 = v.fma(f7, s0);
      s1 = v.fma(f6, s1);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o2 + (x + 2) * L).convertShape(B2F, F, 0);
      s0 = v.fma(f8, s0);
      s1 = v.fma(f7, s1);
      s2 = v.fma(f6, s2);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o2 + (x + 3) * L).convertShape(B2F, F, 0);
      s1 = v.fma(f8, s1);
      s2 = v.fma(f7, s2);
      s3 = v.fma(f6, s3);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o2 + (x + 4) * L).convertShape(B2F, F, 0);
      s2 = v.fma(f8, s2);
      s3 = v.fma(f7, s3);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o2 + (x + 5) * L).convertShape(B2F, F, 0);
      s3 = v.fma(f8, s3);
      int to = x * pitch + c;
      s0.reinterpretAsInts().add(start).intoArray(acc, to);
      s1.reinterpretAsInts().add(start).intoArray(acc, to + pitch);
      s2.reinterpretAsInts().add(start).intoArray(acc, to + 2 * pitch);
      s3.reinterpretAsInts().add(start).intoArray(acc, to + 3 * pitch);
    }
  }

  /** Nine taps wherever they are. */
  private static void nine(
      byte[] blocks,
      int at,
      int[] offsets,
      float[] filter,
      int[] base,
      int[] acc,
      int from,
      int pixels,
      int pitch,
      int c) {
    FloatVector f0 = FloatVector.fromArray(F, filter, c);
    FloatVector f1 = FloatVector.fromArray(F, filter, c + pitch);
    FloatVector f2 = FloatVector.fromArray(F, filter, c + 2 * pitch);
    FloatVector f3 = FloatVector.fromArray(F, filter, c + 3 * pitch);
    FloatVector f4 = FloatVector.fromArray(F, filter, c + 4 * pitch);
    FloatVector f5 = FloatVector.fromArray(F, filter, c + 5 * pitch);
    FloatVector f6 = FloatVector.fromArray(F, filter, c + 6 * pitch);
    FloatVector f7 = FloatVector.fromArray(F, filter, c + 7 * pitch);
    FloatVector f8 = FloatVector.fromArray(F, filter, c + 8 * pitch);
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
      FloatVector v =
          (FloatVector) ByteVector.fromArray(B, blocks, o0 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f0, sum);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o1 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f1, sum);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o2 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f2, sum);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o3 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f3, sum);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o4 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f4, sum);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o5 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f5, sum);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o6 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f6, sum);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o7 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f7, sum);
      v = (FloatVector) ByteVector.fromArray(B, blocks, o8 + x * L).convertShape(B2F, F, 0);
      sum = v.fma(f8, sum);
      sum.reinterpretAsInts().add(start).intoArray(acc, x * pitch + c);
    }
  }

  /** Four pixels at a time, which share the loads of the filter. */
  private static void any(
      byte[] blocks,
      int at,
      int[] offsets,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int pitch,
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
          FloatVector f = FloatVector.fromArray(F, filter, t * pitch + c);
          int o = offsets[t] + at + x * L;
          FloatVector v = (FloatVector) ByteVector.fromArray(B, blocks, o).convertShape(B2F, F, 0);
          s0 = v.fma(f, s0);
          v = (FloatVector) ByteVector.fromArray(B, blocks, o + L).convertShape(B2F, F, 0);
          s1 = v.fma(f, s1);
          v = (FloatVector) ByteVector.fromArray(B, blocks, o + 2 * L).convertShape(B2F, F, 0);
          s2 = v.fma(f, s2);
          v = (FloatVector) ByteVector.fromArray(B, blocks, o + 3 * L).convertShape(B2F, F, 0);
          s3 = v.fma(f, s3);
        }
        a0 = s0.reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(a0);
        a1 = s1.reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(a1);
        a2 = s2.reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(a2);
        a3 = s3.reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(a3);
      }
      int to = x * pitch + c;
      a0.intoArray(acc, to);
      if (x + 1 < pixels) {
        a1.intoArray(acc, to + pitch);
      }
      if (x + 2 < pixels) {
        a2.intoArray(acc, to + 2 * pitch);
      }
      if (x + 3 < pixels) {
        a3.intoArray(acc, to + 3 * pitch);
      }
    }
  }
}
