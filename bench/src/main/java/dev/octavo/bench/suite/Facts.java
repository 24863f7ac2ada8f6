package dev.octavo.bench.suite;

import dev.octavo.bench.models.Model;
import dev.octavo.bench.models.Published.Quantity;
import dev.octavo.bench.onnx.ModelLayer;
import dev.octavo.bench.onnx.OnnxModel;
import dev.octavo.bench.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a network or model is like before anything is measured. */
final class Facts {

  private Facts() {}

  static List<String> of(Model model) {
    return List.of(
        "source         " + model.source(),
        "input          " + model.input(),
        "parameters     "
            + Numbers.count(model.parameters())
            + published(model, List.of(Quantity.PARAMETERS)),
        "multiply-adds  "
            + Numbers.count(model.multiplyAdds())
            + published(model, List.of(Quantity.MULTIPLY_ADDS, Quantity.OPERATIONS)),
        "weights        float32 %s → int8 %s, %s smaller"
            .formatted(
                Numbers.bytes(model.float32Bytes()),
                Numbers.bytes(model.int8Bytes()),
                Numbers.times(model.float32Bytes() / (double) model.int8Bytes())));
  }

  static List<String> of(OnnxModel model, int sequence) {
    Map<String, Long> ops =
        model.layers().stream()
            .collect(Collectors.groupingBy(ModelLayer::op, TreeMap::new, Collectors.counting()));
    double weights = model.layers().stream().mapToDouble(l -> l.problem().weights()).sum();
    double macs = model.layers().stream().mapToDouble(l -> l.problem().multiplyAdds()).sum();
    List<String> facts = new ArrayList<>();
    facts.add(
        "layers         "
            + ops.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "))
            + ", with the weights of the file; activations made up");
    facts.add("input          sequences of " + sequence + " where the file leaves a length open");
    facts.add("weights        %s of them, int8".formatted(Numbers.count(weights)));
    facts.add("multiply-adds  " + Numbers.count(macs));
    model
        .skipped()
        .forEach((why, count) -> facts.add("left out       %d × %s".formatted(count, why)));
    return facts;
  }

  private static String published(Model model, List<Quantity> quantities) {
    return model.published().stream()
        .filter(p -> quantities.contains(p.quantity()))
        .map(p -> "   published: " + p + (p.agreesWith(p.counted(model)) ? "" : " (!)"))
        .collect(Collectors.joining());
  }
}
