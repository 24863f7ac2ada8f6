package dev.octavo.bench.measure;

import java.util.Optional;

/** One strip of nothing; tests say what running it does. */
abstract class FakePrepared implements Prepared {

  @Override
  public String kernel() {
    return "fake";
  }

  @Override
  public Optional<Long> packedBytes() {
    return Optional.empty();
  }

  @Override
  public long strips() {
    return 1;
  }

  @Override
  public void run(long first, long last) {
    run();
  }

  @Override
  public Optional<String> check(Expected expected) {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
