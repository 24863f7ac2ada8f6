package dev.octavo.bench.models;

import dev.octavo.bench.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A network as a list of layers.
 *
 * @param name as people call it
 * @param source the paper
 * @param published counts to be held to
 * @param input the image
 * @param layers in the order in which they run
 */
public record Model(
    String name, String source, List<Published> published, Extent input, List<Layer> layers) {

  public Model {
    published = List.copyOf(published);
    layers = List.copyOf(layers);
  }

  public long parameters() {
    return sum(Layer::parameters);
  }

  public long multiplyAdds() {
    return sum(Layer::multiplyAdds);
  }

  /** Those of {@link #multiplyAdds} that no weights take part in. */
  public long activationMultiplyAdds() {
    return sum(Layer::activationMultiplyAdds);
  }

  public long float32Bytes() {
    return sum(Layer::float32Bytes);
  }

  public long int8Bytes() {
    return sum(Layer::int8Bytes);
  }

  /** The distinct problems, each with the layers that pose it, in order of first appearance. */
  public Map<Problem, List<Layer>> distinctProblems() {
    Map<Problem, List<Layer>> distinct = new LinkedHashMap<>();
    for (Layer layer : layers) {
      layer
          .problem()
          .ifPresent(p -> distinct.computeIfAbsent(p, any -> new ArrayList<>()).add(layer));
    }
    return distinct;
  }

  private long sum(ToLongFunction<Layer> count) {
    return layers.stream().mapToLong(count).sum();
  }
}
