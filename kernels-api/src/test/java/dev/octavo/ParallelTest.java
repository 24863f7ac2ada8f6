package dev.octavo;

import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Fakes.FakeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every strip once, whatever the executor does; and failures come home. */
@Timeout(60)
class ParallelTest {
  private static final int STRIPS = 100;
  private static final RequantizeSpec SPEC =
      RequantizeSpec.of(1, Output.Requantized.onnx(ElementType.U8, 1f, Scales.ONE, 1f, 0));
  private static final Shape SHAPE = SPEC.elements(1, 8);

  private final ExecutorService pool = Executors.newFixedThreadPool(4);
  private final MemorySegment input = MemorySegment.ofArray(new int[8]);
  private final MemorySegment output = MemorySegment.ofArray(new byte[8]);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 9, 200})
  void everyStripIsRunOnce(int threads) {
    FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), STRIPS, 100);
    try (Parallel parallel = new Parallel(pool, threads)) {
      for (int times = 1; times <= 20; times++) {
        parallel.run(kernel, SHAPE, input, output);
        assertEquals(Collections.nCopies(STRIPS, times), kernel.counts());
      }
    }
  }

  @Test
  void noStripsIsNoWork() {
    FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), 0, 0);
    try (Parallel parallel = new Parallel(pool, 4)) {
      parallel.run(kernel, SHAPE, input, output);
    }
    assertEquals(0, kernel.reached());
  }

  /** Two threads that meet in their strips: more than one really works. */
  @Test
  void theThreadsWorkAtTheSameTime() {
    FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), 2, 0);
    CountDownLatch both = new CountDownLatch(2);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    kernel.onStrip =
        s -> {
          seen.add(Thread.currentThread());
          both.countDown();
          await(both);
        };
    try (Parallel parallel = new Parallel(pool, 2)) {
      parallel.run(kernel, SHAPE, input, output);
    }
    assertEquals(2, seen.size());
    assertTrue(seen.contains(Thread.currentThread()));
  }

  /** A helper that went away, or was refused once, is asked again. */
  @Test
  void helpersComeBack() throws Exception {
    for (boolean refuses : new boolean[] {true, false}) {
      AtomicReference<Future<?>> helper = new AtomicReference<>();
      Executor executor =
          task -> {
            if (refuses && helper.compareAndSet(null, CompletableFuture.completedFuture(null))) {
              throw new RejectedExecutionException("not now");
            }
            helper.set(pool.submit(task));
          };
      try (Parallel parallel = new Parallel(executor, 2, Duration.ZERO)) {
        parallel.forEach(2, i -> {});
        for (int times = 0; times < 20; times++) {
          helper.get().get(); // gone, since it does not linger
          CountDownLatch both = new CountDownLatch(2);
          parallel.forEach(
              2,
              i -> {
                both.countDown();
                await(both);
              });
        }
      }
    }
  }

  @Test
  void anExecutorThatRefusesOrNeverRunsIsNoObstacle() {
    Executor refusing =
        task -> {
          throw new RejectedExecutionException("closed");
        };
    List<Runnable> never = new ArrayList<>();
    for (Executor executor : List.of(refusing, never::add, (Executor) Runnable::run)) {
      FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), STRIPS, 8);
      try (Parallel parallel = new Parallel(executor, 4)) {
        parallel.run(kernel, SHAPE, input, output);
      }
      assertEquals(Collections.nCopies(STRIPS, 1), kernel.counts());
    }
    assertEquals(3, never.size());
  }

  /** A task that starts when the run is long over must find nothing to do. */
  @Test
  void helpersThatComeLateTouchNothing() {
    List<Runnable> late = new ArrayList<>();
    FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), STRIPS, 8);
    try (Parallel parallel = new Parallel(late::add, 3)) {
      parallel.run(kernel, SHAPE, input, output);
    }
    late.forEach(Runnable::run);
    assertEquals(Collections.nCopies(STRIPS, 1), kernel.counts());
  }

  @Test
  void mayBeCalledFromATaskOfItsOwnBusyExecutor() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), STRIPS, 8);
    try (Parallel parallel = new Parallel(one, 4)) {
      one.submit(() -> parallel.run(kernel, SHAPE, input, output)).get(30, TimeUnit.SECONDS);
    } finally {
      one.shutdownNow();
    }
    assertEquals(Collections.nCopies(STRIPS, 1), kernel.counts());
  }

  /** Also an Error, and also from a helper: an unwritten strip must not pass unseen. */
  @Test
  void whatAStripThrowsReachesTheCaller() {
    for (Throwable thrown :
        List.of(new IllegalStateException("broken"), new StackOverflowError("deep"))) {
      for (boolean inHelper : new boolean[] {false, true}) {
        FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), 2, 0);
        CountDownLatch both = new CountDownLatch(2);
        Thread caller = Thread.currentThread();
        kernel.onStrip =
            s -> {
              both.countDown();
              await(both); // so that each thread has one of the two strips
              if (inHelper != (Thread.currentThread() == caller)) {
                ParallelTest.<RuntimeException>sneak(thrown);
              }
            };
        try (Parallel parallel = new Parallel(pool, 2)) {
          Throwable caught =
              assertThrows(Throwable.class, () -> parallel.run(kernel, SHAPE, input, output));
          assertSame(thrown, caught);
        }
      }
    }
  }

  /** The caller must not go on, and free the operands, while a helper still works on them. */
  @Test
  void aFailingCallerWaitsForItsHelpers() {
    FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), 2, 0);
    CountDownLatch both = new CountDownLatch(2);
    Thread caller = Thread.currentThread();
    AtomicBoolean helperDone = new AtomicBoolean();
    kernel.onStrip =
        s -> {
          both.countDown();
          await(both);
          if (Thread.currentThread() == caller) {
            throw new StackOverflowError("deep");
          }
          sleep(100);
          helperDone.set(true);
        };
    try (Parallel parallel = new Parallel(pool, 2)) {
      assertThrows(StackOverflowError.class, () -> parallel.run(kernel, SHAPE, input, output));
    }
    assertTrue(helperDone.get());
  }

  @Test
  void badArgumentsAreRefusedBeforeAnyStrip() {
    FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), STRIPS, 0);
    try (Parallel parallel = new Parallel(pool, 4)) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> parallel.run(kernel, SPEC.elements(1, 9), input, output));
    }
    assertEquals(0, kernel.reached());
    assertThrows(NullPointerException.class, () -> new Parallel(null, 1));
    assertEquals(
        "threads must be at least 1, not 0",
        assertThrows(IllegalArgumentException.class, () -> new Parallel(pool, 0)).getMessage());
  }

  @Test
  void helpersLingerForASecondAtMost() {
    for (long nanos : new long[] {0, 1, 1_000_000_000}) {
      try (Parallel parallel = new Parallel(pool, 2, Duration.ofNanos(nanos))) {
        parallel.forEach(3, i -> {});
      }
    }
    for (long nanos : new long[] {-1, 1_000_000_001}) {
      refused(
          "helpers linger from zero to one second, not " + Duration.ofNanos(nanos),
          () -> new Parallel(pool, 2, Duration.ofNanos(nanos)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void anyWorkIsShared(int threads) {
    try (Parallel parallel = new Parallel(pool, threads)) {
      for (int parts : new int[] {0, 1, 2, 1000}) {
        AtomicIntegerArray times = new AtomicIntegerArray(parts);
        parallel.forEach(parts, i -> times.incrementAndGet((int) i));
        for (int i = 0; i < parts; i++) {
          assertEquals(1, times.get(i));
        }
      }
      refused("parts must be at least 0, not -1", () -> parallel.forEach(-1, i -> {}));
      IllegalStateException failure = new IllegalStateException("a part");
      assertSame(
          failure,
          assertThrows(
              IllegalStateException.class,
              () ->
                  parallel.forEach(
                      10,
                      i -> {
                        throw failure;
                      })));
    }
  }

  /** Scratch stays while it is large enough, and is freed when it is replaced or at the end. */
  @Test
  void scratchIsFreed() {
    Parallel parallel = new Parallel(pool, 1);
    MemorySegment small = scratch(parallel, 10);
    assertSame(small, scratch(parallel, 10));
    assertSame(small, scratch(parallel, 9));
    MemorySegment large = scratch(parallel, 11);
    assertFalse(small.scope().isAlive());
    assertTrue(large.scope().isAlive());
    parallel.close();
    assertFalse(large.scope().isAlive());
  }

  private MemorySegment scratch(Parallel parallel, long bytes) {
    FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), STRIPS, bytes);
    parallel.run(kernel, SHAPE, input, output);
    assertEquals(1, kernel.scratches.size());
    return kernel.scratches.iterator().next();
  }

  @Test
  void scratchGrowsWithNeedAndCanBeUsedAgainAfterClose() {
    Parallel parallel = new Parallel(pool, 3);
    for (long bytes : new long[] {0, 10, 1000, 10, 100_000}) {
      FakeKernel kernel = new FakeKernel(SPEC, Arena.ofAuto(), STRIPS, bytes);
      parallel.run(kernel, SHAPE, input, output);
      assertEquals(Collections.nCopies(STRIPS, 1), kernel.counts());
      if (bytes == 1000) {
        parallel.close();
      }
    }
    parallel.close();
    parallel.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
