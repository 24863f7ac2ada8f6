package dev.octavo.conformance.contract;

import dev.octavo.Backend;
import dev.octavo.Kernel;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.problems.Draft;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.LargeDrafts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * What threads may do to each other: nothing. Kernels are prepared and run at the same time, and
 * handed from one thread to another without any ceremony; an arena that is closed under a running
 * kernel is an exception, never a crash.
 */
public interface ConcurrencyContract extends Contract {
  /** Kernels that threads pass on to each other. */
  final class Exchange {
    /** Neither volatile nor locked: a kernel must be whole even to a thread that races to it. */
    private Kernel latest;

    private Exchange(Kernel first) {
      latest = first;
    }
  }

  /** Preparing and running at once, each thread with the kernel that somebody prepared last. */
  @Property(tries = 40)
  default void kernelsArePreparedAndRunAtOnce(@ForAll("drafts") Draft draft) throws Exception {
    Problem problem = draft.problem();
    for (Backend backend : Host.able(backends(), problem.spec())) {
      try (Host host = new Host(backend, problem);
          Arena arena = Arena.ofShared();
          ExecutorService threads = Executors.newFixedThreadPool(3)) {
        MemorySegment expected = host.output(Host.BETWEEN);
        host.run(expected, 0, host.strips());
        Exchange exchange = new Exchange(host.kernel());
        CyclicBarrier start = new CyclicBarrier(3);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
          all.add(
              threads.submit(
                  () -> {
                    start.await();
                    takeTurns(backend, problem, host, exchange, arena, Host.bytes(expected));
                    return null;
                  }));
        }
        for (Future<?> one : all) {
          wait(one);
        }
      }
    }
  }

  private static void takeTurns(
      Backend backend,
      Problem problem,
      Host host,
      Exchange exchange,
      Arena arena,
      byte[] expected) {
    for (int turn = 0; turn < 8; turn++) {
      Kernel kernel = exchange.latest;
      byte[] got = host.runOn(kernel);
      Host.same("preparing and running at once", backend, problem, expected, got);
      exchange.latest = backend.prepare(problem.spec(), problem.filter().onHeap(), arena);
    }
  }

  private static void wait(Future<?> future) throws Exception {
    try {
      future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError error) {
        throw error;
      }
      throw e;
    }
  }

  /** The arena of the kernel, of an operand, or of everything, closed while another thread runs. */
  @Property(tries = 25)
  default void anArenaThatIsClosedUnderARunIsAnException(
      @ForAll("long runs") Draft draft, @ForAll ClosingScene.Owner owner) throws Exception {
    Problem problem = draft.problem();
    for (Backend backend : Host.able(backends(), problem.spec())) {
      ClosingScene.play(backend, problem, owner);
    }
  }

  @Provide
  default Arbitrary<Draft> drafts() {
    return Drafts.any(tiles());
  }

  @Provide("long runs")
  default Arbitrary<Draft> longRuns() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Drafts.any(tiles())), Tuple.of(1, LargeDrafts.any()));
  }
}
