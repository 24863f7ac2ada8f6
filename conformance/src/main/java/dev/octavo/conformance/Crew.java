package dev.octavo.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do a piece of work at the same time as the caller. */
final class Crew {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("crew-", 0).factory());

  private Crew() {}

  /** Does all parts, the first in the current thread, and throws what the first to fail throws. */
  static void run(List<Runnable> parts) {
    List<Future<?>> others = new ArrayList<>();
    for (Runnable part : parts.subList(1, parts.size())) {
      others.add(THREADS.submit(part));
    }
    Throwable failure = null;
    try {
      parts.getFirst().run();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (Future<?> other : others) {
      Throwable thrown = endOf(other);
      failure = failure == null ? thrown : failure;
    }
    switch (failure) {
      case null -> {}
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** Waits for a part, whatever happens: it must not outlive the memory that it uses. */
  private static Throwable endOf(Future<?> part) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          part.get();
          return null;
        } catch (ExecutionException e) {
          return e.getCause();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
