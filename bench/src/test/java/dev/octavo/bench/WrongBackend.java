package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The scalar backend, but the last byte of an output of at least 100 bytes is one too large. */
final class WrongBackend extends Backend {
  private final Backend scalar = Backends.named("scalar");

  WrongBackend() {
    super("wrong", 1);
  }

  @Override
  public Availability availability() {
    return Availability.USABLE;
  }

  @Override
  protected Plan planFor(Spec spec) {
    return named(scalar.plan(spec));
  }

  private static Plan named(Plan p) {
    return new Plan("wrong", p.kernel(), p.mr(), p.nr(), p.kr(), p.layout(), p.packedBytes());
  }

  @Override
  protected Kernel prepareFor(Spec spec, Weights weights, Arena arena) {
    Kernel right = scalar.prepare(spec, weights, arena);
    return new Kernel(spec, named(right.plan()), arena) {
      @Override
      protected long stripsFor(Shape shape) {
        return right.strips(shape);
      }

      @Override
      protected long scratchBytesFor(Shape shape) {
        return right.scratchBytes(shape);
      }

      @Override
      protected void runStrips(
          Shape shape,
          MemorySegment input,
          MemorySegment output,
          LhsParameters lhs,
          MemorySegment scratch,
          long first,
          long last) {
        right.run(shape, input, output, lhs, scratch, first, last);
        long at = right.outputBytes(shape) - 1;
        if (last == right.strips(shape) && at >= 99) {
          byte value = output.get(ValueLayout.JAVA_BYTE, at);
          output.set(ValueLayout.JAVA_BYTE, at, (byte) (value + 1));
        }
      }
    };
  }
}
