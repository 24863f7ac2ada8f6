package dev.octavo.bench.float32;

/** A prepared float32 computation: input, weights and output stay where it likes them best. */
public interface Float32Kernel extends AutoCloseable {

  /** What really runs, in the words of results. */
  String name();

  /** The number of pieces of work; any split of them over threads is the same computation. */
  int strips();

  /** Computes the strips {@code [first, last)}. */
  void run(int first, int last);

  /** A copy of the output: {@code m} rows of {@code n}, or an NHWC image. */
  float[] output();

  /** Gives back memory outside the heap, if any. */
  @Override
  default void close() {}
}
