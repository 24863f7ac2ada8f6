package dev.octavo.bench.float32;

import dev.octavo.bench.problem.Problem;
import java.util.List;
import java.util.Optional;

/** A way to compute products and convolutions in float32. */
public interface Float32Baseline {

  /** All baselines, from the plainest to the one that should be fastest. */
  static List<Float32Baseline> all() {
    return List.of(
        new JavaBaseline(), new VectorBaseline(), new OpenBlasBaseline(), new OneDnnBaseline());
  }

  /** How results name it, such as {@code float32-vector}. */
  String id();

  /** Whether its inner loops are Java. */
  default boolean isJitCompiled() {
    return true;
  }

  /** Why it cannot run here; empty when it can. */
  Optional<String> unusableBecause();

  /** Why it does not do this problem; empty when it does. */
  Optional<String> refusal(Problem problem);

  /**
   * Lays out the weights and takes the input over.
   *
   * @param weights {@code n} rows of {@code k}; filters OHWI
   * @param input {@code m} rows of {@code k}; images NHWC
   * @param threads how many will share the strips
   */
  Float32Kernel prepare(Problem problem, float[] weights, float[] input, int threads);
}
