package dev.octavo.conformance;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Parallel;
import dev.octavo.Spec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Runs a problem on a backend as a host would, and expects nothing: for laws that compare runs with
 * each other and so need no oracle.
 */
public final class Host implements AutoCloseable {
  /** What lies between the cells of an output before a run, and must lie there after it. */
  public static final byte BETWEEN = Answer.BETWEEN;

  private final Arena arena = Arena.ofShared();
  private final Problem problem;
  private final Kernel kernel;
  private final MemorySegment input;
  private final LhsParameters lhs;

  /** Prepares a problem on a backend. */
  public Host(Backend backend, Problem problem) {
    this.problem = problem;
    this.kernel = backend.prepare(problem.spec(), problem.filter().onHeap(), arena);
    this.input = copy(MemorySegment.ofArray(problem.input()));
    int written =
        problem.spec() instanceof DynamicQuantizeSpec ? 1 + problem.outputGrid().extents()[0] : 0;
    this.lhs =
        new LhsParameters(
            copy(
                MemorySegment.ofArray(
                    Arrays.copyOf(
                        problem.lhsScales(), Math.max(written, problem.lhsScales().length)))),
            copy(
                MemorySegment.ofArray(
                    Arrays.copyOf(
                        problem.lhsZeroPoints(),
                        Math.max(written, problem.lhsZeroPoints().length)))));
  }

  /** The backends that run here and do a spec. */
  public static List<Backend> able(List<Backend> backends, Spec spec) {
    return backends.stream()
        .filter(b -> !(b.availability() instanceof Availability.Unusable))
        .filter(b -> b.refusal(spec).isEmpty())
        .toList();
  }

  /** The output of a problem on a backend. */
  public static byte[] run(Backend backend, Problem problem) {
    Coverage.countRun(backend);
    try (Host host = new Host(backend, problem)) {
      MemorySegment output = host.output(BETWEEN);
      host.run(output, 0, host.strips());
      return bytes(output);
    }
  }

  /** The kernel. */
  public Kernel kernel() {
    return kernel;
  }

  /** How many strips the work has. */
  public long strips() {
    return kernel.strips(problem.shape());
  }

  /** An output full of one byte. */
  public MemorySegment output(byte fill) {
    int element = problem.spec().outputType().bytes();
    return arena.allocate(problem.outputGrid().bytes(), element).fill(fill);
  }

  /** Runs strips [first, last) on scratch full of dirt. */
  public void run(MemorySegment output, long first, long last) {
    try (Arena mine = Arena.ofConfined()) {
      MemorySegment scratch =
          mine.allocate(kernel.scratchBytes(problem.shape()), 64).fill((byte) first);
      kernel.run(problem.shape(), input, output, lhs, scratch, first, last);
    }
  }

  /** The output of another kernel of the same problem, on operands of its own. */
  public byte[] runOn(Kernel other) {
    try (Arena mine = Arena.ofConfined()) {
      int element = problem.spec().outputType().bytes();
      MemorySegment output = mine.allocate(problem.outputGrid().bytes(), element).fill(BETWEEN);
      MemorySegment scratch = mine.allocate(other.scratchBytes(problem.shape()), 64);
      LhsParameters own =
          problem.spec() instanceof DynamicQuantizeSpec
              ? new LhsParameters(
                  mine.allocate(lhs.scales().byteSize(), 4),
                  mine.allocate(lhs.zeroPoints().byteSize(), 4))
              : lhs;
      long strips = other.strips(problem.shape());
      other.run(problem.shape(), input, output, own, scratch, 0, strips);
      return bytes(output);
    }
  }

  /** Runs everything on several threads of an executor, as a host that does not care would. */
  public void runInParallel(MemorySegment output, Executor executor, int threads) {
    try (Parallel parallel = new Parallel(executor, threads)) {
      parallel.run(kernel, problem.shape(), input, output, lhs);
    }
  }

  /** The bytes of an output. */
  public static byte[] bytes(MemorySegment output) {
    return output.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Fails, naming the first different cell, unless two outputs of a problem are the same bits. */
  public static void same(
      String law, Backend backend, Problem problem, byte[] expected, byte[] got) {
    int[] none = {};
    float[] noScales = {};
    if (!Arrays.equals(expected, got)) {
      Outcome outcome =
          new Outcome(
              backend,
              java.util.Optional.of(backend.plan(problem.spec())),
              java.util.Optional.of(new Answer(got, noScales, none)),
              java.util.Optional.empty());
      Diagnosis.of(
              problem, Circumstances.PLAIN, new Answer(expected, noScales, none), List.of(outcome))
          .ifPresent(
              diagnosis -> {
                throw new AssertionError(law + System.lineSeparator() + diagnosis);
              });
    }
  }

  private MemorySegment copy(MemorySegment heap) {
    return arena.allocate(heap.byteSize(), 4).copyFrom(heap);
  }

  @Override
  public void close() {
    arena.close();
  }
}
