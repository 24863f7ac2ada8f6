package dev.octavo.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;

/**
 * What other processes of this machine are doing: times taken beside them are not to be trusted.
 */
public final class OtherWork {

  private static final long LOOK_NANOS = 500_000_000;

  private OtherWork() {}

  /**
   * How many processors others keep busy, 1.5 for instance, seen over half a second in which this
   * process does next to nothing; empty where the system does not say.
   */
  public static OptionalDouble processors() {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
      return OptionalDouble.empty();
    }
    system.getCpuLoad(); // it tells what was since the last question
    long own = system.getProcessCpuTime();
    long start = System.nanoTime();
    long left = LOOK_NANOS;
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = LOOK_NANOS - (System.nanoTime() - start);
    }
    double all = system.getCpuLoad() * system.getAvailableProcessors();
    double ours = (system.getProcessCpuTime() - own) / (double) (System.nanoTime() - start);
    return all < 0 || Double.isNaN(all)
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.max(0, all - Math.max(0, ours)));
  }
}
