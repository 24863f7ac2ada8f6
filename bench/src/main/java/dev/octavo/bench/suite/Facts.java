package dev.octavo.bench.suite;

import dev.octavo.bench.models.Model;
import dev.octavo.bench.models.Published;
import dev.octavo.bench.onnx.ModelLayer;
import dev.octavo.bench.onnx.OnnxModel;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What a network or model is like before anything is measured. */
final class Facts {

  private Facts() {}

  static SuiteResult of(Model model) {
    List<String> notes = new ArrayList<>();
    for (Published p : model.published()) {
      boolean agrees = p.agreesWith(p.counted(model));
      notes.add(
          "published: " + p + ", " + p.where() + (agrees ? "" : " (not what is counted here)"));
    }
    if (model.activationMultiplyAdds() > 0) {
      notes.add(
          "not measured: %s multiply-adds between activations, where no weights take part"
              .formatted(Numbers.count(model.activationMultiplyAdds())));
    }
    return new SuiteResult(
        model.name(),
        model.source(),
        model.input().toString().replace('x', '×'),
        model.parameters(),
        model.multiplyAdds(),
        model.float32Bytes(),
        model.int8Bytes(),
        notes,
        List.of());
  }

  static SuiteResult of(OnnxModel model, int sequence, int measured) {
    Map<String, Long> ops =
        model.layers().stream()
            .collect(Collectors.groupingBy(ModelLayer::op, TreeMap::new, Collectors.counting()));
    List<String> notes = new ArrayList<>();
    notes.add(
        ops.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "))
            + ", with the weights of the file; activations made up");
    if (measured < model.layers().size()) {
      notes.add(
          "%d layers measured, one for all of its shape; --full measures each".formatted(measured));
    }
    model
        .skipped()
        .forEach((why, count) -> notes.add("not measured: %d × %s".formatted(count, why)));
    return new SuiteResult(
        model.name(),
        "the weights of the file itself",
        "sequences of " + sequence + " where the file leaves a length open",
        0,
        sum(model, Problem::multiplyAdds),
        4 * sum(model, Problem::weights),
        sum(model, Problem::weights),
        notes,
        List.of());
  }

  private static long sum(OnnxModel model, ToLongFunction<Problem> count) {
    return model.layers().stream().mapToLong(l -> count.applyAsLong(l.problem())).sum();
  }
}
