package dev.octavo.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Waits until nothing is computed in this process. Engines with threads of their own leave them
 * spinning after a run, libgomp for some milliseconds, in the hope of the next one; whoever's turn
 * comes next would have to share the processors with them.
 */
final class Stillness {

  /** Looks at the processors' time after so long. */
  private static final long LOOK_NANOS = 1_000_000;

  /** Stands still: processors' time, as a part of the time that went by. */
  private static final double STILL = 0.3;

  /** Gives up then: something runs that does not wait for us. */
  private static final long LONGEST_NANOS = 50_000_000;

  private Stillness() {}

  /** Returns when it is still, or after 50 ms. */
  static void await() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      await(system::getProcessCpuTime, System::nanoTime, () -> LockSupport.parkNanos(LOOK_NANOS));
    }
  }

  /**
   * The same with other clocks.
   *
   * @param used nanoseconds that the process has used of all processors
   * @param clock nanoseconds
   * @param pause lets some time go by
   */
  static void await(LongSupplier used, LongSupplier clock, Runnable pause) {
    long start = clock.getAsLong();
    long now = start;
    double busy;
    do {
      long before = now;
      long usedBefore = used.getAsLong();
      pause.run();
      now = clock.getAsLong();
      busy = (used.getAsLong() - usedBefore) / (double) Math.max(1, now - before);
    } while (busy > STILL && now - start < LONGEST_NANOS);
  }
}
