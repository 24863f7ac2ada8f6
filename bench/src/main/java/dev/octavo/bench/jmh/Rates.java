package dev.octavo.bench.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a second's calls amount to. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Rates {

  /** 10⁹ multiplications and additions. */
  public double gops;

  /** Bytes that each call must read and write at least: weights, input and output, once. */
  public double bytes;

  @Setup(Level.Iteration)
  public void clear() {
    gops = 0;
    bytes = 0;
  }

  void add(double operations, double bytesMoved) {
    gops += operations * 1e-9;
    bytes += bytesMoved;
  }
}
