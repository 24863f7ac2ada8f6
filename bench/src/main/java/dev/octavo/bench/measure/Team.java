package dev.octavo.bench.measure;

import dev.octavo.Parallel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;

/** The threads that share the strips of a run; the caller's thread is one of them. */
public final class Team implements AutoCloseable {

  private final int threads;
  private final ExecutorService helpers;
  private final Parallel parallel;

  public Team(int threads) {
    this.threads = threads;
    this.helpers =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            Thread.ofPlatform().daemon().name("octavo-bench-", 1).factory());
    this.parallel = new Parallel(helpers, threads);
  }

  public int threads() {
    return threads;
  }

  Parallel parallel() {
    return parallel;
  }

  /** Hands out the strips of what is no kernel, in the same way, and waits for the last. */
  void share(int strips, LongConsumer strip) {
    parallel.forEach(strips, strip);
  }

  @Override
  public void close() {
    parallel.close();
    helpers.shutdown();
  }
}
