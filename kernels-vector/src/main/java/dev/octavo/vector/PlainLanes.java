package dev.octavo.vector;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Lanes} of one width. */
final class PlainLanes implements Lanes {
  private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
  private static final VectorSpecies<Float> F = SHAPE.withLanes(float.class);
  private static final VectorSpecies<Integer> I = SHAPE.withLanes(int.class);
  private static final VectorSpecies<Byte> B = WidthCopy.quarter(SHAPE).withLanes(byte.class);
  private static final int L = F.length();

  @Override
  public int count() {
    return L;
  }

  @Override
  public void widen(byte[] from, int f, int flip, float[] to, int t, int n) {
    for (int i = 0; i < n; i += L) {
      ByteVector bytes = ByteVector.fromArray(B, from, f + i).lanewise(XOR, (byte) flip);
      ((FloatVector) bytes.convertShape(B2F, F, 0)).intoArray(to, t + i);
    }
  }

  @Override
  public void widenRows(
      byte[] from, int f, int step, int flip, float[] to, int t, int n, int rows) {
    for (int r = 0; r < rows; r++) {
      widen(from, f + r * step, flip, to, t + r * Gemm.PITCH, n);
    }
  }

  @Override
  public void spread(byte[] from, int f, int step, int flip, byte[] to, int t, int n) {
    for (int x = 0; x < n; x++) {
      ByteVector bytes = ByteVector.fromArray(B, from, f + x * step);
      bytes.lanewise(XOR, (byte) flip).intoArray(to, t + x * L);
    }
  }

  @Override
  public int sum(float[] values, int v, int n) {
    FloatVector sums = FloatVector.zero(F);
    int whole = n & -L;
    for (int i = 0; i < whole; i += L) {
      sums = sums.add(FloatVector.fromArray(F, values, v + i));
    }
    float sum = sums.reduceLanes(ADD);
    for (int i = whole; i < n; i++) {
      sum += values[v + i];
    }
    return (int) sum;
  }

  @Override
  public void addProduct(int factor, int[] column, int c, int[] acc, int a, int n) {
    for (int i = 0; i < n; i += L) {
      IntVector product = IntVector.fromArray(I, column, c + i).mul(factor);
      IntVector.fromArray(I, acc, a + i).add(product).intoArray(acc, a + i);
    }
  }
}
