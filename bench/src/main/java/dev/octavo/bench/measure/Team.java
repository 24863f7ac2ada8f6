package dev.octavo.bench.measure;

import dev.octavo.Parallel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

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

  /** Hands out the strips one by one and waits for the last. */
  void share(int strips, IntConsumer strip) {
    AtomicInteger next = new AtomicInteger();
    Runnable work =
        () -> {
          for (int s = next.getAndIncrement(); s < strips; s = next.getAndIncrement()) {
            strip.accept(s);
          }
        };
    CompletableFuture<?>[] others = new CompletableFuture<?>[Math.min(threads, strips) - 1];
    for (int i = 0; i < others.length; i++) {
      others[i] = CompletableFuture.runAsync(work, helpers);
    }
    work.run();
    CompletableFuture.allOf(others).join();
  }

  @Override
  public void close() {
    parallel.close();
    helpers.shutdown();
  }
}
