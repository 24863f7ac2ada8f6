package dev.octavo.bench.peaks;

import java.util.function.IntToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 multiply-adds on registers, one loop for each width: the compiler must see the species as
 * a constant, so the loops differ by nothing else. Ten sums hide the latency; their start differs,
 * or they would be one.
 */
enum FmaLoop {
  BITS_128(FloatVector.SPECIES_128, FmaLoop::run128),
  BITS_256(FloatVector.SPECIES_256, FmaLoop::run256),
  BITS_512(FloatVector.SPECIES_512, FmaLoop::run512);

  private static final int SUMS = 10;
  private static final int STEPS = 20_000;
  private static volatile double sink;

  private final VectorSpecies<Float> species;
  private final IntToDoubleFunction loop;

  FmaLoop(VectorSpecies<Float> species, IntToDoubleFunction loop) {
    this.species = species;
    this.loop = loop;
  }

  int bits() {
    return species.vectorBitSize();
  }

  /** The widest vectors that this JVM makes on this CPU. */
  static int mostBits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  double gops() {
    double seconds = Best.seconds(() -> sink = loop.applyAsDouble(STEPS));
    return 2.0 * SUMS * species.length() * STEPS / seconds * 1e-9;
  }

  private static double run128(int steps) {
    FloatVector a = FloatVector.broadcast(FloatVector.SPECIES_128, 1 - 0x1p-20f);
    FloatVector b = FloatVector.broadcast(FloatVector.SPECIES_128, 0x1p-30f);
    FloatVector s0 = a;
    FloatVector s1 = a.add(1f);
    FloatVector s2 = a.add(2f);
    FloatVector s3 = a.add(3f);
    FloatVector s4 = a.add(4f);
    FloatVector s5 = a.add(5f);
    FloatVector s6 = a.add(6f);
    FloatVector s7 = a.add(7f);
    FloatVector s8 = a.add(8f);
    FloatVector s9 = a.add(9f);
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(a, b);
      s1 = s1.fma(a, b);
      s2 = s2.fma(a, b);
      s3 = s3.fma(a, b);
      s4 = s4.fma(a, b);
      s5 = s5.fma(a, b);
      s6 = s6.fma(a, b);
      s7 = s7.fma(a, b);
      s8 = s8.fma(a, b);
      s9 = s9.fma(a, b);
    }
    FloatVector even = s0.add(s2).add(s4).add(s6).add(s8);
    FloatVector odd = s1.add(s3).add(s5).add(s7).add(s9);
    return even.add(odd).lane(0);
  }

  private static double run256(int steps) {
    FloatVector a = FloatVector.broadcast(FloatVector.SPECIES_256, 1 - 0x1p-20f);
    FloatVector b = FloatVector.broadcast(FloatVector.SPECIES_256, 0x1p-30f);
    FloatVector s0 = a;
    FloatVector s1 = a.add(1f);
    FloatVector s2 = a.add(2f);
    FloatVector s3 = a.add(3f);
    FloatVector s4 = a.add(4f);
    FloatVector s5 = a.add(5f);
    FloatVector s6 = a.add(6f);
    FloatVector s7 = a.add(7f);
    FloatVector s8 = a.add(8f);
    FloatVector s9 = a.add(9f);
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(a, b);
      s1 = s1.fma(a, b);
      s2 = s2.fma(a, b);
      s3 = s3.fma(a, b);
      s4 = s4.fma(a, b);
      s5 = s5.fma(a, b);
      s6 = s6.fma(a, b);
      s7 = s7.fma(a, b);
      s8 = s8.fma(a, b);
      s9 = s9.fma(a, b);
    }
    FloatVector even = s0.add(s2).add(s4).add(s6).add(s8);
    FloatVector odd = s1.add(s3).add(s5).add(s7).add(s9);
    return even.add(odd).lane(0);
  }

  private static double run512(int steps) {
    FloatVector a = FloatVector.broadcast(FloatVector.SPECIES_512, 1 - 0x1p-20f);
    FloatVector b = FloatVector.broadcast(FloatVector.SPECIES_512, 0x1p-30f);
    FloatVector s0 = a;
    FloatVector s1 = a.add(1f);
    FloatVector s2 = a.add(2f);
    FloatVector s3 = a.add(3f);
    FloatVector s4 = a.add(4f);
    FloatVector s5 = a.add(5f);
    FloatVector s6 = a.add(6f);
    FloatVector s7 = a.add(7f);
    FloatVector s8 = a.add(8f);
    FloatVector s9 = a.add(9f);
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(a, b);
      s1 = s1.fma(a, b);
      s2 = s2.fma(a, b);
      s3 = s3.fma(a, b);
      s4 = s4.fma(a, b);
      s5 = s5.fma(a, b);
      s6 = s6.fma(a, b);
      s7 = s7.fma(a, b);
      s8 = s8.fma(a, b);
      s9 = s9.fma(a, b);
    }
    FloatVector even = s0.add(s2).add(s4).add(s6).add(s8);
    FloatVector odd = s1.add(s3).add(s5).add(s7).add(s9);
    return even.add(odd).lane(0);
  }
}
