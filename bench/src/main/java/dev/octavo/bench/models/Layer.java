package dev.octavo.bench.models;

import dev.octavo.bench.problem.Problem;
import java.util.Optional;

/**
 * One line of a layer list.
 *
 * @param name the layer's name in its paper or its makers' files
 * @param operation {@code conv}, {@code depthwise}, {@code dense}, {@code maxpool}, …
 * @param in what goes in
 * @param out what comes out
 * @param problem what there is to multiply; empty for pools, sums and the like
 * @param perChannel parameters of each output channel besides its weights: bias 1, batch
 *     normalization 2
 */
public record Layer(
    String name,
    String operation,
    Extent in,
    Extent out,
    Optional<Problem> problem,
    int perChannel) {

  /** Weights, and what belongs to each output channel. */
  public long parameters() {
    return problem.map(Problem::weights).orElse(0L) + (long) perChannel * out.channels();
  }

  public long multiplyAdds() {
    return problem.map(Problem::multiplyAdds).orElse(0L);
  }

  /** Bytes of weights and folded biases when both are float32. */
  public long float32Bytes() {
    return problem.map(p -> 4 * p.weights() + biasBytes()).orElse(0L);
  }

  /** Bytes when weights are int8; the folded bias stays four bytes, as int32. */
  public long int8Bytes() {
    return problem.map(p -> p.weights() + biasBytes()).orElse(0L);
  }

  private long biasBytes() {
    return perChannel == 0 ? 0 : 4L * out.channels();
  }
}
