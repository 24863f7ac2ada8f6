package dev.octavo.bench.jmh;

import dev.octavo.Backend;
import dev.octavo.Kernel;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;

/** A kernel with its operands, ready to be called again and again. */
final class Subject implements AutoCloseable {

  private final Arena arena;
  private final Kernel kernel;
  private final Shape shape;
  private final MemorySegment input;
  private final MemorySegment output;
  private final MemorySegment scratch;
  private final long strips;

  /**
   * @param arena where operands live, or lived; closed by {@link #close}
   * @param output room for exactly the output
   */
  Subject(
      Backend backend,
      Spec spec,
      Weights weights,
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      Arena arena) {
    this.arena = arena;
    this.shape = shape;
    this.input = input;
    this.output = output;
    kernel = backend.prepare(spec, weights, arena);
    scratch = arena.allocate(Math.max(1, kernel.scratchBytes(shape)), 64);
    strips = kernel.strips(shape);
  }

  /**
   * Calls once and compares.
   *
   * @param wrong says what is wrong with an output, or nothing
   */
  void verify(Function<MemorySegment, Optional<String>> wrong) {
    output.fill((byte) 0x5A); // what was never written must not look right
    run();
    wrong
        .apply(output)
        .ifPresent(
            what -> {
              throw new IllegalStateException(kernel.plan(shape).kernel() + " is wrong: " + what);
            });
  }

  MemorySegment run() {
    kernel.run(shape, input, output, null, scratch, 0, strips);
    return output;
  }

  /** Bytes of input and output. */
  double operandBytes() {
    return (double) input.byteSize() + output.byteSize();
  }

  @Override
  public void close() {
    arena.close();
  }
}
