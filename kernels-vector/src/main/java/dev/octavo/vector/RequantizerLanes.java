package dev.octavo.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.D2I;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2D;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.I2L;
import static jdk.incubator.vector.VectorOperators.L2I;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Requantizer} of one width. */
final class RequantizerLanes implements Requantizer {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Float> F = SHAPE.withLanes(float.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final VectorSpecies<Byte> B = WidthCopy.quarter(SHAPE).withLanes(byte.class);
  private static final VectorSpecies<Long> J = SHAPE.withLanes(long.class);
  private static final VectorSpecies<Double> D = SHAPE.withLanes(double.class);
  private static final VectorSpecies<Integer> HALF = WidthCopy.half(SHAPE).withLanes(int.class);
  private static final int L = F.length();

  private static final long SIGN = 1L << 63;
  private static final long BEFORE_HALF = Double.doubleToRawLongBits(Math.nextDown(0.5));

  @Override
  public void requantize(RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    requantize(t, c, 1, acc, out, at, n);
  }

  @Override
  public void requantizeOne(RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    requantize(t, c, 0, acc, out, at, n);
  }

  /** step: how far the entry of the table moves with an element, 1 or 0. */
  private static void requantize(
      RequantizeTable t, int c, int step, int[] acc, byte[] out, int at, int n) {
    switch (t.recipe) {
      case FLOAT32_NEAREST_EVEN -> nearestEven(t, c, step, acc, out, at, n);
      case FLOAT32_ZERO_POINT_FIRST -> zeroPointFirst(t, c, step, acc, out, at, n);
      case FLOAT32_FLOAT_BIAS -> floatBias(t, c, step, acc, out, at, n);
      case FIXED_POINT_DOUBLE_ROUNDING -> {
        highProducts(t, c, step, acc, at, n);
        divideHalfAway(t, c, step, acc, at, n);
        finish(t, acc, out, at, n);
      }
      case FIXED_POINT_SINGLE_ROUNDING -> {
        singleRounding(t, c, step, acc, at, n);
        finish(t, acc, out, at, n);
      }
      case FLOAT64_HALF_AWAY -> {
        halfAway(t, c, step, acc, at, n);
        finish(t, acc, out, at, n);
      }
    }
  }

  /**
   * {@link dev.octavo.Norm#float32NearestEven}. |t| ≤ 2<sup>22</sup> by the bound, so adding MAGIC
   * rounds it to an integer, ties to even, which then stands in the low bits. Clamping after
   * rounding rather than before makes no difference, since the limits are integers.
   */
  private static void nearestEven(
      RequantizeTable t, int c, int step, int[] acc, byte[] out, int at, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector scaled = scaled(t, c + step * i, acc, at + i);
      IntVector q = scaled.add(Gemm.MAGIC).reinterpretAsInts();
      store(q.add(t.zeroPoint - Gemm.MAGIC_BITS).max(t.min).min(t.max), out, at + i);
    }
  }

  /** {@link dev.octavo.Norm#float32ZeroPointFirst}, likewise. */
  private static void zeroPointFirst(
      RequantizeTable t, int c, int step, int[] acc, byte[] out, int at, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector shifted = scaled(t, c + step * i, acc, at + i).add((float) t.zeroPoint);
      IntVector q = shifted.add(Gemm.MAGIC).reinterpretAsInts();
      store(q.sub(Gemm.MAGIC_BITS).max(t.min).min(t.max), out, at + i);
    }
  }

  /** f32(f32(acc) · m), of the clamped accumulator. */
  private static FloatVector scaled(RequantizeTable t, int c, int[] acc, int at) {
    IntVector bound = IntVector.fromArray(I, t.bound, c);
    IntVector x = IntVector.fromArray(I, acc, at).max(bound.neg()).min(bound);
    return ((FloatVector) x.convert(I2F, 0)).mul(FloatVector.fromArray(F, t.multipliers, c));
  }

  /** {@link dev.octavo.Norm#float32FloatBias}; the bias may be anything, so the clamp is of t. */
  private static void floatBias(
      RequantizeTable t, int c, int step, int[] acc, byte[] out, int at, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector bias = FloatVector.fromArray(F, t.floatBias, c + step * i);
      FloatVector x = ((FloatVector) IntVector.fromArray(I, acc, at + i).convert(I2F, 0)).add(bias);
      FloatVector scaled = x.mul(FloatVector.fromArray(F, t.multipliers, c + step * i));
      scaled = scaled.max(t.min - t.zeroPoint).min(t.max - t.zeroPoint);
      IntVector q = scaled.add(Gemm.MAGIC).reinterpretAsInts();
      store(q.add(t.zeroPoint - Gemm.MAGIC_BITS), out, at + i);
    }
  }

  /** acc = ⌊((acc · 2^left mod 2^32) · M + 2^30) / 2^31⌋, which fits 32 bits. */
  private static void highProducts(RequantizeTable t, int c, int step, int[] acc, int at, int n) {
    for (int i = 0; i < n; i += HALF.length()) {
      int entry = c + step * i;
      IntVector x =
          IntVector.fromArray(HALF, acc, at + i)
              .lanewise(LSHL, IntVector.fromArray(HALF, t.left, entry));
      LongVector h = product(x, t.mantissas, entry).add(1L << 30).lanewise(LSHR, 31);
      ((IntVector) h.convertShape(L2I, HALF, 0)).intoArray(acc, at + i);
    }
  }

  /** acc = acc / 2^right, ties away from zero. */
  private static void divideHalfAway(RequantizeTable t, int c, int step, int[] acc, int at, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector h = IntVector.fromArray(I, acc, at + i);
      IntVector right = IntVector.fromArray(I, t.right, c + step * i);
      IntVector mask = IntVector.broadcast(I, 1).lanewise(LSHL, right).sub(1);
      IntVector rest = h.and(mask);
      // Just below a half; for negative h a half itself, because ⌊h / 2^right⌋ is away already.
      IntVector limit = mask.lanewise(LSHR, 1).sub(h.lanewise(ASHR, 31));
      IntVector r = h.lanewise(ASHR, right);
      r.add(1, rest.compare(GT, limit)).intoArray(acc, at + i);
    }
  }

  /** {@link dev.octavo.Norm#fixedPointSingleRounding} up to the clamp; see the table. */
  private static void singleRounding(RequantizeTable t, int c, int step, int[] acc, int at, int n) {
    for (int i = 0; i < n; i += HALF.length()) {
      int entry = c + step * i;
      IntVector x = bounded(t, entry, acc, at + i);
      LongVector sum = product(x, t.mantissas, entry).add(LongVector.fromArray(J, t.round, entry));
      LongVector r = sum.lanewise(LSHR, LongVector.fromArray(J, t.shift, entry));
      IntVector excess = IntVector.fromArray(HALF, t.excess, entry);
      ((IntVector) r.convertShape(L2I, HALF, 0)).sub(excess).intoArray(acc, at + i);
    }
  }

  /**
   * {@link dev.octavo.Norm#float64HalfAway} up to the clamp. Adding the largest double below ½,
   * with the sign of t, and truncating is rounding half away: with ½ itself, t = ½ −
   * 2<sup>−54</sup> would be rounded up by the addition.
   */
  private static void halfAway(RequantizeTable t, int c, int step, int[] acc, int at, int n) {
    for (int i = 0; i < n; i += HALF.length()) {
      int entry = c + step * i;
      DoubleVector x = (DoubleVector) bounded(t, entry, acc, at + i).convertShape(I2D, D, 0);
      DoubleVector scaled = x.mul(DoubleVector.fromArray(D, t.doubles, entry));
      DoubleVector half =
          scaled.reinterpretAsLongs().and(SIGN).or(BEFORE_HALF).reinterpretAsDoubles();
      ((IntVector) scaled.add(half).convertShape(D2I, HALF, 0)).intoArray(acc, at + i);
    }
  }

  private static IntVector bounded(RequantizeTable t, int entry, int[] acc, int at) {
    IntVector bound = IntVector.fromArray(HALF, t.bound, entry);
    return IntVector.fromArray(HALF, acc, at).max(bound.neg()).min(bound);
  }

  /** 64-bit products of ints; the compiler makes one vpmuldq of it. */
  private static LongVector product(IntVector x, int[] mantissas, int entry) {
    IntVector m = IntVector.fromArray(HALF, mantissas, entry);
    return ((LongVector) x.convertShape(I2L, J, 0)).mul((LongVector) m.convertShape(I2L, J, 0));
  }

  /** out = clamp(acc + z, min, max), computed so that it cannot overflow. */
  private static void finish(RequantizeTable t, int[] acc, byte[] out, int at, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector r = IntVector.fromArray(I, acc, at + i);
      store(r.max(t.min - t.zeroPoint).min(t.max - t.zeroPoint).add(t.zeroPoint), out, at + i);
    }
  }

  /** The low bytes; a vector narrower than the narrowest of bytes writes zeros behind them. */
  private static void store(IntVector q, byte[] out, int at) {
    ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, at);
  }

  @Override
  public void dequantize(
      float[] scales, float[] bias, int c, float lhsScale, int[] acc, float[] out, int at, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector scale = FloatVector.fromArray(F, scales, c + i).mul(lhsScale);
      FloatVector y =
          ((FloatVector) IntVector.fromArray(I, acc, at + i).convert(I2F, 0)).mul(scale);
      if (bias != null) {
        y = y.add(FloatVector.fromArray(F, bias, c + i));
      }
      y.intoArray(out, at + i);
    }
  }
}
