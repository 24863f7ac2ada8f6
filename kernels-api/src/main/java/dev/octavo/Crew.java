package dev.octavo;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that share the parts of one piece of work after the other: the caller and some helpers,
 * which are tasks of the caller's executor.
 *
 * <p>To wake a sleeping thread takes tens of microseconds, longer than many a layer. So a helper
 * that has nothing left to do lingers for a while before its task ends, and the next piece of work
 * finds it awake; and a caller that waits for the last part looks for a while before it sleeps.
 *
 * <p>Parts are handed out by a counter, in stretches that get shorter towards the end: long ones,
 * because neighbours are cheaper together; short ones, so that all finish at about the same time.
 */
final class Crew {
  /** Some parts of a piece of work. */
  interface Work {
    void run(int member, long first, long last);
  }

  /** Nanoseconds that a caller looks before it sleeps: the longest that one strip should take. */
  private static final long PATIENCE = 200_000;

  /** A stretch is what is left, divided by this times the members. */
  private static final int STRETCHES = 2;

  private static final int AWAY = 0;
  private static final int PRESENT = 1;

  private final Executor executor;
  private final long linger;

  /** By member: whether its task is queued or running. */
  private final AtomicIntegerArray helpers;

  /** What there is to do, or null. */
  private volatile Job posted;

  private volatile boolean dismissed;

  /**
   * A crew.
   *
   * @param members at least 1, the caller among them
   * @param linger nanoseconds
   */
  Crew(Executor executor, int members, long linger) {
    this.executor = executor;
    this.helpers = new AtomicIntegerArray(members);
    this.linger = linger;
  }

  /** Does parts [0, parts) with at most so many members; throws what one of them threw. */
  void run(long parts, int members, Work work) {
    Job job = new Job(work, parts, members, Thread.currentThread());
    dismissed = false;
    posted = job;
    for (int m = 1; m < members; m++) {
      if (helpers.compareAndSet(m, AWAY, PRESENT) && !summon(m)) {
        break; // fewer hands; the caller's are enough
      }
    }
    job.work(0);
    posted = null;
    job.awaitHelpers();
    job.rethrow();
  }

  /** Sends helpers that linger back to their executor. */
  void dismiss() {
    dismissed = true;
  }

  private boolean summon(int member) {
    try {
      executor.execute(() -> attend(member));
      return true;
    } catch (RejectedExecutionException e) {
      helpers.set(member, AWAY);
      return false;
    }
  }

  /** A helper's task. Whoever posts a job either finds it present, or summons it anew. */
  private void attend(int member) {
    Job last = null;
    do {
      last = helpAndLinger(member, last);
      helpers.set(member, AWAY);
    } while (isNews(posted, last) && helpers.compareAndSet(member, AWAY, PRESENT));
  }

  private static boolean isNews(Job job, Job last) {
    return job != null && job != last;
  }

  /** Helps until there was nothing to do for a while; returns the last job that was seen. */
  private Job helpAndLinger(int member, Job before) {
    Job last = before;
    long until = System.nanoTime() + linger;
    do {
      Job job = posted;
      if (isNews(job, last)) {
        last = job;
        job.help(member);
        if (job.caller == Thread.currentThread()) {
          return last; // an executor that runs tasks on the spot: the caller has to go on
        }
        until = System.nanoTime() + linger;
      } else {
        Thread.onSpinWait();
      }
    } while (!dismissed && System.nanoTime() - until < 0);
    return last;
  }

  /**
   * One piece of work. A helper that comes after the last part was taken finds nothing and touches
   * nothing, so the caller waits only for helpers that hold parts.
   */
  private static final class Job {
    final Work work;
    final long parts;
    final int members;
    final Thread caller;
    final AtomicLong next = new AtomicLong();
    final AtomicInteger helping = new AtomicInteger();
    final AtomicReference<Throwable> failure = new AtomicReference<>();
    volatile boolean asleep;

    Job(Work work, long parts, int members, Thread caller) {
      this.work = work;
      this.parts = parts;
      this.members = members;
      this.caller = caller;
    }

    void help(int member) {
      if (member >= members) {
        return; // of an earlier, longer job
      }
      helping.incrementAndGet(); // before the first part is taken: see awaitHelpers()
      work(member);
      if (helping.decrementAndGet() == 0 && asleep) {
        LockSupport.unpark(caller);
      }
    }

    void awaitHelpers() {
      long until = System.nanoTime() + PATIENCE;
      while (helping.get() > 0) {
        if (System.nanoTime() - until < 0) {
          Thread.onSpinWait();
        } else {
          asleep = true;
          if (helping.get() > 0) {
            LockSupport.park(this);
          }
        }
      }
    }

    void work(int member) {
      try {
        for (long first = next.get(); first < parts; first = next.get()) {
          long last = first + Math.max(1, (parts - first) / (STRETCHES * (long) members));
          if (next.compareAndSet(first, last)) {
            work.run(member, first, last);
          }
        }
      } catch (Throwable t) { // even an Error: a part that was not done must not pass unseen
        failure.compareAndSet(null, t);
        next.set(parts); // nobody needs to go on
      }
    }

    void rethrow() {
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable t -> throw new AssertionError(t); // work declares no checked exceptions
      }
    }
  }
}
