package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Crop;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.models.Layer;
import dev.octavo.bench.models.Model;
import dev.octavo.bench.onnx.ModelLayer;
import dev.octavo.bench.onnx.OnnxModel;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.Variant;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is measured together and summed up.
 *
 * @param head what there is to tell beforehand: a result without items
 * @param items the distinct problems
 */
public record Suite(SuiteResult head, List<Item> items) {

  public String name() {
    return head.name();
  }

  /** A network: synthetic weights, u8 activations requantized to u8. */
  public static Suite of(Model model) {
    List<Item> items =
        model.distinctProblems().entrySet().stream()
            .map(e -> item(e.getKey(), e.getValue().stream().map(Layer::name).toList()))
            .toList();
    return new Suite(Facts.of(model), items);
  }

  /**
   * The layers of a model, with their own weights; float32 is timed once for each shape.
   *
   * @param each whether each layer is measured, or one for all of a shape
   */
  public static Suite of(OnnxModel model, int sequence, boolean each) {
    Map<List<Object>, List<ModelLayer>> groups = new LinkedHashMap<>();
    for (ModelLayer layer : model.layers()) {
      Object key = each ? layer.name() : layer.variant();
      groups.computeIfAbsent(List.of(layer.problem(), key), any -> new ArrayList<>()).add(layer);
    }
    Set<Problem> seen = new HashSet<>();
    List<Item> items = groups.values().stream().map(layers -> item(layers, seen)).toList();
    return new Suite(Facts.of(model, sequence, items.size()), items);
  }

  private static Item item(List<ModelLayer> layers, Set<Problem> seen) {
    ModelLayer first = layers.getFirst();
    Problem problem = first.problem();
    return new Item(
        layers.stream().map(ModelLayer::name).toList(),
        problem,
        first.variant(),
        first::task,
        seen.add(problem) ? () -> Synthetic.task(problem, Variant.F32) : null,
        null,
        () -> Synthetic.task(Crop.of(problem), Variant.F32));
  }

  private static Item item(Problem problem, List<String> layers) {
    Problem cropped = Crop.of(problem);
    return new Item(
        layers,
        problem,
        Variant.U8S8U8.toString(),
        () -> Synthetic.task(problem, Variant.U8S8U8),
        () -> Synthetic.task(problem, Variant.F32),
        () -> Synthetic.task(cropped, Variant.U8S8U8),
        () -> Synthetic.task(cropped, Variant.F32));
  }
}
