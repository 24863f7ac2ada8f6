package dev.octavo.bench.float32;

import dev.octavo.bench.problem.Problem;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** OpenBLAS, the float32 product most native programs use; comes by way of bytedeco's presets. */
final class OpenBlasBaseline implements Float32Baseline {

  /** Loaded once, on first question; a reason when there is no library for this platform. */
  private static final class Library {
    static final Optional<String> UNUSABLE = load();

    private static Optional<String> load() {
      try {
        Loader.load(openblas_nolapack.class);
        // Threads are ours: each works on strips of its own, like those of every other kernel.
        openblas_nolapack.blas_set_num_threads(1);
        return Optional.empty();
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        return Optional.of(
            "no OpenBLAS for %s on %s comes with this build"
                .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
      }
    }
  }

  @Override
  public String id() {
    return "float32-openblas";
  }

  @Override
  public boolean isJitCompiled() {
    return false;
  }

  @Override
  public Optional<String> unusableBecause() {
    return Library.UNUSABLE;
  }

  @Override
  public Optional<String> refusal(Problem problem) {
    return Depthwise.of(problem).map(c -> "depthwise convolution is no matrix product");
  }

  @Override
  public Float32Kernel prepare(Problem problem, float[] weights, float[] input, int threads) {
    return new OpenBlasProduct(problem, weights, input, threads);
  }
}
