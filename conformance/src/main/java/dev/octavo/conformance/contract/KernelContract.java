package dev.octavo.conformance.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backend;
import dev.octavo.Kernel;
import dev.octavo.PackedLayout;
import dev.octavo.Plan;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.conformance.Cells;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.problems.Draft;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.Grown;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What every kernel keeps to, whatever it computes: strips, threads, plans, names, and the law of
 * the packed weights.
 */
public interface KernelContract extends Contract {
  /** Strips may run in any pieces, in any order, one after the other. */
  @Property(tries = 60)
  default void anyPartitionInAnyOrderGivesTheSameBits(@ForAll("drafts") Draft draft) {
    for (Backend backend : Host.able(backends(), draft.problem().spec())) {
      Problem problem = Grown.of(backend, draft);
      try (Host host = new Host(backend, problem)) {
        MemorySegment whole = host.output(Host.BETWEEN);
        host.run(whole, 0, host.strips());
        MemorySegment pieces = host.output(Host.BETWEEN);
        Strips.inPieces(host, pieces, new SplittableRandom(draft.hashCode()));
        Host.same(
            "any partition gives the same bits",
            backend,
            problem,
            Host.bytes(whole),
            Host.bytes(pieces));
      }
    }
  }

  /** Threads may share a kernel, by themselves or through {@link dev.octavo.Parallel}. */
  @Property(tries = 40)
  default void anyNumberOfThreadsMayShareOneKernel(@ForAll("drafts") Draft draft) {
    for (Backend backend : Host.able(backends(), draft.problem().spec())) {
      Problem problem = Grown.of(backend, draft);
      try (Host host = new Host(backend, problem)) {
        MemorySegment whole = host.output(Host.BETWEEN);
        host.run(whole, 0, host.strips());
        MemorySegment shared = host.output(Host.BETWEEN);
        Strips.onTwoThreads(host, shared);
        Host.same("two threads", backend, problem, Host.bytes(whole), Host.bytes(shared));
        MemorySegment parallel = host.output(Host.BETWEEN);
        host.runInParallel(parallel, ForkJoinPool.commonPool(), 3);
        Host.same("Parallel", backend, problem, Host.bytes(whole), Host.bytes(parallel));
      }
    }
  }

  /** Every cell is written by exactly one strip. */
  @Property(tries = 30)
  default void stripsWriteDisjointParts(@ForAll("drafts") Draft draft) {
    for (Backend backend : Host.able(backends(), draft.problem().spec())) {
      Problem problem = Grown.of(backend, draft);
      try (Host host = new Host(backend, problem)) {
        Strips.checkDisjoint(host, problem, () -> backend + " on " + problem);
      }
    }
  }

  /** No strips, no writing. */
  @Property(tries = 30)
  default void anEmptyIntervalWritesNothing(@ForAll("drafts") Draft draft) {
    Problem problem = draft.problem();
    for (Backend backend : Host.able(backends(), problem.spec())) {
      try (Host host = new Host(backend, problem)) {
        MemorySegment output = host.output(Host.BETWEEN);
        host.run(output, 0, 0);
        host.run(output, host.strips(), host.strips());
        byte[] untouched = Host.bytes(host.output(Host.BETWEEN));
        Host.same(
            "an empty interval writes nothing", backend, problem, untouched, Host.bytes(output));
      }
    }
  }

  /** The same spec gives the same plan, the same strips and the same scratch every time. */
  @Property(tries = 300)
  default void preparingTwiceGivesTheSamePlan(@ForAll("drafts") Draft draft) {
    Problem problem = draft.problem();
    for (Backend backend : Host.able(backends(), problem.spec())) {
      try (Arena arena = Arena.ofConfined()) {
        Weights weights = problem.filter().onHeap();
        Kernel first = backend.prepare(problem.spec(), weights, arena);
        Kernel second = backend.prepare(problem.spec(), weights, arena);
        assertEquals(first.plan(), second.plan(), () -> "two plans for " + problem.spec());
        // Before the weights are seen nobody knows whether there is a bias to keep.
        Plan before = backend.plan(problem.spec());
        assertEquals(
            withBytes(before, first.plan().packedBytes()),
            first.plan(),
            () -> "plan before and after preparing " + problem.spec());
        assertEquals(first.plan(problem.shape()), second.plan(problem.shape()));
        assertEquals(first.strips(problem.shape()), second.strips(problem.shape()));
        assertEquals(first.scratchBytes(problem.shape()), second.scratchBytes(problem.shape()));
        assertTrue(
            Grid.weights(problem.spec(), weights).count() <= first.plan().packedBytes(),
            () -> first.plan() + " does not count the weights of " + problem.spec());
        assertEquals(problem.spec(), first.spec());
        assertEquals(problem.outputGrid().bytes(), first.outputBytes(problem.shape()));
        assertEquals(problem.inputGrid().bytes(), first.inputBytes(problem.shape()));
      }
    }
  }

  private static Plan withBytes(Plan p, long packedBytes) {
    return new Plan(p.backend(), p.kernel(), p.mr(), p.nr(), p.kr(), p.layout(), packedBytes);
  }

  /** Names of kernels follow their grammar, and say what the plan says. */
  @Property(tries = 300)
  default void kernelNamesFollowTheGrammar(@ForAll("drafts") Draft draft) {
    Problem problem = draft.problem();
    for (Backend backend : Host.able(backends(), problem.spec())) {
      try (Arena arena = Arena.ofConfined()) {
        Kernel kernel = backend.prepare(problem.spec(), problem.filter().onHeap(), arena);
        for (Plan plan : List.of(kernel.plan(), kernel.plan(problem.shape()))) {
          assertEquals(backend.id(), plan.backend());
          assertEquals(Optional.empty(), KernelName.fault(plan, problem.spec()));
        }
      }
    }
  }

  /** Where a plan has a layout, each weight lies where its law says. */
  @Property(tries = 300)
  default void packedWeightsLieWhereTheLayoutSays(@ForAll("drafts") Draft draft) {
    Problem problem = draft.problem();
    for (Backend backend : Host.able(backends(), problem.spec())) {
      try (Arena arena = Arena.ofConfined()) {
        Weights weights = problem.filter().onHeap();
        Kernel kernel = backend.prepare(problem.spec(), weights, arena);
        kernel
            .plan()
            .layout()
            .ifPresent(
                layout -> readBack(backend, problem.spec(), weights, kernel.packed(), layout));
      }
    }
  }

  private static void readBack(
      Backend backend, Spec spec, Weights weights, MemorySegment packed, PackedLayout layout) {
    Grid grid = Grid.weights(spec, weights);
    int perChannel = grid.extents()[0] == 0 ? 0 : grid.count() / grid.extents()[0];
    for (int cell = 0; cell < grid.count(); cell++) {
      int[] index = grid.index(cell);
      int n = index[0];
      int k = cell % perChannel;
      int expected = Cells.integer(grid.type(), weights.data(), grid.offset(index));
      byte stored = packed.get(ValueLayout.JAVA_BYTE, layout.offset(n, k));
      assertEquals(
          (byte) expected,
          (byte) (stored ^ layout.flip()),
          () ->
              backend
                  + " stores "
                  + grid.describe(index)
                  + " elsewhere than "
                  + layout
                  + " says, "
                  + spec);
    }
  }

  @Provide
  default Arbitrary<Draft> drafts() {
    return Drafts.any(tiles());
  }
}
