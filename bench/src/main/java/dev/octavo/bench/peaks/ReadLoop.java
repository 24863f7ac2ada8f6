package dev.octavo.bench.peaks;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Reads a block over and over, as fast as the widest vectors can. An array does not begin at a
 * cache line, and where it begins nobody says; so all eight ways to begin a block in it are tried.
 * (A memory segment can be aligned, but its loads are half as fast here.)
 */
final class ReadLoop {

  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;

  /** A run reads at least so many bytes, for the clock's sake. */
  private static final long LEAST = 1 << 22;

  /** Elements of a cache line. */
  private static final int LINE = 8;

  /** Seconds for each way to begin. */
  private static final double COUNTED = 0.03;

  private static volatile long sink;

  private ReadLoop() {}

  /** Bytes per nanosecond. */
  static double gbps(long bytes) {
    int step = 8 * SPECIES.length();
    int size = Math.toIntExact(bytes / 8 / step * step);
    long[] block = new long[size + LINE];
    for (int i = 0; i < block.length; i += LINE) {
      block[i] = i; // memory that was never written may all be one page of zeros
    }
    int times = Math.toIntExact(Math.max(1, LEAST / (8L * size)));
    double best = Double.POSITIVE_INFINITY;
    for (int first = 0; first < LINE; first++) {
      int from = first;
      Runnable loop =
          () -> {
            long sum = 0;
            for (int i = 0; i < times; i++) {
              sum += read(block, from, from + size);
            }
            sink = sum;
          };
      best = Math.min(best, Best.seconds(loop, first == 0 ? Best.WARM_UP : 0, COUNTED));
    }
    return 8.0 * size * times / best * 1e-9;
  }

  private static long read(long[] block, int from, int to) {
    int n = SPECIES.length();
    LongVector a = LongVector.zero(SPECIES);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    for (int i = from; i < to; i += 8 * n) {
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
