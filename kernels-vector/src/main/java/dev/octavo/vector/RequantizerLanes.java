package dev.octavo.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Requantizer} of one width and step. */
final class RequantizerLanes implements Requantizer {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Float> F = SHAPE.withLanes(float.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final VectorSpecies<Byte> B = WidthCopy.quarter(SHAPE).withLanes(byte.class);
  private static final VectorSpecies<Double> D = SHAPE.withLanes(double.class);
  private static final int L = F.length();
  private static final int STEP = WidthCopy.step(MethodHandles.lookup());

  private static final long HALF_PRODUCT = 1L << 31;
  private static final long LOW = 0xFFFF_FFFFL;
  private static final double TWO_52 = 0x1p52;
  private static final long TWO_52_BITS = Double.doubleToRawLongBits(TWO_52);

  /**
   * Each recipe is one loop, which ends alike: it has q + origin, and writes the low bytes of q
   * clamped; a vector narrower than the narrowest of bytes writes zeros behind them. The loops
   * store bytes and nothing else, so that the compiler knows that the tables stay as they are, and
   * for a step of 0 loads from them but once.
   */
  @Override
  public void requantize(RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    if (t.bound != null) {
      clamp(t, c, acc, at, n);
    }
    if (t.left != null) {
      shiftLeft(t, c, acc, at, n);
    }
    switch (t.recipe) {
      case FLOAT32_NEAREST_EVEN -> nearestEven(t, c, acc, out, at, n);
      case FLOAT32_ZERO_POINT_FIRST -> zeroPointFirst(t, c, acc, out, at, n);
      case FLOAT32_FLOAT_BIAS -> floatBias(t, c, acc, out, at, n);
      case FIXED_POINT_DOUBLE_ROUNDING -> doubleRounding(t, c, acc, out, at, n);
      case FIXED_POINT_SINGLE_ROUNDING -> singleRounding(t, c, acc, out, at, n);
      case FLOAT64_HALF_AWAY -> halfAway(t, c, acc, out, at, n);
    }
  }

  /**
   * {@link dev.octavo.Norm#float32NearestEven}. Where |t| ≤ 2<sup>22</sup>, adding MAGIC rounds it
   * to an integer, ties to even, which then stands in the low bits. Beyond, the bits of the sum are
   * no integer, but as an int they are still above, or below, all that are; so the clamp, which is
   * of these bits, needs none before it.
   */
  private static void nearestEven(RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    int origin = Gemm.MAGIC_BITS - t.zeroPoint;
    for (int i = 0; i < n; i += L) {
      FloatVector m = FloatVector.fromArray(F, t.multipliers, c + STEP * i);
      FloatVector x = (FloatVector) IntVector.fromArray(I, acc, at + i).convert(I2F, 0);
      IntVector q = x.mul(m).add(Gemm.MAGIC).reinterpretAsInts();
      q = q.max(origin + t.min).min(origin + t.max).sub(origin);
      ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, at + i);
    }
  }

  /** {@link dev.octavo.Norm#float32ZeroPointFirst}, likewise. */
  private static void zeroPointFirst(
      RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    int origin = Gemm.MAGIC_BITS;
    for (int i = 0; i < n; i += L) {
      FloatVector m = FloatVector.fromArray(F, t.multipliers, c + STEP * i);
      FloatVector x = (FloatVector) IntVector.fromArray(I, acc, at + i).convert(I2F, 0);
      IntVector q = x.mul(m).add((float) t.zeroPoint).add(Gemm.MAGIC).reinterpretAsInts();
      q = q.max(origin + t.min).min(origin + t.max).sub(origin);
      ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, at + i);
    }
  }

  /** {@link dev.octavo.Norm#float32FloatBias}, likewise. */
  private static void floatBias(RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    int origin = Gemm.MAGIC_BITS - t.zeroPoint;
    for (int i = 0; i < n; i += L) {
      FloatVector m = FloatVector.fromArray(F, t.multipliers, c + STEP * i);
      FloatVector bias = FloatVector.fromArray(F, t.floatBias, c + STEP * i);
      FloatVector x = (FloatVector) IntVector.fromArray(I, acc, at + i).convert(I2F, 0);
      IntVector q = x.add(bias).mul(m).add(Gemm.MAGIC).reinterpretAsInts();
      q = q.max(origin + t.min).min(origin + t.max).sub(origin);
      ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, at + i);
    }
  }

  /** acc = clamp(acc), to what the table says. */
  private static void clamp(RequantizeTable t, int c, int[] acc, int at, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector bound = IntVector.fromArray(I, t.bound, c + STEP * i);
      IntVector x = IntVector.fromArray(I, acc, at + i);
      x.max(bound.not()).min(bound).intoArray(acc, at + i);
    }
  }

  /** acc = acc · 2^left mod 2^32. */
  private static void shiftLeft(RequantizeTable t, int c, int[] acc, int at, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector left = IntVector.fromArray(I, t.left, c + STEP * i);
      IntVector.fromArray(I, acc, at + i).lanewise(LSHL, left).intoArray(acc, at + i);
    }
  }

  /**
   * {@link dev.octavo.Norm#fixedPointDoubleRounding}.
   *
   * <p>h = ⌊(x · M + 2^30) / 2^31⌋ = ⌊(x · 2M + 2^31) / 2^32⌋, the high half: a vector of longs
   * multiplies the even lanes of ints, and after a shift the odd ones, without signs, which is one
   * instruction everywhere and needs no extension. So x is taken 2^31 too large, whereupon the
   * quotient is too large by M.
   *
   * <p>Half away from zero of h / 2^n is ⌊(h + 2^(n−1) − [h &lt; 0]) / 2^n⌋; halving last keeps the
   * sum within 32 bits. Where n is 0, away is 0 and nothing is added or halved.
   */
  private static void doubleRounding(
      RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    int origin = -t.zeroPoint;
    for (int i = 0; i < n; i += L) {
      IntVector x = IntVector.fromArray(I, acc, at + i);
      IntVector m = IntVector.fromArray(I, t.mantissas, c + STEP * i);
      IntVector right = IntVector.fromArray(I, t.right, c + STEP * i);
      IntVector away = IntVector.fromArray(I, t.away, c + STEP * i);
      LongVector u = x.lanewise(XOR, Integer.MIN_VALUE).reinterpretAsLongs();
      LongVector w = m.add(m).reinterpretAsLongs();
      LongVector even = u.and(LOW).mul(w.and(LOW)).add(HALF_PRODUCT).lanewise(LSHR, 32);
      LongVector odd = u.lanewise(LSHR, 32).mul(w.lanewise(LSHR, 32)).add(HALF_PRODUCT);
      IntVector h = even.or(odd.and(~LOW)).reinterpretAsInts().sub(m);
      IntVector q = h.add(h.lanewise(ASHR, 31).and(away)).lanewise(ASHR, right);
      q = q.sub(away).lanewise(ASHR, away.neg());
      q = q.max(origin + t.min).min(origin + t.max).sub(origin);
      ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, at + i);
    }
  }

  /** {@link dev.octavo.Norm#fixedPointSingleRounding}; see the table, and above. */
  private static void singleRounding(
      RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    int origin = -t.zeroPoint;
    for (int i = 0; i < n; i += L) {
      IntVector x = IntVector.fromArray(I, acc, at + i);
      IntVector m = IntVector.fromArray(I, t.mantissas, c + STEP * i);
      IntVector right = IntVector.fromArray(I, t.right, c + STEP * i);
      LongVector u = x.lanewise(XOR, Integer.MIN_VALUE).reinterpretAsLongs();
      LongVector w = m.add(m).reinterpretAsLongs();
      LongVector even = u.and(LOW).mul(w.and(LOW)).lanewise(LSHR, 32);
      LongVector odd = u.lanewise(LSHR, 32).mul(w.lanewise(LSHR, 32));
      IntVector h = even.or(odd.and(~LOW)).reinterpretAsInts().sub(m);
      IntVector q = h.lanewise(ASHR, right).add(1).lanewise(ASHR, 1);
      q = q.max(origin + t.min).min(origin + t.max).sub(origin);
      ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, at + i);
    }
  }

  /**
   * {@link dev.octavo.Norm#float64HalfAway}, of |x|; the sign is that of the accumulator. A vector
   * of doubles takes the even lanes of ints, and after a shift the odd ones: as low bits of
   * 2<sup>52</sup> they are the number without a conversion. Of 2<sup>52</sup> + |x| the
   * multiply-add takes 2<sup>52</sup> · m away again, exactly, and rounds |x| · m once.
   *
   * <p>Where t ≤ 2<sup>31</sup>, the low bits of t + 2<sup>52</sup> are t rounded, ties to even;
   * those of t + 2<sup>52</sup> + 1, less 1, ties to odd. The larger of them is half up.
   */
  private static void halfAway(RequantizeTable t, int c, int[] acc, byte[] out, int at, int n) {
    int origin = -t.zeroPoint;
    int evens = t.doubleOf(c);
    int odds = t.doubleOf(c + 1);
    for (int i = 0; i < n; i += L) {
      IntVector x = IntVector.fromArray(I, acc, at + i);
      IntVector sign = x.lanewise(ASHR, 31);
      LongVector u = x.abs().reinterpretAsLongs();
      DoubleVector m = DoubleVector.fromArray(D, t.doubles, evens + STEP * i / 2);
      DoubleVector even = u.and(LOW).or(TWO_52_BITS).reinterpretAsDoubles();
      even = even.fma(m, m.mul(-TWO_52));
      m = DoubleVector.fromArray(D, t.doubles, odds + STEP * i / 2);
      DoubleVector odd = u.lanewise(LSHR, 32).or(TWO_52_BITS).reinterpretAsDoubles();
      odd = odd.fma(m, m.mul(-TWO_52));
      LongVector low = even.add(TWO_52).reinterpretAsLongs().and(LOW);
      LongVector high = odd.add(TWO_52).reinterpretAsLongs().lanewise(LSHL, 32);
      IntVector tiesEven = low.or(high).reinterpretAsInts();
      low = even.add(TWO_52 + 1).reinterpretAsLongs().and(LOW);
      high = odd.add(TWO_52 + 1).reinterpretAsLongs().lanewise(LSHL, 32);
      IntVector q = low.or(high).reinterpretAsInts().sub(1).max(tiesEven);
      q = q.lanewise(XOR, sign).sub(sign);
      q = q.max(origin + t.min).min(origin + t.max).sub(origin);
      ((ByteVector) q.convertShape(I2B, B, 0)).intoArray(out, at + i);
    }
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
