package dev.octavo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongConsumer;

/** Backends and kernels that compute nothing, for the tests of what surrounds them. */
final class Fakes {
  private Fakes() {}

  /** A backend of this rank that can do every spec, as far as its availability goes. */
  static Backend backend(String id, int rank, Availability availability) {
    return backend(id, rank, availability, null);
  }

  static Backend backend(String id, int rank, Availability availability, String refusal) {
    return new FakeBackend(id, rank, availability, Optional.ofNullable(refusal));
  }

  static Backend usable(String id, int rank) {
    return backend(id, rank, Availability.USABLE);
  }

  static Backend unusable(String id, int rank, String reason) {
    return backend(id, rank, new Availability.Unusable(reason));
  }

  private static final class FakeBackend extends Backend {
    private final Availability availability;
    private final Optional<String> refusal;

    FakeBackend(String id, int rank, Availability availability, Optional<String> refusal) {
      super(id, rank);
      this.availability = availability;
      this.refusal = refusal;
    }

    @Override
    public Availability availability() {
      return availability;
    }

    @Override
    public Optional<String> refusal(Spec spec) {
      return refusal;
    }

    @Override
    protected Plan planFor(Spec spec) {
      return describe(id());
    }

    @Override
    protected Kernel prepareFor(Spec spec, Weights weights, Arena arena) {
      return new FakeKernel(spec, arena, 4, 0);
    }
  }

  private static Plan describe(String backend) {
    return new Plan(backend, "fake_s32u8_" + backend, 1, 1, 1, Optional.empty(), 0);
  }

  /** A kernel that counts how often each of its strips was run, and may do something in them. */
  static final class FakeKernel extends Kernel {
    private final long scratchBytes;
    final AtomicIntegerArray runs;
    LongConsumer onStrip = s -> {};

    /** Every scratch that a strip was given. */
    final Set<MemorySegment> scratches = ConcurrentHashMap.newKeySet();

    FakeKernel(Spec spec, Arena arena, int strips, long scratchBytes) {
      super(spec, describe("fake"), arena);
      this.runs = new AtomicIntegerArray(strips);
      this.scratchBytes = scratchBytes;
    }

    /** How many strips were reached in all. */
    int reached() {
      int sum = 0;
      for (int count : counts()) {
        sum += count;
      }
      return sum;
    }

    List<Integer> counts() {
      return java.util.stream.IntStream.range(0, runs.length()).mapToObj(runs::get).toList();
    }

    @Override
    protected long stripsFor(Shape shape) {
      return runs.length();
    }

    @Override
    protected long scratchBytesFor(Shape shape) {
      return scratchBytes;
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
      for (long s = first; s < last; s++) {
        runs.incrementAndGet((int) s);
        if (scratchBytes > 0) {
          scratch.set(ValueLayout.JAVA_BYTE, scratchBytes - 1, (byte) s);
          scratches.add(scratch);
        }
        onStrip.accept(s);
      }
    }
  }
}
