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
      int step,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int channels) {
    for (int c = 0; c < channels; c += L) {
      if (offsets.length == 9) {
        nine(lines, offsets, step, filter, base, acc, pixels, channels, c);
      } else {
        any(lines, offsets, step, filter, base, acc, pixels, channels, c);
      }
    }
  }

  private static void nine(
      float[] lines,
      int[] offsets,
      int step,
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
    IntVector start = IntVector.fromArray(I, base, c).sub(Gemm.MAGIC_BITS);
    int o0 = offsets[0] + c;
    int o1 = offsets[1] + c;
    int o2 = offsets[2] + c;
    int o3 = offsets[3] + c;
    int o4 = offsets[4] + c;
    int o5 = offsets[5] + c;
    int o6 = offsets[6] + c;
    int o7 = offsets[7] + c;
    int o8 = offsets[8] + c;
    for (int x = 0; x < pixels; x++) {
      int at = x * step;
      FloatVector sum = FloatVector.broadcast(F, Gemm.MAGIC);
      sum = FloatVector.fromArray(F, lines, o0 + at).fma(f0, sum);
      sum = FloatVector.fromArray(F, lines, o1 + at).fma(f1, sum);
      sum = FloatVector.fromArray(F, lines, o2 + at).fma(f2, sum);
      sum = FloatVector.fromArray(F, lines, o3 + at).fma(f3, sum);
      sum = FloatVector.fromArray(F, lines, o4 + at).fma(f4, sum);
      sum = FloatVector.fromArray(F, lines, o5 + at).fma(f5, sum);
      sum = FloatVector.fromArray(F, lines, o6 + at).fma(f6, sum);
      sum = FloatVector.fromArray(F, lines, o7 + at).fma(f7, sum);
      sum = FloatVector.fromArray(F, lines, o8 + at).fma(f8, sum);
      sum.reinterpretAsInts().add(start).intoArray(acc, x * channels + c);
    }
  }

  private static void any(
      float[] lines,
      int[] offsets,
      int step,
      float[] filter,
      int[] base,
      int[] acc,
      int pixels,
      int channels,
      int c) {
    IntVector start = IntVector.fromArray(I, base, c);
    for (int x = 0; x < pixels; x++) {
      start.intoArray(acc, x * channels + c);
      for (int tap = 0; tap < offsets.length; tap += TAPS) {
        int end = Math.min(tap + TAPS, offsets.length);
        FloatVector sum = FloatVector.broadcast(F, Gemm.MAGIC);
        for (int t = tap; t < end; t++) {
          FloatVector in = FloatVector.fromArray(F, lines, offsets[t] + x * step + c);
          sum = in.fma(FloatVector.fromArray(F, filter, t * channels + c), sum);
        }
        IntVector bits = sum.reinterpretAsInts().sub(Gemm.MAGIC_BITS);
        int at = x * channels + c;
        IntVector.fromArray(I, acc, at).add(bits).intoArray(acc, at);
      }
    }
  }
}
