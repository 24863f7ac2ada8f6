package dev.octavo.bench.report;

import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.SuiteResult;
import dev.octavo.bench.report.Results.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What the plots of a report draw: results summed up, without the single samples. Written into the
 * page as JSON.
 */
record PageData(List<Model> models, Peaks peaks) {

  /**
   * A model.
   *
   * @param packed bytes of the weights as the chosen backends pack them; null if unknown
   * @param activationsFloat32 bytes of the largest layer's input and output
   * @param runs one for each number of threads
   */
  record Model(
      String name,
      long weightsFloat32,
      long weightsInt8,
      Double packed,
      long activationsFloat32,
      long activationsInt8,
      List<Run> runs) {}

  /**
   * A model on one number of threads.
   *
   * @param float32Seconds by the best float32 of each layer, null if a layer has none
   * @param int8Seconds by the chosen backend
   */
  record Run(
      int threads,
      Double float32Seconds,
      String float32By,
      Double int8Seconds,
      String int8By,
      Double speedUp,
      List<Whole> contenders,
      List<LayerPoint> layers) {}

  /**
   * A contender on a whole model.
   *
   * @param seconds null if it did not do all layers
   * @param wrong layers whose result was wrong
   */
  record Whole(String id, Kind kind, Double seconds, int wrong) {}

  /**
   * A layer, or several of one shape.
   *
   * @param kind {@code depthwise}, {@code conv} or {@code gemm}
   * @param count of layers
   * @param operations of one of them
   */
  record LayerPoint(
      String name,
      String shape,
      String kind,
      int count,
      double operations,
      Side float32,
      Side int8,
      Double speedUp) {}

  /**
   * One side of a comparison.
   *
   * @param intensity operations for each byte of all operands
   * @param roof the most that is possible, operations per nanosecond; null if not measured
   */
  record Side(
      String by, double milliseconds, double gops, double intensity, Double roof, boolean part) {}

  static PageData of(Results results) {
    return new PageData(
        results.suites().stream().map(s -> model(s, results.peaks())).toList(), results.peaks());
  }

  private static Model model(SuiteResult suite, Peaks peaks) {
    List<Run> runs =
        Summary.threads(suite).stream().map(t -> run(Summary.of(suite, t), peaks)).toList();
    OptionalDouble packed = Summary.of(suite).packedBytes();
    long widest =
        suite.items().stream()
            .mapToLong(i -> i.inputElements() + i.outputElements())
            .max()
            .orElse(0);
    return new Model(
        suite.name(),
        suite.weightsFloat32(),
        suite.weightsInt8(),
        boxed(packed),
        4 * widest,
        widest,
        runs);
  }

  private static Run run(Summary s, Peaks peaks) {
    List<Whole> wholes = new ArrayList<>();
    Stream.of(Kind.FLOAT32, Kind.BACKEND, Kind.PEER)
        .forEach(k -> s.contenders(k).forEach(c -> wholes.add(whole(s, c, k))));
    return new Run(
        s.threads(),
        boxed(s.seconds(Summary::bestFloat32)),
        s.who(Summary::bestFloat32),
        boxed(s.seconds(Summary::chosen)),
        s.who(Summary::chosen),
        boxed(s.speedUp()),
        wholes,
        s.suite().items().stream().map(i -> layer(i, peaks)).toList());
  }

  private static Whole whole(Summary s, String contender, Kind kind) {
    OptionalDouble seconds = s.seconds(i -> Summary.any(i, contender).filter(Entry::isTimed));
    int wrong =
        (int)
            s.suite().items().stream()
                .flatMap(i -> Summary.any(i, contender).stream())
                .filter(e -> e.check().verdict() == Verdict.WRONG)
                .count();
    return new Whole(contender, kind, boxed(seconds), wrong);
  }

  private static LayerPoint layer(ItemResult i, Peaks peaks) {
    return new LayerPoint(
        Tables.label(i),
        Tables.describe(i),
        Tables.isDepthwise(i) ? "depthwise" : i.kind(),
        i.layers().size(),
        2.0 * i.multiplyAdds(),
        side(i, Summary.bestFloat32(i), peaks),
        side(i, Summary.chosen(i), peaks),
        boxed(Summary.speedUp(i)));
  }

  private static Side side(ItemResult item, Optional<Entry> entry, Peaks peaks) {
    if (entry.isEmpty()) {
      return null;
    }
    Entry e = entry.get();
    return new Side(
        e.contender(),
        e.median() * 1e3,
        e.timing().gops(),
        Limits.intensity(item, e),
        boxed(Limits.roof(item, e, peaks)),
        e.isEstimate());
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
  }
}
