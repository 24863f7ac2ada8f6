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
 *     normalization 2, a table its rows
 * @param activationMultiplyAdds multiply-adds of activations with activations, as in attention:
 *     counted, and not measured, because no weights take part
 */
public record Layer(
    String name,
    String operation,
    Extent in,
    Extent out,
    Optional<Problem> problem,
    int perChannel,
    long activationMultiplyAdds) {

  /** A layer with weights. */
  static Layer of(
      String name, String operation, Extent in, Extent out, Problem problem, int perChannel) {
    return new Layer(name, operation, in, out, Optional.of(problem), perChannel, 0);
  }

  /** A layer that has nothing to multiply. */
  static Layer other(String name, String operation, Extent in, Extent out, int perChannel) {
    return new Layer(name, operation, in, out, Optional.empty(), perChannel, 0);
  }

  /** Two products of all pixels with all pixels, whatever the number of heads. */
  static Layer attention(String name, Extent in) {
    long pixels = (long) in.height() * in.width();
    return new Layer(
        name, "attention", in, in, Optional.empty(), 0, 2 * pixels * pixels * in.channels());
  }

  /** Weights, and what belongs to each output channel. */
  public long parameters() {
    return problem.map(Problem::weights).orElse(0L) + (long) perChannel * out.channels();
  }

  public long multiplyAdds() {
    return problem.map(Problem::multiplyAdds).orElse(0L) + activationMultiplyAdds;
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
