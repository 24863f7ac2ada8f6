package dev.octavo.conformance.soak;

import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Output;
import dev.octavo.Shape;
import dev.octavo.Strides;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.Trial;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a problem, or what is wrong with whoever was asked for it. The sums of a small
 * product are the oracle's. Those of a large one, which would take the oracle a second, are some
 * backend's, certified by multiplying both sides with random vectors modulo 2^32; what becomes of
 * them is the oracle's again. Either way every bit that a backend writes is compared.
 *
 * @param answer what every backend must write
 * @param diagnosis why there is no answer: the certificate was refused
 */
record Certificate(Optional<Answer> answer, Optional<String> diagnosis) {
  /** Multiplications that the oracle does itself. */
  private static final long SMALL = 1 << 17;

  private static final int PROBES = 2;

  /**
   * @param donor who computes the sums of a large product
   * @param seed of the random vectors
   */
  static Certificate of(Problem problem, Backend donor, long seed) {
    if (multiplications(problem) <= SMALL || !Trial.takesPart(donor, problem)) {
      return new Certificate(Optional.of(problem.answer()), Optional.empty());
    }
    Problem sums = sums(problem);
    int[] acc = sums.outputGrid().integers(Host.run(donor, sums));
    for (int probe = 0; probe < PROBES; probe++) {
      if (!sums.areProducts(acc, seed + probe)) {
        return new Certificate(Optional.empty(), Optional.of(refused(sums, donor)));
      }
    }
    return new Certificate(Optional.of(problem.answer(acc)), Optional.empty());
  }

  private static long multiplications(Problem problem) {
    return switch (problem.spec()) {
      case GemmSpec g -> (long) problem.outputGrid().count() * g.k();
      case ConvSpec c -> (long) problem.outputGrid().count() * c.k();
      default -> 0;
    };
  }

  /** The same product with nothing added and nothing rounded. */
  private static Problem sums(Problem problem) {
    Filter filter = problem.filter().withBias(dev.octavo.Bias.none());
    float[] scales = problem.lhsScales();
    int[] zeroPoints = problem.lhsZeroPoints();
    if (problem.spec() instanceof GemmSpec g) {
      Shape.Rows rows = (Shape.Rows) problem.shape();
      Shape dense = new Shape.Rows(rows.m(), rows.lhsStride(), (long) Integer.BYTES * g.n());
      return new Problem(
          g.withOutput(Output.ACCUMULATORS), filter, dense, problem.input(), scales, zeroPoints);
    }
    ConvSpec c = (ConvSpec) problem.spec();
    Shape.Image image = (Shape.Image) problem.shape();
    int height = c.window().outHeight(image.height());
    int width = c.window().outWidth(image.width());
    Shape dense =
        new Shape.Image(
            image.batch(),
            image.height(),
            image.width(),
            image.input(),
            Strides.nhwc(height, width, c.outChannels(), Integer.BYTES));
    return new Problem(
        c.withOutput(Output.ACCUMULATORS), filter, dense, problem.input(), scales, zeroPoints);
  }

  private static String refused(Problem sums, Backend donor) {
    return Trial.check(sums, sums.answer(), Circumstances.PLAIN, List.of(donor))
        .orElse(
            "wrong: "
                + donor
                + ", once: its sums failed the modular check, and were right when run again"
                + System.lineSeparator()
                + "  problem        "
                + sums
                + System.lineSeparator());
  }
}
