package dev.octavo.bench.peaks;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/** Reads a block over and over, as fast as the widest vectors can. */
final class ReadLoop {

  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;

  /** A run reads at least so many bytes, for the clock's sake. */
  private static final long LEAST = 1 << 22;

  private static volatile long sink;

  private ReadLoop() {}

  /** Bytes per nanosecond. */
  static double gbps(long bytes) {
    int step = 8 * SPECIES.length();
    long[] block = new long[Math.toIntExact(bytes / 8 / step * step)];
    for (int i = 0; i < block.length; i += 512) {
      block[i] = i; // memory that was never written may all be one page of zeros
    }
    int times = Math.toIntExact(Math.max(1, LEAST / (8L * block.length)));
    double seconds =
        Best.seconds(
            () -> {
              long sum = 0;
              for (int i = 0; i < times; i++) {
                sum += read(block);
              }
              sink = sum;
            });
    return 8.0 * block.length * times / seconds * 1e-9;
  }

  private static long read(long[] block) {
    int n = SPECIES.length();
    LongVector a = LongVector.zero(SPECIES);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    for (int i = 0; i < block.length; i += 8 * n) {
      a = a.or(LongVector.fromArray(SPECIES, block, i));
      b = b.or(LongVector.fromArray(SPECIES, block, i + n));
      c = c.or(LongVector.fromArray(SPECIES, block, i + 2 * n));
      d = d.or(LongVector.fromArray(SPECIES, block, i + 3 * n));
      a = a.or(LongVector.fromArray(SPECIES, block, i + 4 * n));
      b = b.or(LongVector.fromArray(SPECIES, block, i + 5 * n));
      c = c.or(LongVector.fromArray(SPECIES, block, i + 6 * n));
      d = d.or(LongVector.fromArray(SPECIES, block, i + 7 * n));
    }
    return a.or(b).or(c.or(d)).lane(0);
  }
}
