package dev.octavo.conformance;

import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Weights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/**
 * One problem on one backend, under given circumstances. Before the run each cell of the output
 * holds the complement of what it must hold afterwards, so a cell that is never written cannot look
 * right; the weights are overwritten and freed once the kernel is prepared; and scratch is full of
 * dirt before every piece of the work. Several threads use the kernel on pieces of one output, or
 * each on an output of its own; the answer is then the first that is wrong.
 */
final class Run {
  /** What scratch is soiled with: all before the first piece, its beginning before others. */
  private static final MemorySegment DIRT = dirt();

  private static MemorySegment dirt() {
    byte[] bytes = new byte[1 << 16];
    new SplittableRandom(bytes.length).nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }

  private final Problem problem;
  private final Circumstances circumstances;
  private final Answer expected;
  private final byte[] before;
  private final RandomGenerator random;

  private Run(Problem problem, Circumstances circumstances, Answer expected, byte[] before) {
    this.problem = problem;
    this.circumstances = circumstances;
    this.expected = expected;
    this.before = before;
    this.random = circumstances.random();
  }

  /** What the output holds before a run: in each cell the complement of the answer. */
  static byte[] before(Problem problem, Answer expected) {
    return problem.outputGrid().complement(expected.output());
  }

  static Outcome of(
      Problem problem,
      Circumstances circumstances,
      Answer expected,
      byte[] before,
      Backend backend) {
    Optional<Plan> plan = Optional.empty();
    try (Walls walls = circumstances.threads() == 1 ? Walls.confined() : Walls.shared()) {
      Kernel kernel = prepare(problem, circumstances, backend, walls);
      plan = Optional.of(kernel.plan(problem.shape()));
      Answer answer = new Run(problem, circumstances, expected, before).on(kernel, walls);
      return new Outcome(backend, plan, Optional.of(answer), Optional.empty());
    } catch (Exception | AssertionError | StackOverflowError e) {
      return new Outcome(backend, plan, Optional.empty(), Optional.of(e));
    }
  }

  /** A kernel whose weights are gone. */
  static Kernel prepare(
      Problem problem, Circumstances circumstances, Backend backend, Walls kernelWalls) {
    byte[] bytes = problem.filter().bytes();
    Residence residence = circumstances.weights();
    try (Walls weightWalls = Walls.confined()) {
      MemorySegment data = copy(MemorySegment.ofArray(bytes), residence, weightWalls, 1);
      Weights weights = problem.filter().on(data);
      GuardArena arena =
          residence == Residence.WALL_BEFORE ? kernelWalls.before() : kernelWalls.after();
      Kernel kernel = backend.prepare(problem.spec(), weights, arena);
      data.fill((byte) 0x77);
      return kernel;
    }
  }

  /** What a run writes, and the run-time parameters that it reads. */
  private record Target(MemorySegment output, LhsParameters lhs) {}

  private Answer on(Kernel kernel, Walls walls) {
    MemorySegment input =
        copy(
            MemorySegment.ofArray(problem.input()),
            circumstances.input(),
            walls,
            problem.spec().inputType().bytes());
    long strips = kernel.strips(problem.shape());
    int threads = circumstances.threads();
    boolean together = threads == 1 || strips > 1 && random.nextBoolean();
    List<Target> targets = new ArrayList<>();
    List<Runnable> crew = new ArrayList<>();
    Queue<long[]> pieces = new ConcurrentLinkedQueue<>();
    for (int thread = 0; thread < threads; thread++) {
      if (thread == 0 || !together) {
        targets.add(new Target(output(walls), parameters(walls)));
        pieces = new ConcurrentLinkedQueue<>(pieces(strips));
      }
      Target target = targets.getLast();
      Queue<long[]> mine = pieces;
      long dirt = random.nextLong();
      crew.add(() -> work(kernel, input, target, mine, walls, dirt));
    }
    Crew.run(crew);
    if (input.mismatch(MemorySegment.ofArray(problem.input())) != -1) {
      throw new AssertionError("the input was written");
    }
    Target first = targets.getFirst();
    return targets.stream()
        .map(this::answer)
        .filter(answer -> !expected.same(answer, problem.outputGrid()))
        .findFirst()
        .orElseGet(() -> answer(first));
  }

  /** Takes pieces of the work until none are left, on scratch that is dirty every time. */
  private void work(
      Kernel kernel,
      MemorySegment input,
      Target target,
      Queue<long[]> pieces,
      Walls walls,
      long seed) {
    Shape shape = problem.shape();
    MemorySegment scratch = circumstances.scratch().allocate(walls, kernel.scratchBytes(shape), 1);
    RandomGenerator offsets = new SplittableRandom(seed);
    long soiled = scratch.byteSize();
    for (long[] piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      soil(scratch.asSlice(0, soiled), offsets);
      soiled = Math.min(soiled, DIRT.byteSize());
      kernel.run(shape, input, target.output, target.lhs, scratch, piece[0], piece[1]);
    }
  }

  private static void soil(MemorySegment segment, RandomGenerator offsets) {
    long at = 0;
    while (at < segment.byteSize()) {
      long start = offsets.nextLong(DIRT.byteSize() / 2);
      long bytes = Math.min(DIRT.byteSize() - start, segment.byteSize() - at);
      MemorySegment.copy(DIRT, start, segment, at, bytes);
      at += bytes;
    }
  }

  private Answer answer(Target target) {
    boolean written = problem.spec() instanceof DynamicQuantizeSpec;
    return new Answer(
        target.output.toArray(ValueLayout.JAVA_BYTE),
        written ? target.lhs.scales().toArray(ValueLayout.JAVA_FLOAT) : expected.scales(),
        written ? target.lhs.zeroPoints().toArray(ValueLayout.JAVA_INT) : expected.zeroPoints());
  }

  private MemorySegment output(Walls walls) {
    int elementBytes = problem.spec().outputType().bytes();
    return copy(MemorySegment.ofArray(before), circumstances.output(), walls, elementBytes);
  }

  /**
   * Run-time parameters; null, as the API allows, where the spec neither reads nor writes any, and
   * sometimes without scales where its output needs none.
   */
  private LhsParameters parameters(Walls walls) {
    boolean written = problem.spec() instanceof DynamicQuantizeSpec;
    boolean read =
        switch (problem.spec()) {
          case GemmSpec g -> !(g.lhs() instanceof LhsQuantization.Fixed);
          case ConvSpec c -> !(c.lhs() instanceof LhsQuantization.Fixed);
          default -> false;
        };
    if (!written && !read) {
      return null;
    }
    long count = written ? expected.scales().length : problem.lhsZeroPoints().length;
    Residence residence = circumstances.input();
    boolean scaled = written || problem.spec().outputType() == ElementType.F32;
    MemorySegment scales =
        scaled || random.nextBoolean()
            ? residence.allocate(walls, count * Float.BYTES, Float.BYTES)
            : MemorySegment.NULL;
    MemorySegment zeroPoints = residence.allocate(walls, count * Integer.BYTES, Integer.BYTES);
    if (read) {
      if (scales.byteSize() > 0) {
        scales.copyFrom(MemorySegment.ofArray(problem.lhsScales()));
      }
      zeroPoints.copyFrom(MemorySegment.ofArray(problem.lhsZeroPoints()));
    }
    return new LhsParameters(scales, zeroPoints);
  }

  /** A partition of [0, strips), in random order; sometimes with an empty piece. */
  private List<long[]> pieces(long strips) {
    List<long[]> pieces = new ArrayList<>();
    long from = 0;
    while ((circumstances.inPieces() || circumstances.threads() > 1)
        && from < strips
        && pieces.size() < 64) {
      long to = from + random.nextLong(0, Math.min(strips - from, 1 + strips / 3) + 1);
      pieces.add(new long[] {from, to});
      from = to;
    }
    pieces.add(new long[] {from, strips});
    Collections.shuffle(pieces, Random.from(random));
    return pieces;
  }

  private static MemorySegment copy(
      MemorySegment from, Residence residence, Walls walls, int elementBytes) {
    return residence.allocate(walls, from.byteSize(), elementBytes).copyFrom(from);
  }
}
