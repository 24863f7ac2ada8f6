package dev.octavo.bench.float32;

import dev.octavo.bench.problem.Problem;
import java.util.Optional;

/** The Vector API, register-tiled and cache-blocked, on the widest vectors of this CPU. */
final class VectorBaseline implements Float32Baseline {

  @Override
  public String id() {
    return "float32-vector";
  }

  @Override
  public Optional<String> unusableBecause() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? Optional.empty()
        : Optional.of("the JVM was started without --add-modules jdk.incubator.vector");
  }

  @Override
  public Optional<String> refusal(Problem problem) {
    return Optional.empty();
  }

  @Override
  public Float32Kernel prepare(Problem problem, float[] weights, float[] input, int threads) {
    return Depthwise.of(problem)
        .<Float32Kernel>map(
            c ->
                VectorDepthwise3x3.fits(c)
                    ? new VectorDepthwise3x3(c, weights, input)
                    : new VectorDepthwise(c, weights, input))
        .orElseGet(() -> new VectorProduct(problem, weights, input, threads));
  }
}
