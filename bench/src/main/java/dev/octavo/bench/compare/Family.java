package dev.octavo.bench.compare;

import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.report.Results.ItemResult;

/** Layers that run the same code of a backend, so that a change of it shows in all of them. */
final class Family {

  /** Every layer. */
  static final String ALL = "all layers";

  private Family() {}

  static String of(ItemResult item) {
    var problem =
        (item.kind().equals("gemm")
                ? ShapeGrammar.gemms(item.shape())
                : ShapeGrammar.convs(item.shape()))
            .getFirst()
            .problem();
    return switch (problem) {
      case Gemm g -> g.m() == 1 ? "one row" : "products";
      case Conv c when c.isDepthwise() -> "depthwise";
      case Conv c when c.window().kernelHeight() == 1 && c.window().kernelWidth() == 1 -> "1×1";
      case Conv c -> "convolutions";
    };
  }
}
