package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Match;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.models.Layer;
import dev.octavo.bench.models.Model;
import dev.octavo.bench.onnx.OnnxModel;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.Variant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is measured together and summed up.
 *
 * @param name of the network or model
 * @param facts lines about it, for the head of its table
 * @param items the distinct problems
 */
public record Suite(String name, List<String> facts, List<Item> items) {

  /** A network: synthetic weights, u8 activations requantized to u8. */
  public static Suite of(Model model) {
    List<Item> items =
        model.distinctProblems().entrySet().stream()
            .map(e -> item(e.getKey(), e.getValue().stream().map(Layer::name).toList()))
            .toList();
    return new Suite(model.name(), Facts.of(model), items);
  }

  /** The layers of a model, each with its own weights; float32 is timed once for each shape. */
  public static Suite of(OnnxModel model, int sequence) {
    Set<Problem> seen = new HashSet<>();
    List<Item> items =
        model.layers().stream()
            .map(
                layer ->
                    new Item(
                        List.of(layer.name()),
                        layer.problem(),
                        layer.variant(),
                        layer::task,
                        seen.add(layer.problem())
                            ? () -> Synthetic.task(layer.problem(), Variant.F32)
                            : null,
                        null,
                        () -> Synthetic.task(Match.crop(layer.problem()), Variant.F32)))
            .toList();
    return new Suite(model.name(), Facts.of(model, sequence), items);
  }

  /** Measurements to take: an item by a contender each. */
  public int steps(List<Contender> contenders) {
    int steps = 0;
    for (Item item : items) {
      for (Contender c : contenders) {
        steps += c.isFloat32() && item.float32() == null ? 0 : 1;
      }
    }
    return steps;
  }

  private static Item item(Problem problem, List<String> layers) {
    Problem cropped = Match.crop(problem);
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
