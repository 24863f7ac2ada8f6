package dev.octavo.bench.peers;

import dev.octavo.ElementType;
import dev.octavo.Output;
import dev.octavo.bench.engines.Mkl;
import dev.octavo.bench.measure.Prepared;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.problem.Gemm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** MKL: products of u8 with s8 into int32, which is all it has of int8. */
record MklPeer() implements Peer {

  @Override
  public String id() {
    return "mkl";
  }

  @Override
  public Optional<String> unusableBecause() {
    return Mkl.unusableBecause();
  }

  @Override
  public Optional<String> refusal(Task task) {
    if (!(task instanceof Task.Int8 t)) {
      return Optional.of("computes in int8");
    }
    boolean its =
        t.problem() instanceof Gemm
            && t.spec().inputType() == ElementType.U8
            && t.product().output() == Output.ACCUMULATORS;
    if (!its) {
      return Optional.of("MKL has products of u8 with s8 into int32 only");
    }
    return Asked.hasFixedZeroPoint(t)
        ? Asked.refusal(t)
        : Optional.of("MKL is asked for activation zero points that are fixed beforehand");
  }

  /** The zero point goes into an offset for each column, where it costs MKL next to nothing. */
  @Override
  public Prepared prepare(Task task, Team team) {
    Task.Int8 t = (Task.Int8) task;
    Gemm g = (Gemm) t.problem();
    Mkl mkl = Mkl.get();
    Arena arena = Arena.ofShared();
    MemorySegment weights = Asked.weights(t, arena);
    MemorySegment packed = arena.allocate(mkl.packedBytes(g.m(), g.n(), g.k()), 64);
    mkl.pack(g.m(), g.n(), g.k(), weights, packed);
    MemorySegment offset = offsets(weights, g, Asked.zeroPoint(t), arena);
    MemorySegment input = arena.allocate(g.inputElements(), 64).copyFrom(t.input());
    MemorySegment output = arena.allocate(4 * g.outputElements(), 64);
    Runnable run =
        () -> mkl.multiply(g.m(), g.n(), g.k(), input, packed, offset, output, team.threads());
    run.run(); // only then has it chosen its kernels
    return new PeerPrepared(
        "gemm_s8u8s32_compute:" + mkl.kernels(), packed.byteSize(), output, run, arena::close);
  }

  private static MemorySegment offsets(MemorySegment weights, Gemm g, int zeroPoint, Arena arena) {
    int[] offsets = new int[g.n()];
    for (int n = 0; n < g.n(); n++) {
      int sum = 0;
      for (int k = 0; k < g.k(); k++) {
        sum += weights.get(ValueLayout.JAVA_BYTE, (long) n * g.k() + k);
      }
      offsets[n] = -zeroPoint * sum;
    }
    return arena.allocateFrom(ValueLayout.JAVA_INT, offsets);
  }
}
