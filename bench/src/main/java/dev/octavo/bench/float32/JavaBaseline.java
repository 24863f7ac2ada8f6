package dev.octavo.bench.float32;

import dev.octavo.bench.problem.Problem;
import java.util.Optional;

/** Plain Java whose inner loops the JIT compiler turns into vector instructions by itself. */
final class JavaBaseline implements Float32Baseline {

  @Override
  public String id() {
    return "float32-java";
  }

  @Override
  public Optional<String> unusableBecause() {
    return Optional.empty();
  }

  @Override
  public Optional<String> refusal(Problem problem) {
    return Optional.empty();
  }

  @Override
  public Float32Kernel prepare(Problem problem, float[] weights, float[] input, int threads) {
    return Depthwise.of(problem)
        .<Float32Kernel>map(c -> new JavaDepthwise(c, weights, input))
        .orElseGet(() -> new JavaProduct(problem, weights, input));
  }
}
