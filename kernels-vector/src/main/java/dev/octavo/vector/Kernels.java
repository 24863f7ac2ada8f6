package dev.octavo.vector;

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

/** From specs to kernels, at one width: the other side of {@link VectorBackend}. */
final class Kernels {
  private final String backend;
  private final Width width;

  Kernels(String backend, Width width) {
    this.backend = backend;
    this.width = width;
  }

  Kernel prepare(Spec spec, Weights weights, Arena arena) {
    Plan plan = plan(spec);
    return switch (spec) {
      case GemmSpec g -> new GemmKernel(g, plan, layout(g), weights, arena, width);
      case ConvSpec c when c.isDepthwise() ->
          new DepthwiseKernel(c, plan, layout(c), weights, arena, width);
      case ConvSpec c -> new ConvKernel(c, plan, layout(c), weights, arena, width);
      case RequantizeSpec r -> new RequantizeKernel(r, plan, arena, width);
      case QuantizeSpec q -> new QuantizeKernel(q, plan, arena, width);
      case DequantizeSpec d -> new DequantizeKernel(d, plan, arena, width);
      case DynamicQuantizeSpec d -> new DynamicQuantizeKernel(d, plan, arena, width);
      case FakeQuantizeSpec f -> new FakeQuantizeKernel(f, plan, arena, width);
    };
  }

  Plan plan(Spec spec) {
    int mr = width.mr();
    int nr = width.nr();
    int kr = width.kr();
    return switch (spec) {
      case GemmSpec g -> product("gemm", mr, nr, kr, g, g.rhsType(), layout(g), g.n());
      case ConvSpec c when c.isDepthwise() ->
          product(
              "depthwise", 1, width.lanes.count(), 1, c, c.rhsType(), layout(c), c.outChannels());
      case ConvSpec c -> product("conv", mr, nr, kr, c, c.rhsType(), layout(c), c.outChannels());
      case RequantizeSpec r -> elementwise("requantize", r);
      case QuantizeSpec q -> elementwise("quantize", q);
      case DequantizeSpec d -> elementwise("dequantize", d);
      case DynamicQuantizeSpec d -> elementwise("dynamicquantize", d);
      case FakeQuantizeSpec f -> elementwise("fakequantize", f);
    };
  }

  private PackedLayout layout(GemmSpec g) {
    return Packed.layout(g.n(), 1, g.k(), width.gemm.nr(), g.rhsType());
  }

  private PackedLayout layout(ConvSpec c) {
    return c.isDepthwise()
        ? DepthwiseKernel.layout(c, width.lanes.count())
        : Packed.layout(c.outChannels(), c.groups(), c.k(), width.gemm.nr(), c.rhsType());
  }

  /** A product keeps its panels, and an int for each column. */
  private Plan product(
      String op,
      int mr,
      int nr,
      int kr,
      Spec spec,
      ElementType rhs,
      PackedLayout layout,
      int channels) {
    String types = spec.inputType().code() + rhs.code() + spec.outputType().code();
    String kernel = op + "_" + types + "_" + mr + "x" + nr + "x" + kr + "_vector" + width.bits;
    long groups = Math.ceilDiv(channels, layout.groupSize());
    long panels = groups * Math.ceilDiv(layout.groupSize(), layout.nr());
    long bytes = panels * (layout.panelStride() + (long) layout.nr() * Integer.BYTES);
    return new Plan(backend, kernel, mr, nr, kr, Optional.of(layout), bytes);
  }

  private Plan elementwise(String op, Spec spec) {
    String types = spec.inputType().code() + spec.outputType().code();
    String kernel = op + "_" + types + "_vector" + width.bits;
    return new Plan(backend, kernel, 1, width.lanes.count(), 1, Optional.empty(), 0);
  }
}
