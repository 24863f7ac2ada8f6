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

  @Override
  public void quantize(
      QuantizeRule rule,
      QuantizeTable t,
      int c,
      int step,
      int[] limits,
      float[] in,
      byte[] out,
      int n) {
    for (int i = 0; i < n; i += L) {
      IntVector zero = IntVector.fromArray(I, t.zeros, c + step * i);
      FloatVector x = FloatVector.fromArray(F, in, i);
      IntVector q = grid(rule, x, t, c + step * i, zero, limits).add(zero);
      ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, i);
    }
  }

  @Override
  public void fakeQuantize(
      QuantizeRule rule, QuantizeTable t, int c, int step, int[] limits, float[] values, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector zero = IntVector.fromArray(I, t.zeros, c + step * i);
      FloatVector x = FloatVector.fromArray(F, values, i);
      IntVector q = grid(rule, x, t, c + step * i, zero, limits);
      FloatVector scale = FloatVector.fromArray(F, t.scales, c + step * i);
      ((FloatVector) q.convert(I2F, 0)).mul(scale).intoArray(values, i);
    }
  }

  /** q − z: {@link dev.octavo.Norm#quantize}. Within 2<sup>17</sup>, so that MAGIC rounds it. */
  private static IntVector grid(
      QuantizeRule rule, FloatVector x, QuantizeTable t, int c, IntVector zero, int[] limits) {
    FloatVector factor = FloatVector.fromArray(F, t.factors, c);
    FloatVector z = (FloatVector) zero.convert(I2F, 0);
    FloatVector lo = FloatVector.broadcast(F, limits[0]);
    FloatVector hi = FloatVector.broadcast(F, limits[1]);
    if (rule == QuantizeRule.MULTIPLY_ZERO_POINT_FIRST) {
      return nearestEven(clamp(x.mul(factor).add(z), lo, hi)).sub(zero);
    }
    if (rule == QuantizeRule.MULTIPLY_HALF_EVEN) {
      return nearestEven(clamp(x.mul(factor), lo.sub(z), hi.sub(z)));
    }
    FloatVector scaled = clamp(x.div(factor), lo.sub(z), hi.sub(z));
    return rule == QuantizeRule.DIVIDE_HALF_EVEN ? nearestEven(scaled) : halfAway(scaled);
  }

  /** NaN, which compares with nothing, becomes lo. */
  private static FloatVector clamp(FloatVector x, FloatVector lo, FloatVector hi) {
    FloatVector low = lo.blend(x, x.compare(GE, lo));
    return low.blend(hi, low.compare(GT, hi));
  }

  private static IntVector nearestEven(FloatVector x) {
    return x.add(Gemm.MAGIC).reinterpretAsInts().sub(Gemm.MAGIC_BITS);
  }

  /** Adds the largest float below ½, with the sign of x, and truncates. */
  private static IntVector halfAway(FloatVector x) {
    FloatVector half = x.reinterpretAsInts().and(SIGN).or(BEFORE_HALF).reinterpretAsFloats();
    return (IntVector) x.add(half).convert(F2I, 0);
  }

  @Override
  public void levels(float[][] limits, int levels, int c, int step, float[] values, int n) {
    float steps = levels - 1;
    for (int i = 0; i < n; i += L) {
      FloatVector il = FloatVector.fromArray(F, limits[0], c + step * i);
      FloatVector ih = FloatVector.fromArray(F, limits[1], c + step * i);
      FloatVector ol = FloatVector.fromArray(F, limits[2], c + step * i);
      FloatVector oh = FloatVector.fromArray(F, limits[3], c + step * i);
      FloatVector x = FloatVector.fromArray(F, values, i);
      FloatVector q = whole(x.sub(il).div(ih.sub(il)).mul(steps));
      FloatVector y = q.div(steps).mul(oh.sub(ol)).add(ol);
      y = y.blend(oh, x.compare(GT, il.max(ih)));
      y.blend(ol, x.compare(LE, il.min(ih))).intoArray(values, i);
    }
  }

  /**
   * x in [0, 2<sup>16</sup>] rounded to a whole float, ties to even; −0 stays −0, NaN stays NaN.
   */
  private static FloatVector whole(FloatVector x) {
    FloatVector rounded = x.add(Gemm.MAGIC).sub(Gemm.MAGIC);
    IntVector sign = x.reinterpretAsInts().and(SIGN);
    return rounded.reinterpretAsInts().or(sign).reinterpretAsFloats();
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
