package dev.octavo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the strips of a kernel on several threads of the caller's {@link Executor}, with scratch
 * kept from run to run. The bits do not depend on the number of threads.
 *
 * <p>The calling thread always takes part, so a run finishes even if the executor is busy or
 * refuses, and may be called from one of its own threads. One {@code Parallel} serves one run at a
 * time. The segments and the kernel's arena must be accessible to all threads (shared, automatic,
 * global or heap).
 */
public final class Parallel implements AutoCloseable {
  private final Executor executor;
  private final MemorySegment[] scratch;
  private final Arena[] arenas;

  /**
   * Runs on the caller's thread and up to {@code threads} − 1 tasks of an executor.
   *
   * @param threads at least 1
   */
  public Parallel(Executor executor, int threads) {
    this.executor = Objects.requireNonNull(executor, "executor");
    this.scratch = new MemorySegment[Checks.atLeast("threads", threads, 1)];
    this.arenas = new Arena[threads];
  }

  /** Runs a whole kernel; see {@link Kernel#run} for arguments and errors. */
  public void run(
      Kernel kernel, Shape shape, MemorySegment input, MemorySegment output, LhsParameters lhs) {
    long strips = kernel.strips(shape);
    int threads = Math.clamp(strips, 1, scratch.length);
    reserve(threads, kernel.scratchBytes(shape));
    if (threads == 1) {
      kernel.run(shape, input, output, lhs, scratch[0], 0, strips);
      return;
    }
    Job job = new Job(kernel, shape, input, output, lhs, strips, Thread.currentThread());
    for (int t = 1; t < threads; t++) {
      MemorySegment mine = scratch[t];
      try {
        executor.execute(() -> job.help(mine));
      } catch (RejectedExecutionException e) {
        break; // fewer hands; the caller's are enough
      }
    }
    job.finish(scratch[0]);
  }

  /** Runs a whole kernel without run-time lhs parameters. */
  public void run(Kernel kernel, Shape shape, MemorySegment input, MemorySegment output) {
    run(kernel, shape, input, output, null);
  }

  /** Frees the scratch. */
  @Override
  public void close() {
    for (int t = 0; t < arenas.length; t++) {
      if (arenas[t] != null) {
        arenas[t].close();
        arenas[t] = null;
        scratch[t] = null;
      }
    }
  }

  private void reserve(int threads, long bytes) {
    for (int t = 0; t < threads; t++) {
      if (bytes > 0 && (scratch[t] == null || scratch[t].byteSize() < bytes)) {
        if (arenas[t] != null) {
          arenas[t].close();
        }
        arenas[t] = Arena.ofShared();
        scratch[t] = arenas[t].allocate(bytes, 64);
      }
    }
  }

  /**
   * One run. Strips are handed out by a counter; a helper that starts after the last strip was
   * taken finds nothing and touches nothing, so the caller waits only for helpers that hold a
   * strip.
   */
  private record Job(
      Kernel kernel,
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      long strips,
      Thread caller,
      AtomicLong next,
      AtomicInteger helping,
      AtomicReference<Throwable> failure) {
    Job(
        Kernel kernel,
        Shape shape,
        MemorySegment input,
        MemorySegment output,
        LhsParameters lhs,
        long strips,
        Thread caller) {
      this(
          kernel,
          shape,
          input,
          output,
          lhs,
          strips,
          caller,
          new AtomicLong(),
          new AtomicInteger(),
          new AtomicReference<>());
    }

    void help(MemorySegment scratch) {
      helping.incrementAndGet(); // before the first strip is taken: see finish()
      try {
        work(scratch);
      } finally {
        if (helping.decrementAndGet() == 0) {
          LockSupport.unpark(caller);
        }
      }
    }

    void finish(MemorySegment scratch) {
      work(scratch);
      while (helping.get() > 0) {
        LockSupport.park(this);
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable t -> throw new AssertionError(t); // a run declares no checked exceptions
      }
    }

    private void work(MemorySegment scratch) {
      try {
        for (long s = next.getAndIncrement(); s < strips; s = next.getAndIncrement()) {
          kernel.run(shape, input, output, lhs, scratch, s, s + 1);
        }
      } catch (Throwable t) { // even an Error: a strip that was not written must not pass unseen
        failure.compareAndSet(null, t);
        next.set(strips); // nobody needs to go on
      }
    }
  }
}
