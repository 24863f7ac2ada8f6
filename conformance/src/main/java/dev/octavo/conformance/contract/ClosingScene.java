package dev.octavo.conformance.contract;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Spec;
import dev.octavo.conformance.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A kernel that one thread runs over and over, while another closes an arena that it needs. */
final class ClosingScene {
  /** What lies in the arena that is closed. */
  enum Owner {
    KERNEL,
    INPUT,
    OUTPUT,
    SCRATCH,
    PARAMETERS,
    EVERYTHING
  }

  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final Arena closing = Arena.ofShared();
  private final Arena rest = Arena.ofShared();
  private final Owner owner;
  private final Problem problem;
  private final Kernel kernel;
  private final MemorySegment input;
  private final MemorySegment output;
  private final MemorySegment scratch;
  private final LhsParameters lhs;
  private final CountDownLatch ranOnce = new CountDownLatch(1);
  private final AtomicReference<Throwable> end = new AtomicReference<>();
  private volatile boolean stopped;

  private ClosingScene(Backend backend, Problem problem, Owner owner) {
    this.problem = problem;
    this.owner = owner;
    this.kernel = backend.prepare(problem.spec(), problem.filter().onHeap(), arena(Owner.KERNEL));
    byte[] bytes = problem.input();
    this.input = arena(Owner.INPUT).allocate(bytes.length, 4);
    input.copyFrom(MemorySegment.ofArray(bytes));
    this.output = arena(Owner.OUTPUT).allocate(kernel.outputBytes(problem.shape()), 4);
    this.scratch = arena(Owner.SCRATCH).allocate(kernel.scratchBytes(problem.shape()), 64);
    Arena parameters = arena(Owner.PARAMETERS);
    long count = Math.max(1, problem.outputGrid().extents()[0]) * (long) Integer.BYTES;
    this.lhs = new LhsParameters(parameters.allocate(count, 4), parameters.allocate(count, 4));
  }

  private Arena arena(Owner part) {
    return owner == part || owner == Owner.EVERYTHING ? closing : rest;
  }

  /** Plays it: the runner ends with an exception that says so, and nobody can run any more. */
  static void play(Backend backend, Problem problem, Owner owner) throws InterruptedException {
    ClosingScene scene = new ClosingScene(backend, problem, owner);
    try {
      if (scene.needed()) {
        scene.play();
      }
    } finally {
      scene.rest.close();
    }
  }

  private boolean needed() {
    return kernel.strips(problem.shape()) > 0
        && switch (owner) {
          case SCRATCH -> scratch.byteSize() > 0;
          case PARAMETERS -> parameters(problem.spec());
          default -> true;
        };
  }

  private static boolean parameters(Spec spec) {
    return switch (spec) {
      case GemmSpec g -> !(g.lhs() instanceof LhsQuantization.Fixed);
      case ConvSpec c -> !(c.lhs() instanceof LhsQuantization.Fixed);
      default -> spec instanceof DynamicQuantizeSpec;
    };
  }

  private void play() throws InterruptedException {
    Thread runner = Thread.ofPlatform().daemon().name("runner").start(this::runOverAndOver);
    ranOnce.await();
    close(runner);
    runner.join(PATIENCE_NANOS / 1_000_000);
    stopped = true;
    runner.join();
    assertInstanceOf(IllegalStateException.class, end.get(), this::toString);
    assertThrows(IllegalStateException.class, this::run, this::toString);
  }

  private void runOverAndOver() {
    try {
      while (!stopped) {
        run();
        ranOnce.countDown();
      }
    } catch (Throwable t) {
      end.set(t);
    } finally {
      ranOnce.countDown();
    }
  }

  private void run() {
    kernel.run(problem.shape(), input, output, lhs, scratch, 0, kernel.strips(problem.shape()));
  }

  /** As long as a native kernel is inside, the arena says that it is in use. */
  private void close(Thread runner) {
    long limit = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        closing.close();
        return;
      } catch (IllegalStateException inUse) {
        assertTrue(runner.isAlive(), () -> "in use by nobody: " + inUse + ", " + this);
        assertTrue(System.nanoTime() < limit, () -> "in use without end: " + this);
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public String toString() {
    return kernel.plan() + ", " + problem + ", closing the arena of " + owner;
  }
}
