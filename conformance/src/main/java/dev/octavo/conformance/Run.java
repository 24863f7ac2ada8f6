package dev.octavo.conformance;

import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
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
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * One problem on one backend, under given circumstances. Before the run each cell of the output
 * holds the complement of what it must hold afterwards, so a cell that is never written cannot look
 * right; the weights are overwritten and freed once the kernel is prepared; and scratch is full of
 * dirt before every piece of the work.
 */
final class Run {
  private final Problem problem;
  private final Circumstances circumstances;
  private final Answer expected;
  private final RandomGenerator random;

  private Run(Problem problem, Circumstances circumstances, Answer expected) {
    this.problem = problem;
    this.circumstances = circumstances;
    this.expected = expected;
    this.random = circumstances.random();
  }

  static Outcome of(
      Problem problem, Circumstances circumstances, Answer expected, Backend backend) {
    Optional<Plan> plan = Optional.empty();
    try (Walls walls = Walls.confined()) {
      Kernel kernel = prepare(problem, circumstances, backend, walls);
      plan = Optional.of(kernel.plan(problem.shape()));
      Answer answer = new Run(problem, circumstances, expected).on(kernel, walls);
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

  private Answer on(Kernel kernel, Walls walls) {
    Shape shape = problem.shape();
    MemorySegment input =
        copy(
            MemorySegment.ofArray(problem.input()),
            circumstances.input(),
            walls,
            problem.spec().inputType().bytes());
    MemorySegment output = complementOfAnswer(walls);
    LhsParameters lhs = parameters(walls);
    for (long[] piece : pieces(kernel.strips(shape))) {
      MemorySegment scratch = dirty(kernel.scratchBytes(shape), walls);
      kernel.run(shape, input, output, lhs, scratch, piece[0], piece[1]);
    }
    if (input.mismatch(MemorySegment.ofArray(problem.input())) != -1) {
      throw new AssertionError("the input was written");
    }
    boolean written = problem.spec() instanceof DynamicQuantizeSpec;
    return new Answer(
        output.toArray(ValueLayout.JAVA_BYTE),
        written ? lhs.scales().toArray(ValueLayout.JAVA_FLOAT) : expected.scales(),
        written ? lhs.zeroPoints().toArray(ValueLayout.JAVA_INT) : expected.zeroPoints());
  }

  private MemorySegment complementOfAnswer(Walls walls) {
    Grid grid = problem.outputGrid();
    MemorySegment output =
        copy(expected.segment(), circumstances.output(), walls, grid.type().bytes());
    for (int cell = 0; cell < grid.count(); cell++) {
      int offset = grid.offset(grid.index(cell));
      for (int i = 0; i < grid.type().bytes(); i++) {
        output.set(
            ValueLayout.JAVA_BYTE,
            offset + i,
            (byte) ~output.get(ValueLayout.JAVA_BYTE, offset + i));
      }
    }
    return output;
  }

  /** Run-time parameters; null, as the API allows, where the spec neither reads nor writes any. */
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
    MemorySegment scales = residence.allocate(walls, count * Float.BYTES, Float.BYTES);
    MemorySegment zeroPoints = residence.allocate(walls, count * Integer.BYTES, Integer.BYTES);
    if (read) {
      scales.copyFrom(MemorySegment.ofArray(problem.lhsScales()));
      zeroPoints.copyFrom(MemorySegment.ofArray(problem.lhsZeroPoints()));
    }
    return new LhsParameters(scales, zeroPoints);
  }

  /** A partition of [0, strips), in random order; sometimes with an empty piece. */
  private List<long[]> pieces(long strips) {
    List<long[]> pieces = new ArrayList<>();
    long from = 0;
    while (circumstances.inPieces() && from < strips && pieces.size() < 64) {
      long to = from + random.nextLong(0, Math.min(strips - from, 1 + strips / 3) + 1);
      pieces.add(new long[] {from, to});
      from = to;
    }
    pieces.add(new long[] {from, strips});
    Collections.shuffle(pieces, Random.from(random));
    return pieces;
  }

  private MemorySegment dirty(long bytes, Walls walls) {
    MemorySegment scratch = circumstances.scratch().allocate(walls, bytes, 1);
    byte[] dirt = new byte[Math.toIntExact(bytes)];
    random.nextBytes(dirt);
    return scratch.copyFrom(MemorySegment.ofArray(dirt));
  }

  private static MemorySegment copy(
      MemorySegment from, Residence residence, Walls walls, int elementBytes) {
    return residence.allocate(walls, from.byteSize(), elementBytes).copyFrom(from);
  }
}
