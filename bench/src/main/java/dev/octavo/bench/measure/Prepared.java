package dev.octavo.bench.measure;

import java.util.Optional;

/** A task prepared by a contender: ready to run as often as one likes. */
public interface Prepared extends AutoCloseable {

  /** The kernel that runs, in the words of results. */
  String kernel();

  /** Bytes of packed weights; empty when it does not say. */
  Optional<Long> packedBytes();

  /** How many strips the work has. */
  long strips();

  /** Runs all strips, on all threads. */
  void run();

  /** Runs the strips {@code [first, last)} on this thread. */
  void run(long first, long last);

  /** Runs once and compares all of the output; says what is wrong, or nothing. */
  Optional<String> check(Expected expected);

  /**
   * What a check that found nothing wrong came to: {@code ok} when every bit was right, or how an
   * engine with another rounding rule differed.
   */
  default String checked() {
    return "ok";
  }

  @Override
  void close();
}
