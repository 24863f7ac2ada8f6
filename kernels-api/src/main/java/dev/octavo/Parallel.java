package dev.octavo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Runs the strips of a kernel on several threads of the caller's {@link Executor}, with scratch
 * kept from run to run. The bits do not depend on the number of threads.
 *
 * <p>The calling thread always takes part, so a run finishes even if the executor is busy or
 * refuses, and may be called from one of its own threads. One {@code Parallel} serves one run at a
 * time. The segments and the kernel's arena must be accessible to all threads (shared, automatic,
 * global or heap).
 *
 * <p>Layers follow each other within microseconds, and a sleeping thread takes tens of them to
 * wake. So after a run each helper keeps its thread, and looks out for the next run, for a little
 * while ({@link #LINGER} unless told otherwise; not at all if there are more threads than
 * processors).
 */
public final class Parallel implements AutoCloseable {
  /**
   * How long helpers look out for the next run: some times what waking them would take, so that
   * small layers and a host's own work fit between two runs.
   */
  public static final Duration LINGER = Duration.ofNanos(200_000);

  private final Crew crew;
  private final MemorySegment[] scratch;
  private final Arena[] arenas;

  /**
   * Runs on the caller's thread and up to {@code threads} − 1 tasks of an executor.
   *
   * @param threads at least 1
   */
  public Parallel(Executor executor, int threads) {
    this(executor, threads, LINGER);
  }

  /**
   * The same, with helpers that linger for longer or shorter.
   *
   * @param linger how long a helper keeps its thread busy after its last run, looking out for the
   *     next; zero gives it back at once
   */
  public Parallel(Executor executor, int threads, Duration linger) {
    Objects.requireNonNull(executor, "executor");
    Checks.atLeast("threads", threads, 1);
    if (linger.isNegative() || linger.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new IllegalArgumentException("helpers linger from zero to one second, not " + linger);
    }
    boolean crowded = threads > Runtime.getRuntime().availableProcessors();
    this.crew = new Crew(executor, threads, crowded ? 0 : linger.toNanos());
    this.scratch = new MemorySegment[threads];
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
    } else {
      crew.run(
          strips,
          threads,
          (member, first, last) ->
              kernel.run(shape, input, output, lhs, scratch[member], first, last));
    }
  }

  /** Runs a whole kernel without run-time lhs parameters. */
  public void run(Kernel kernel, Shape shape, MemorySegment input, MemorySegment output) {
    run(kernel, shape, input, output, null);
  }

  /**
   * Shares any other work among the same threads: what a host does between two kernels.
   *
   * @param parts how often {@code part} is called, with 0, 1, 2, … in any order, on any of the
   *     threads; what one call throws is thrown here, and parts not yet begun are left out
   */
  public void forEach(long parts, LongConsumer part) {
    Objects.requireNonNull(part, "part");
    crew.run(
        Checks.atLeast("parts", parts, 0),
        Math.clamp(parts, 1, scratch.length),
        (member, first, last) -> {
          for (long i = first; i < last; i++) {
            part.accept(i);
          }
        });
  }

  /** Frees the scratch, and lets helpers go. */
  @Override
  public void close() {
    crew.dismiss();
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
}
