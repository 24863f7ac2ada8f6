package dev.octavo.vector;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.F2I;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.octavo.QuantizeRule;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Quantizer} of one width. */
final class QuantizerLanes implements Quantizer {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Float> F = SHAPE.withLanes(float.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final VectorSpecies<Byte> B = WidthCopy.quarter(SHAPE).withLanes(byte.class);
  private static final int L = F.length();

  private static final int SIGN = 1 << 31;
  private static final int BEFORE_HALF = Float.floatToRawIntBits(Math.nextDown(0.5f));

  /**
   * A rule is one loop: NaN, which compares with nothing, becomes the lower limit; what is left is
   * within 2<sup>17</sup>, so that MAGIC rounds it.
   */
  @Override
  public void quantize(
      QuantizeRule rule,
      QuantizeTable t,
      int c,
      int step,
      int[] limits,
      float[] in,
      int[] out,
      int n) {
    switch (rule) {
      case DIVIDE_HALF_EVEN -> divideHalfEven(t, c, step, limits, in, out, n);
      case DIVIDE_HALF_AWAY -> divideHalfAway(t, c, step, limits, in, out, n);
      case MULTIPLY_HALF_EVEN -> multiplyHalfEven(t, c, step, limits, in, out, n);
      case MULTIPLY_ZERO_POINT_FIRST -> zeroPointFirst(t, c, step, limits, in, out, n);
    }
  }

  /** nearestEven(clamp(x / s, min − z, max − z)) + z. */
  private static void divideHalfEven(
      QuantizeTable t, int c, int step, int[] limits, float[] in, int[] out, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector zero = IntVector.fromArray(I, t.zeros, c + step * i);
      FloatVector factor = FloatVector.fromArray(F, t.factors, c + step * i);
      FloatVector x = FloatVector.fromArray(F, in, i).div(factor);
      FloatVector z = (FloatVector) zero.convert(I2F, 0);
      FloatVector lo = FloatVector.broadcast(F, limits[0]).sub(z);
      FloatVector hi = FloatVector.broadcast(F, limits[1]).sub(z);
      FloatVector y = lo.blend(x, x.compare(GE, lo));
      y = y.blend(hi, y.compare(GT, hi));
      y.add(Gemm.MAGIC).reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(zero).intoArray(out, i);
    }
  }

  /** nearestEven(clamp(x · (1 / s), min − z, max − z)) + z. */
  private static void multiplyHalfEven(
      QuantizeTable t, int c, int step, int[] limits, float[] in, int[] out, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector zero = IntVector.fromArray(I, t.zeros, c + step * i);
      FloatVector factor = FloatVector.fromArray(F, t.factors, c + step * i);
      FloatVector x = FloatVector.fromArray(F, in, i).mul(factor);
      FloatVector z = (FloatVector) zero.convert(I2F, 0);
      FloatVector lo = FloatVector.broadcast(F, limits[0]).sub(z);
      FloatVector hi = FloatVector.broadcast(F, limits[1]).sub(z);
      FloatVector y = lo.blend(x, x.compare(GE, lo));
      y = y.blend(hi, y.compare(GT, hi));
      y.add(Gemm.MAGIC).reinterpretAsInts().sub(Gemm.MAGIC_BITS).add(zero).intoArray(out, i);
    }
  }

  /** nearestEven(clamp(x · (1 / s) + z, min, max)). */
  private static void zeroPointFirst(
      QuantizeTable t, int c, int step, int[] limits, float[] in, int[] out, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector zero = IntVector.fromArray(I, t.zeros, c + step * i);
      FloatVector factor = FloatVector.fromArray(F, t.factors, c + step * i);
      FloatVector z = (FloatVector) zero.convert(I2F, 0);
      FloatVector x = FloatVector.fromArray(F, in, i).mul(factor).add(z);
      FloatVector lo = FloatVector.broadcast(F, limits[0]);
      FloatVector hi = FloatVector.broadcast(F, limits[1]);
      FloatVector y = lo.blend(x, x.compare(GE, lo));
      y = y.blend(hi, y.compare(GT, hi));
      y.add(Gemm.MAGIC).reinterpretAsInts().sub(Gemm.MAGIC_BITS).intoArray(out, i);
    }
  }

  /**
   * halfAway(clamp(x / s, min − z, max − z)) + z: adds the largest float below ½, and truncates.
   */
  private static void divideHalfAway(
      QuantizeTable t, int c, int step, int[] limits, float[] in, int[] out, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector zero = IntVector.fromArray(I, t.zeros, c + step * i);
      FloatVector factor = FloatVector.fromArray(F, t.factors, c + step * i);
      FloatVector x = FloatVector.fromArray(F, in, i).div(factor);
      FloatVector z = (FloatVector) zero.convert(I2F, 0);
      FloatVector lo = FloatVector.broadcast(F, limits[0]).sub(z);
      FloatVector hi = FloatVector.broadcast(F, limits[1]).sub(z);
      FloatVector y = lo.blend(x, x.compare(GE, lo));
      y = y.blend(hi, y.compare(GT, hi));
      FloatVector half = y.reinterpretAsInts().and(SIGN).or(BEFORE_HALF).reinterpretAsFloats();
      ((IntVector) y.add(half).convert(F2I, 0)).add(zero).intoArray(out, i);
    }
  }

  @Override
  public void narrow(int[] in, byte[] out, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector q = IntVector.fromArray(I, in, i);
      ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, i);
    }
  }

  /**
   * Between the limits the step is in [0, 2<sup>16</sup>], which MAGIC rounds; it takes the sign of
   * what was rounded, so that −0 stays −0.
   */
  @Override
  public void levels(float[][] limits, int levels, int c, int step, float[] values, int n) {
    float steps = levels - 1;
    for (int i = 0; i < n; i += L) {
      FloatVector il = FloatVector.fromArray(F, limits[0], c + step * i);
      FloatVector ih = FloatVector.fromArray(F, limits[1], c + step * i);
      FloatVector ol = FloatVector.fromArray(F, limits[2], c + step * i);
      FloatVector oh = FloatVector.fromArray(F, limits[3], c + step * i);
      FloatVector x = FloatVector.fromArray(F, values, i);
      FloatVector s = x.sub(il).div(ih.sub(il)).mul(steps);
      IntVector sign = s.reinterpretAsInts().and(SIGN);
      FloatVector whole = s.add(Gemm.MAGIC).sub(Gemm.MAGIC);
      FloatVector q = whole.reinterpretAsInts().or(sign).reinterpretAsFloats();
      FloatVector y = q.div(steps).mul(oh.sub(ol)).add(ol);
      y = y.blend(oh, x.compare(GT, il.max(ih)));
      y.blend(ol, x.compare(LE, il.min(ih))).intoArray(values, i);
    }
  }

  @Override
  public void dequantize(QuantizeTable t, int c, int step, int[] in, float[] out, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector x =
          IntVector.fromArray(I, in, i).sub(IntVector.fromArray(I, t.zeros, c + step * i));
      FloatVector scale = FloatVector.fromArray(F, t.scales, c + step * i);
      ((FloatVector) x.convert(I2F, 0)).mul(scale).intoArray(out, i);
    }
  }

  @Override
  public void widen(byte[] from, boolean unsigned, int[] to, int n) {
    int mask = unsigned ? 0xFF : -1;
    for (int i = 0; i < n; i += L) {
      ByteVector bytes = ByteVector.fromArray(B, from, i);
      ((IntVector) bytes.convertShape(B2I, I, 0)).and(mask).intoArray(to, i);
    }
  }

  @Override
  public void add(int[] table, int c, int step, int[] acc, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector sum =
          IntVector.fromArray(I, acc, i).add(IntVector.fromArray(I, table, c + step * i));
      sum.intoArray(acc, i);
    }
  }

  @Override
  public float min(float lo, float[] values, int n) {
    FloatVector least = FloatVector.broadcast(F, lo);
    int whole = n & -L;
    for (int i = 0; i < whole; i += L) {
      FloatVector x = FloatVector.fromArray(F, values, i);
      least = least.blend(x, x.compare(LT, least));
    }
    for (int lane = 0; lane < L; lane++) {
      lo = Math.min(lo, least.lane(lane));
    }
    for (int i = whole; i < n; i++) {
      lo = values[i] < lo ? values[i] : lo;
    }
    return lo;
  }

  @Override
  public float max(float hi, float[] values, int n) {
    FloatVector most = FloatVector.broadcast(F, hi);
    int whole = n & -L;
    for (int i = 0; i < whole; i += L) {
      FloatVector x = FloatVector.fromArray(F, values, i);
      most = most.blend(x, x.compare(GT, most));
    }
    for (int lane = 0; lane < L; lane++) {
      hi = Math.max(hi, most.lane(lane));
    }
    for (int i = whole; i < n; i++) {
      hi = values[i] > hi ? values[i] : hi;
    }
    return hi;
  }
}
