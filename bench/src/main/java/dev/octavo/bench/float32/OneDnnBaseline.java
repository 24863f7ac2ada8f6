package dev.octavo.bench.float32;

import dev.octavo.bench.engines.OneDnn;
import dev.octavo.bench.engines.OneDnnOperation;
import dev.octavo.bench.engines.OneDnnOperation.Arithmetic;
import dev.octavo.bench.problem.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** oneDNN in float32: products, convolutions and depthwise ones, with its weights packed once. */
final class OneDnnBaseline implements Float32Baseline {

  @Override
  public String id() {
    return "float32-onednn";
  }

  @Override
  public boolean isJitCompiled() {
    return false;
  }

  @Override
  public Optional<String> unusableBecause() {
    return OneDnn.unusableBecause(OneDnn.Cap.NONE);
  }

  @Override
  public Optional<String> refusal(Problem problem) {
    return Optional.empty();
  }

  @Override
  public Float32Kernel prepare(Problem problem, float[] weights, float[] input, int threads) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rhs = arena.allocateFrom(ValueLayout.JAVA_FLOAT, weights);
      OneDnnOperation operation =
          new OneDnnOperation(
              OneDnn.get(OneDnn.Cap.NONE), problem, Arithmetic.FLOAT32, rhs, threads);
      operation.input().copyFrom(MemorySegment.ofArray(input));
      return new Whole(operation);
    }
  }

  /** One strip, which oneDNN's own threads share. */
  private record Whole(OneDnnOperation operation) implements Float32Kernel {

    @Override
    public String name() {
      return "onednn_" + operation.kernel();
    }

    @Override
    public int strips() {
      return 1;
    }

    @Override
    public void run(int first, int last) {
      if (first < last) {
        operation.run();
      }
    }

    @Override
    public float[] output() {
      return operation.output().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
      operation.close();
    }
  }
}
