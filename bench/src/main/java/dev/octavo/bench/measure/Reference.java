package dev.octavo.bench.measure;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Output;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.bench.measure.Task.Float32;
import dev.octavo.bench.measure.Task.Int8;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Right answers, so that no wrong result is ever timed.
 *
 * <p>Small int8 tasks are computed by the oracles of the conformance module, which share no code
 * with any backend. Those would take minutes for a large one, so there the fastest backend computes
 * the int32 sums, and a {@link Probe} proves them in a fraction of the time before anything is
 * compared with them; if they are wrong the next backend is asked, and in the end the oracle. The
 * norm then makes the output of the sums, one by one.
 *
 * <p>Float32 tasks have no single right answer; each row is held to its exact sum within rounding.
 */
public final class Reference {

  /** Multiply-adds up to which the oracle computes everything: about a tenth of a second. */
  private static final long SMALL = 8_000_000;

  private Reference() {}

  /** What the task's output must be. */
  public static Expected of(Task task) {
    return switch (task) {
      case Int8 t -> bits(t);
      case Float32 t -> Probe.sums(t);
    };
  }

  private static Expected bits(Int8 task) {
    int[] sums = task.problem().multiplyAdds() <= SMALL ? Exact.sums(task) : provenSums(task);
    return new Expected.Bits(
        Epilogue.apply(task, sums), task.spec().outputType(), task.problem().outputChannels());
  }

  /** The int32 sums with bias, by the first backend whose sums the probe finds right. */
  private static int[] provenSums(Int8 task) {
    Spec spec = withSums(task.spec());
    for (Backend backend : Backends.list()) {
      if (backend.availability() instanceof Availability.Usable
          && backend.refusal(spec).isEmpty()) {
        int[] sums = sums(backend, spec, task);
        if (Probe.proves(task, sums)) {
          return sums;
        }
      }
    }
    return Exact.sums(task);
  }

  private static int[] sums(Backend backend, Spec spec, Int8 task) {
    try (Arena arena = Arena.ofConfined()) {
      Weights weights = task.weights().withBias(Epilogue.int32Bias(task));
      Kernel kernel = backend.prepare(spec, weights, arena);
      Shape shape = task.shape(spec);
      MemorySegment output = arena.allocate(Math.max(4, kernel.outputBytes(shape)), 64);
      kernel.run(shape, task.input(), output, task.lhs());
      return output.toArray(ValueLayout.JAVA_INT);
    }
  }

  private static Spec withSums(Spec spec) {
    return spec instanceof ConvSpec s
        ? s.withOutput(Output.ACCUMULATORS)
        : ((GemmSpec) spec).withOutput(Output.ACCUMULATORS);
  }
}
