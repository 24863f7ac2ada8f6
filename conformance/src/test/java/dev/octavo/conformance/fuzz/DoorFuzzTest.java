package dev.octavo.conformance.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** One call for each input, see the package. */
class DoorFuzzTest {
  /** Elements of the largest filter that is prepared, and channels of the widest. */
  static final long LARGEST = 1 << 16;

  /** Bytes of the largest operand that is handed over; whoever needs more must say so. */
  private static final long MOST_BYTES = 1 << 16;

  private static final Set<Class<?>> OF_SPECS =
      Set.of(IllegalArgumentException.class, NullPointerException.class);
  private static final Set<Class<?>> OF_CALLS =
      Set.of(
          IllegalArgumentException.class,
          NullPointerException.class,
          IndexOutOfBoundsException.class,
          IllegalStateException.class,
          WrongThreadException.class,
          UnsupportedOperationException.class);

  private static final List<Backend> BACKENDS =
      Backends.list().stream()
          .filter(b -> !(b.availability() instanceof Availability.Unusable))
          .toList();

  @FuzzTest
  void door(byte[] data) {
    Bytes b = new Bytes(data);
    HostileSpecs specs = new HostileSpecs(b);
    Backend backend = BACKENDS.get(b.below(BACKENDS.size()));
    Spec spec = documented(OF_SPECS, specs::spec);
    Shape shape = spec == null ? null : documented(OF_SPECS, () -> specs.shape(spec));
    if (spec == null || size(spec) > LARGEST) {
      return;
    }
    try (HostileMemory memory = new HostileMemory(b)) {
      call(b, backend, spec, shape, specs, memory);
    }
  }

  private static void call(
      Bytes b, Backend backend, Spec spec, Shape shape, HostileSpecs specs, HostileMemory memory) {
    documented(OF_CALLS, () -> backend.plan(spec));
    Weights weights = documented(OF_SPECS, () -> weights(b, spec, specs, memory));
    memory.remember();
    Kernel kernel = documented(OF_CALLS, () -> backend.prepare(spec, weights, arena(b, memory)));
    memory.requireUnchangedBut("after prepare");
    if (kernel == null) {
      return;
    }
    documented(OF_CALLS, () -> kernel.plan(shape));
    Long strips = documented(OF_CALLS, () -> kernel.strips(shape));
    Long inputBytes = documented(OF_CALLS, () -> kernel.inputBytes(shape));
    Long outputBytes = documented(OF_CALLS, () -> kernel.outputBytes(shape));
    Long scratchBytes = documented(OF_CALLS, () -> kernel.scratchBytes(shape));
    MemorySegment input =
        memory.segment("input", clamp(inputBytes), spec.inputType().bytes(), (byte) 0);
    MemorySegment output =
        memory.segment("output", clamp(outputBytes), spec.outputType().bytes(), Host.BETWEEN);
    LhsParameters lhs = documented(OF_SPECS, () -> parameters(b, shape, memory));
    MemorySegment scratch = memory.segment("scratch", clamp(scratchBytes), 1, (byte) 7);
    long all = strips == null ? 0 : strips;
    long first = b.or(0L);
    long last = b.or(all);
    memory.remember();
    byte[] before = readable(output) ? Host.bytes(output) : null;
    Boolean ran =
        documented(
            OF_CALLS,
            () -> {
              kernel.run(shape, input, output, lhs, scratch, first, last);
              return true;
            });
    if (ran == null) {
      memory.requireUnchangedBut("after a refusal");
      return;
    }
    if (all > 0 && first == 0 && last == all) {
      compare(backend, new Call(spec, weights, shape, input, before, output, lhs));
    }
    MemorySegment written = outputBytes == 0 ? MemorySegment.NULL : output.asSlice(0, outputBytes);
    MemorySegment used = clamp(scratchBytes) == 0 ? null : scratch.asSlice(0, scratchBytes);
    boolean writes = spec instanceof DynamicQuantizeSpec;
    memory.requireUnchangedBut(
        "after a run",
        written,
        used,
        writes ? lhs.scales() : null,
        writes ? lhs.zeroPoints() : null);
  }

  /** What the call is supposed to do, or null after one of these exceptions. */
  private static <T> T documented(Set<Class<?>> allowed, Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      if (allowed.stream().noneMatch(c -> c.isInstance(e)) || e.getMessage() == null) {
        throw new AssertionError("not a documented exception, or without a message: " + e, e);
      }
      return null;
    }
  }

  /** Elements to pack, or channels to keep tables for. */
  private static long size(Spec spec) {
    return switch (spec) {
      case GemmSpec g -> Math.max(g.n(), (long) g.n() * g.k());
      case ConvSpec c -> (long) c.k() * c.outChannels();
      default -> Grid.channels(spec);
    };
  }

  private static long clamp(Long bytes) {
    return bytes == null ? MOST_BYTES / 16 : Math.clamp(bytes, 0, MOST_BYTES);
  }

  private static Weights weights(Bytes b, Spec spec, HostileSpecs specs, HostileMemory memory) {
    Bias bias;
    Weights good;
    switch (spec) {
      case GemmSpec g -> {
        bias = specs.bias(g.n());
        good =
            b.flag()
                ? Weights.rowsOfN(MemorySegment.NULL, g.n())
                : Weights.rowsOfK(MemorySegment.NULL, g.k());
      }
      case ConvSpec c -> {
        bias = specs.bias(c.outChannels());
        good =
            switch (b.below(3)) {
              case 0 -> Weights.ohwi(MemorySegment.NULL, c);
              case 1 -> Weights.oihw(MemorySegment.NULL, c);
              default -> Weights.hwio(MemorySegment.NULL, c);
            };
      }
      default -> {
        return b.hostile() ? null : Weights.NONE;
      }
    }
    MemorySegment data = memory.segment("weights", Math.min(size(spec), MOST_BYTES), 1, (byte) 0);
    return new Weights(
        data,
        b.or(good.outStride()),
        b.or(good.heightStride()),
        b.or(good.widthStride()),
        b.or(good.inStride()),
        bias);
  }

  private static Arena arena(Bytes b, HostileMemory memory) {
    return switch (b.hostile() ? b.below(3) : 3) {
      case 0 -> null;
      case 1 -> {
        Arena closed = Arena.ofConfined();
        closed.close();
        yield closed;
      }
      case 2 -> Arena.ofAuto();
      default -> memory.arena();
    };
  }

  private static LhsParameters parameters(Bytes b, Shape shape, HostileMemory memory) {
    if (b.hostile()) {
      return null;
    }
    long rows =
        switch (shape) {
          case Shape.Rows r -> r.m();
          case Shape.Elements e -> e.outer();
          case null, default -> 1;
        };
    long bytes = Math.clamp(rows, 1, MOST_BYTES / 4) * 4;
    MemorySegment scales = memory.segment("scales", bytes, 4, (byte) 0x3f);
    MemorySegment zeroPoints = memory.segment("zero points", bytes, 4, (byte) 0);
    return new LhsParameters(scales, zeroPoints);
  }

  /** A run that was let through. */
  private record Call(
      Spec spec,
      Weights weights,
      Shape shape,
      MemorySegment input,
      byte[] before,
      MemorySegment output,
      LhsParameters lhs) {}

  private static boolean readable(MemorySegment segment) {
    return segment != null
        && segment.scope().isAlive()
        && segment.isAccessibleBy(Thread.currentThread());
  }

  /** Without what follows the last whole word: the door asks for enough, not for a round number. */
  private static MemorySegment words(MemorySegment segment) {
    return segment.asSlice(0, segment.byteSize() & -Integer.BYTES);
  }

  /** What the door lets through is right. */
  private static void compare(Backend backend, Call call) {
    LhsQuantization quantization =
        switch (call.spec) {
          case GemmSpec g -> g.lhs();
          case ConvSpec c -> c.lhs();
          default -> LhsQuantization.NONE;
        };
    boolean read = !(quantization instanceof LhsQuantization.Fixed);
    boolean scaled = read && call.spec.outputType() == dev.octavo.ElementType.F32;
    Weights w = call.weights;
    long[] strides = {w.outStride(), w.heightStride(), w.widthStride(), w.inStride()};
    Filter filter = new Filter(w.data().toArray(ValueLayout.JAVA_BYTE), strides, w.bias());
    Problem problem =
        new Problem(
            call.spec,
            filter,
            call.shape,
            call.input.toArray(ValueLayout.JAVA_BYTE),
            scaled
                ? words(call.lhs.scales()).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)
                : new float[0],
            read
                ? words(call.lhs.zeroPoints()).toArray(ValueLayout.JAVA_INT_UNALIGNED)
                : new int[0]);
    Answer answer = problem.answer();
    Grid grid = problem.outputGrid();
    byte[] expected = Arrays.copyOf(call.before, answer.output().length);
    for (int cell = 0; cell < grid.count(); cell++) {
      int at = grid.offset(grid.index(cell));
      System.arraycopy(answer.output(), at, expected, at, grid.type().bytes());
    }
    byte[] got = Arrays.copyOf(Host.bytes(call.output), expected.length);
    Host.same("what the door lets through is right", backend, problem, expected, got);
  }
}
