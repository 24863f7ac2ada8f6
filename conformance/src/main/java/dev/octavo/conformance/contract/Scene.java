package dev.octavo.conformance.contract;

import dev.octavo.Backend;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A run whose arguments are all good, until a test spoils one of them. */
final class Scene implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  final Backend backend;
  final Spec spec;
  private final Weights weights;
  final long strips;
  final long scratchBytes;

  /** The arena of the kernel, which a test may close. */
  final Arena kernelArena = Arena.ofConfined();

  Kernel kernel;
  Shape shape;
  MemorySegment input;
  MemorySegment output;
  LhsParameters lhs;
  MemorySegment scratch;
  long first;
  long last;

  /** A good run on a backend; one parameter for each of {@code rows} rows. */
  Scene(Backend backend, Spec spec, Weights weights, Shape shape, int rows) {
    this.backend = backend;
    this.weights = weights;
    this.spec = spec;
    this.shape = shape;
    this.kernel = backend.prepare(spec, weights, kernelArena);
    this.input = arena.allocate(Grid.input(spec, shape).bytes(), 4);
    this.output = arena.allocate(Grid.output(spec, shape).bytes(), 4).fill(Host.BETWEEN);
    this.lhs =
        new LhsParameters(
            arena.allocate(4L * rows, 4).fill((byte) 0x3f), arena.allocate(4L * rows, 4));
    this.strips = kernel.strips(shape);
    this.scratchBytes = kernel.scratchBytes(shape);
    this.scratch = arena.allocate(scratchBytes, 64);
    this.last = strips;
  }

  /** Memory that lives as long as the scene. */
  MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, 64);
  }

  /** Prepares the kernel again in an arena. */
  void prepareIn(Arena other) {
    kernel = backend.prepare(spec, weights, other);
  }

  void run() {
    kernel.run(shape, input, output, lhs, scratch, first, last);
  }

  @Override
  public void close() {
    if (kernelArena.scope().isAlive()) {
      kernelArena.close();
    }
    arena.close();
  }
}
