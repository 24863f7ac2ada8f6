package dev.octavo.conformance.contract;

import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.Output;
import dev.octavo.RequantizeSpec;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import java.util.List;

/** Fused requantization against accumulators that are requantized by a kernel of their own. */
final class Fusion {
  private Fusion() {}

  /**
   * Checks the law on every backend that does both.
   *
   * @param accumulate the spec of the fused problem, with accumulators for output
   * @param dense the shape of the fused problem, with dense int32 rows of channels for output
   */
  static void check(List<Backend> backends, Problem fused, Spec accumulate, Shape dense) {
    Output.Requantized output = requantized(fused.spec());
    Bias bias = fused.filter().bias();
    boolean floatBias = bias instanceof Bias.Float32;
    Filter filter = floatBias ? fused.filter().withBias(Bias.none()) : fused.filter();
    Problem sums =
        new Problem(
            accumulate, filter, dense, fused.input(), fused.lhsScales(), fused.lhsZeroPoints());
    Grid cells = fused.outputGrid();
    int channels = cells.extents()[cells.extents().length - 1];
    RequantizeSpec requantize =
        new RequantizeSpec(
            channels, dev.octavo.ElementType.S32, 0, floatBias ? bias : Bias.none(), output);
    for (Backend backend : Host.able(Host.able(backends, accumulate), requantize)) {
      if (backend.refusal(fused.spec()).isPresent()) {
        continue;
      }
      byte[] acc = Host.run(backend, sums);
      Problem second =
          new Problem(requantize, requantize.elements(cells.count() / channels, 1), acc);
      byte[] expected = cells.gather(Host.run(backend, second), cells.dense());
      Host.same("fused is unfused", backend, fused, expected, Host.run(backend, fused));
    }
  }

  private static Output.Requantized requantized(Spec spec) {
    return switch (spec) {
      case dev.octavo.GemmSpec g -> (Output.Requantized) g.output();
      case dev.octavo.ConvSpec c -> (Output.Requantized) c.output();
      default -> throw new IllegalArgumentException("not a product: " + spec);
    };
  }
}
