package dev.octavo.conformance.soak;

import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.QuantizeSpec;
import dev.octavo.RequantizeSpec;
import dev.octavo.Spec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What a soak has tried so far. */
public final class Tally {
  /** Kinds of problems. */
  public enum Op {
    GEMM,
    CONV,
    DEPTHWISE,
    REQUANTIZE,
    QUANTIZE,
    DEQUANTIZE,
    DYNAMIC_QUANTIZE,
    FAKE_QUANTIZE;

    static Op of(Spec spec) {
      return switch (spec) {
        case GemmSpec g -> GEMM;
        case ConvSpec c -> c.isDepthwise() ? DEPTHWISE : CONV;
        case RequantizeSpec r -> REQUANTIZE;
        case QuantizeSpec q -> QUANTIZE;
        case DequantizeSpec d -> DEQUANTIZE;
        case DynamicQuantizeSpec d -> DYNAMIC_QUANTIZE;
        case FakeQuantizeSpec f -> FAKE_QUANTIZE;
      };
    }
  }

  /**
   * The problem that took longest on all backends together.
   *
   * @param index its number
   * @param nanos how long
   * @param what it was
   */
  public record Longest(long index, long nanos, String what) {}

  private final LongAdder problems = new LongAdder();
  private final Map<String, Map<Op, LongAdder>> runs = new ConcurrentHashMap<>();
  private final AtomicReference<Longest> longest = new AtomicReference<>(new Longest(-1, 0, ""));

  Tally(List<Backend> backends) {
    for (Backend backend : backends) {
      Map<Op, LongAdder> ops = new EnumMap<>(Op.class);
      for (Op op : Op.values()) {
        ops.put(op, new LongAdder());
      }
      runs.put(backend.id(), ops);
    }
  }

  void count(List<Backend> ran, Spec spec, long index, long nanos) {
    problems.increment();
    for (Backend backend : ran) {
      runs.get(backend.id()).get(Op.of(spec)).increment();
    }
    if (nanos > longest.get().nanos) {
      Longest now = new Longest(index, nanos, spec.toString());
      longest.accumulateAndGet(now, (a, b) -> a.nanos >= b.nanos ? a : b);
    }
  }

  /** Problems, each run on every backend that can. */
  public long problems() {
    return problems.sum();
  }

  /** Problems that a backend has answered. */
  public long runs(Backend backend, Op op) {
    return runs.get(backend.id()).get(op).sum();
  }

  /** Problems that a backend has answered, of all kinds. */
  public long runs(Backend backend) {
    return runs.get(backend.id()).values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** The problem that took longest; number −1 if there was none. */
  public Longest longest() {
    return longest.get();
  }
}
