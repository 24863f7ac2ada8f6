package dev.octavo.bench.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Waits until nothing is computed in this process. Engines with threads of their own leave them
 * spinning after a run, libgomp for some milliseconds, in the hope of the next one; whoever's turn
 * comes next would have to share the processors with them, and goes on doing so afterwards, since
 * Linux moves a thread that it woke beside another one only after many milliseconds.
 *
 * <p>Looks at the states of the threads: processor time, as the JVM tells it of a process, comes in
 * steps of ten milliseconds.
 */
final class Stillness {

  private static final Path THREADS = Path.of("/proc/self/task");

  /** Looks after so long. */
  private static final long LOOK_NANOS = 1_000_000;

  /** So often in a row nobody else must run. */
  private static final int LOOKS = 3;

  /** Gives up then: something runs that does not wait for us. */
  private static final long LONGEST_NANOS = 100_000_000;

  private Stillness() {}

  /** Returns when it is still, or after 100 ms. */
  static void await() {
    await(Stillness::running, System::nanoTime, () -> LockSupport.parkNanos(LOOK_NANOS));
  }

  /**
   * The same in another process.
   *
   * @param running how many threads other than the caller's run, or wait for a processor
   * @param clock nanoseconds
   * @param pause lets some time go by
   */
  static void await(IntSupplier running, LongSupplier clock, Runnable pause) {
    long start = clock.getAsLong();
    int still = 0;
    while (still < LOOKS && clock.getAsLong() - start < LONGEST_NANOS) {
      pause.run();
      still = running.getAsInt() <= 0 ? still + 1 : 0;
    }
  }

  /** Other threads of this process in state R; 0 where the system does not tell. */
  static int running() {
    int count = -1; // the caller's is one of them
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        count += isRunning(thread) ? 1 : 0;
      }
      return count;
    } catch (IOException e) {
      return 0;
    }
  }

  private static boolean isRunning(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat")); // number (name) state …
      return stat.startsWith(") R", stat.lastIndexOf(')'));
    } catch (IOException e) {
      return false; // it has ended
    }
  }
}
