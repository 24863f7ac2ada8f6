package dev.octavo.scalar;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.PackedLayout;
import dev.octavo.Plan;
import dev.octavo.QuantizeSpec;
import dev.octavo.RequantizeSpec;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.util.Optional;

/** Plain Java: always usable, rank 0. */
final class ScalarBackend extends Backend {
  /** Longer sums would not fit the plain arrays that a strip is worked on in. */
  private static final int MAX_K = 1 << 24;

  ScalarBackend() {
    super("scalar", 0);
  }

  @Override
  public Availability availability() {
    return Availability.USABLE;
  }

  @Override
  public Optional<String> refusal(Spec spec) {
    int k =
        switch (spec) {
          case GemmSpec g -> g.k();
          case ConvSpec c -> c.k();
          default -> 0;
        };
    return k > MAX_K
        ? Optional.of("k = " + k + " is above " + MAX_K + ", the longest sum it is made for")
        : Optional.empty();
  }

  @Override
  protected Kernel prepareFor(Spec spec, Weights weights, Arena arena) {
    Plan plan = planFor(spec);
    return switch (spec) {
      case GemmSpec g -> new GemmKernel(g, plan, weights, arena);
      case ConvSpec c when c.isDepthwise() -> new DepthwiseKernel(c, plan, weights, arena);
      case ConvSpec c -> new ConvKernel(c, plan, weights, arena);
      case RequantizeSpec r -> new RequantizeKernel(r, plan, arena);
      case QuantizeSpec q -> new QuantizeKernel(q, plan, arena);
      case DequantizeSpec d -> new DequantizeKernel(d, plan, arena);
      case DynamicQuantizeSpec d -> new DynamicQuantizeKernel(d, plan, arena);
      case FakeQuantizeSpec f -> new FakeQuantizeKernel(f, plan, arena);
    };
  }

  @Override
  protected Plan planFor(Spec spec) {
    return switch (spec) {
      case GemmSpec g ->
          product(
              "gemm",
              Tile.MR,
              g,
              g.rhsType(),
              Filters.rowsLayout(g.n(), g.k()),
              (long) g.n(),
              g.k());
      case ConvSpec c when c.isDepthwise() ->
          product("depthwise", 1, c, c.rhsType(), Filters.tapsLayout(c), c.outChannels(), c.k());
      case ConvSpec c ->
          product(
              "conv",
              Tile.MR,
              c,
              c.rhsType(),
              Filters.rowsLayout(c.outChannels(), c.k()),
              c.outChannels(),
              c.k());
      case RequantizeSpec r -> elementwise("requantize", r);
      case QuantizeSpec q -> elementwise("quantize", q);
      case DequantizeSpec d -> elementwise("dequantize", d);
      case DynamicQuantizeSpec d -> elementwise("dynamicquantize", d);
      case FakeQuantizeSpec f -> elementwise("fakequantize", f);
    };
  }

  private Plan product(
      String op, int mr, Spec spec, ElementType rhs, PackedLayout layout, long channels, int k) {
    String types = spec.inputType().code() + rhs.code() + spec.outputType().code();
    String kernel = op + "_" + types + "_" + mr + "x1x1_scalar";
    long bytes = channels * k + channels * Integer.BYTES;
    return new Plan(id(), kernel, mr, 1, 1, Optional.of(layout), bytes);
  }

  private Plan elementwise(String op, Spec spec) {
    String types = spec.inputType().code() + spec.outputType().code();
    return new Plan(id(), op + "_" + types + "_scalar", 1, 1, 1, Optional.empty(), 0);
  }
}
