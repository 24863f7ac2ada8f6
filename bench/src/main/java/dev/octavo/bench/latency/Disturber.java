package dev.octavo.bench.latency;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that allocates, asks for a cheap safepoint a thousand times a second or so, and for a
 * whole collection now and then.
 */
final class Disturber {
  private static final int GARBAGE_BYTES = 1 << 16;
  private static final int COLLECT_EVERY = 200;
  private static final long PAUSE_NANOS = 300_000;

  private final Thread thread = new Thread(this::disturb, "disturber");
  private volatile boolean stopped;
  private volatile Object garbage;

  Disturber() {
    thread.setDaemon(true);
    thread.start();
  }

  private void disturb() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (int i = 1; !stopped; i++) {
      garbage = new byte[GARBAGE_BYTES];
      threads.findDeadlockedThreads(); // stops every thread, and does next to nothing then
      if (i % COLLECT_EVERY == 0) {
        System.gc();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    garbage = null;
  }
}
