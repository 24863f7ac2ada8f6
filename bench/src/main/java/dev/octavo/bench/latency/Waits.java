package dev.octavo.bench.latency;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * How long each of many safepoints took to reach.
 *
 * @param nanos sorted
 */
record Waits(long[] nanos) {
  static final Waits NONE = new Waits(new long[0]);

  /** All of both. */
  Waits and(Waits other) {
    return new Waits(
        LongStream.concat(Arrays.stream(nanos), Arrays.stream(other.nanos)).sorted().toArray());
  }

  /** The smallest that is not below that part of all; 0 if there are none. */
  long percentile(double part) {
    return nanos.length == 0 ? 0 : nanos[(int) Math.ceil(part * nanos.length) - 1];
  }
}
