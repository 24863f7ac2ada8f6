package dev.octavo.vector;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Plan;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * The Vector API at one width. Names no incubating type: what does is reached through {@link
 * Kernels}, and only where {@link Machine} has found the module present.
 */
final class VectorBackend extends Backend {
  /** Packed weights are one Java array, with a few spare bytes behind them. */
  private static final long MAX_PACKED = Integer.MAX_VALUE - 1024;

  /** Output channels of one input channel that are worked on at a time. */
  private static final int MAX_MULTIPLIER = 4096;

  private final int bits;
  private final Availability availability;
  private Kernels kernels;

  VectorBackend(int bits, int rank) {
    super("vector-" + bits, rank);
    this.bits = bits;
    this.availability = Machine.availability(bits);
  }

  @Override
  public Availability availability() {
    return availability;
  }

  @Override
  public Optional<String> refusal(Spec spec) {
    if (spec instanceof ConvSpec c && c.isDepthwise() && c.groupOutChannels() > MAX_MULTIPLIER) {
      return Optional.of(
          "a depthwise multiplier of " + c.groupOutChannels() + " is above " + MAX_MULTIPLIER);
    }
    // Panels are at most 32 columns wide; this bound does not depend on the width.
    long bytes =
        switch (spec) {
          case GemmSpec g -> (g.n() + 31L) / 32 * 32 * g.k();
          case ConvSpec c when c.isDepthwise() -> (c.outChannels() + 31L) * c.k();
          case ConvSpec c -> (c.groupOutChannels() + 31L) / 32 * 32 * c.k() * c.groups();
          default -> 0;
        };
    return bytes < 0 || bytes > MAX_PACKED
        ? Optional.of("packed weights of " + bytes + " bytes do not fit a Java array")
        : Optional.empty();
  }

  @Override
  protected Plan planFor(Spec spec) {
    return kernels().plan(spec);
  }

  @Override
  protected Kernel prepareFor(Spec spec, Weights weights, Arena arena) {
    return kernels().prepare(spec, weights, arena);
  }

  private synchronized Kernels kernels() {
    if (kernels == null) {
      kernels = new Kernels(id(), new Width(bits));
    }
    return kernels;
  }
}
