package dev.octavo.conformance.truth.onednn;

import dev.octavo.ElementType;
import dev.octavo.Window;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.ConvProduct;
import dev.octavo.conformance.truth.GemmProduct;
import dev.octavo.conformance.truth.Product;
import dev.octavo.conformance.truth.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** Products as oneDNN's matmul and convolution primitives. */
final class OneDnnOps {
  private static final int SRC = 1;
  private static final int DST = 17;
  private static final int WEIGHTS = 33;
  private static final int BIAS = 41;
  private static final int SCALES = 4096;
  private static final int ZERO_POINTS = 8192;
  private static final int FORWARD_INFERENCE = 96;
  private static final int CONVOLUTION_DIRECT = 1;
  private static final int WEIGHTS_MD = 131;

  /** Extents and strides as oneDNN wants them named. */
  private record Geometry(long[] extents, long[] strides) {}

  private OneDnnOps() {}

  /** The accumulators. */
  static Tensor accumulators(OneDnn dnn, Product p) {
    return run(dnn, p, ElementType.S32, null, null);
  }

  /**
   * An output of scales and zero points.
   *
   * @param bias in real units; null for none
   */
  static Tensor run(OneDnn dnn, Product p, ElementType type, Aim aim, float[] bias) {
    try (Arena arena = Arena.ofConfined()) {
      Map<Integer, MemorySegment> arguments = new LinkedHashMap<>();
      MemorySegment attributes =
          dnn.create(arena, "dnnl_primitive_attr_destroy", "dnnl_primitive_attr_create");
      quantization(dnn, arena, attributes, arguments, p, type, aim);
      Tensor output = Tensor.of(type, p.outputExtents());
      Geometry src = src(p);
      Geometry weights = weights(p);
      Geometry dst = dst(p);
      MemorySegment srcMd = dnn.description(arena, p.lhs().type(), src.extents, src.strides);
      MemorySegment dstMd = dnn.description(arena, type, dst.extents, dst.strides);
      MemorySegment anyWeights = dnn.anyOrder(arena, p.rhs().type(), weights.extents);
      MemorySegment biasMd = OneDnn.none();
      if (bias != null) {
        long[] extents =
            p instanceof GemmProduct g ? new long[] {1, g.n()} : new long[] {bias.length};
        long[] strides = p instanceof GemmProduct g ? new long[] {g.n(), 1} : new long[] {1};
        biasMd = dnn.description(arena, ElementType.F32, extents, strides);
        arguments.put(
            BIAS, dnn.memory(arena, biasMd, OneDnn.copy(arena, Tensor.floats(bias, bias.length))));
      }
      MemorySegment primitive =
          switch (p) {
            case GemmProduct g ->
                dnn.create(
                    arena,
                    "dnnl_primitive_desc_destroy",
                    "dnnl_matmul_primitive_desc_create",
                    dnn.engine(),
                    srcMd,
                    anyWeights,
                    biasMd,
                    dstMd,
                    attributes);
            case ConvProduct c ->
                conv(dnn, arena, c.window(), srcMd, anyWeights, biasMd, dstMd, attributes);
          };
      arguments.put(SRC, dnn.memory(arena, srcMd, OneDnn.copy(arena, p.lhs())));
      MemorySegment dstData = OneDnn.copy(arena, output);
      arguments.put(DST, dnn.memory(arena, dstMd, dstData));
      MemorySegment plain =
          dnn.description(arena, p.rhs().type(), weights.extents, weights.strides);
      arguments.put(WEIGHTS, reordered(dnn, arena, plain, p.rhs(), primitive));
      execute(dnn, arena, primitive, arguments);
      output.data().copyFrom(dstData);
      return output;
    }
  }

  private static MemorySegment conv(
      OneDnn dnn,
      Arena arena,
      Window w,
      MemorySegment src,
      MemorySegment weights,
      MemorySegment bias,
      MemorySegment dst,
      MemorySegment attributes) {
    return dnn.create(
        arena,
        "dnnl_primitive_desc_destroy",
        "dnnl_convolution_forward_primitive_desc_create",
        dnn.engine(),
        FORWARD_INFERENCE,
        CONVOLUTION_DIRECT,
        src,
        weights,
        bias,
        dst,
        pair(arena, w.strideHeight(), w.strideWidth()),
        pair(arena, w.dilationHeight() - 1, w.dilationWidth() - 1),
        pair(arena, w.padTop(), w.padLeft()),
        pair(arena, w.padBottom(), w.padRight()),
        attributes);
  }

  private static MemorySegment pair(Arena arena, long height, long width) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, height, width);
  }

  /** Zero points where they are not zero, scales where the output is not the accumulators. */
  private static void quantization(
      OneDnn dnn,
      Arena arena,
      MemorySegment attributes,
      Map<Integer, MemorySegment> arguments,
      Product p,
      ElementType type,
      Aim aim) {
    zeroPoint(dnn, arena, attributes, arguments, SRC, p.lhsZeroPoint());
    if (p.rhsZeroPoints().length == 1) {
      zeroPoint(dnn, arena, attributes, arguments, WEIGHTS, p.rhsZeroPoints()[0]);
    }
    if (aim == null) {
      return;
    }
    if (type != ElementType.F32) {
      zeroPoint(dnn, arena, attributes, arguments, DST, aim.zeroPoint());
      scales(dnn, arena, attributes, arguments, DST, 0, aim.outputScale());
    }
    scales(dnn, arena, attributes, arguments, SRC, 0, aim.lhsScale());
    int channels =
        switch (p) {
          case GemmProduct g -> 2;
          case ConvProduct c -> c.groups() == 1 ? 1 : 3;
        };
    int mask = aim.rhsScales().length == 1 ? 0 : channels;
    scales(dnn, arena, attributes, arguments, WEIGHTS, mask, aim.rhsScales());
  }

  private static void zeroPoint(
      OneDnn dnn,
      Arena arena,
      MemorySegment attributes,
      Map<Integer, MemorySegment> arguments,
      int argument,
      int value) {
    if (value != 0) {
      dnn.call("dnnl_primitive_attr_set_zero_points_mask", attributes, argument, 0);
      Tensor one = Tensor.integers(ElementType.S32, new int[] {value}, 1);
      arguments.put(ZERO_POINTS | argument, dnn.vector(arena, one));
    }
  }

  private static void scales(
      OneDnn dnn,
      Arena arena,
      MemorySegment attributes,
      Map<Integer, MemorySegment> arguments,
      int argument,
      int mask,
      float... values) {
    dnn.call("dnnl_primitive_attr_set_scales_mask", attributes, argument, mask);
    arguments.put(SCALES | argument, dnn.vector(arena, Tensor.floats(values, values.length)));
  }

  /** The weights in the order that the primitive chose. */
  private static MemorySegment reordered(
      OneDnn dnn, Arena arena, MemorySegment plain, Tensor rhs, MemorySegment primitive) {
    MemorySegment chosen =
        dnn.library().pointer("dnnl_primitive_desc_query_md", primitive, WEIGHTS_MD, 0);
    long bytes = dnn.library().size("dnnl_memory_desc_get_size", chosen);
    MemorySegment packed = dnn.memory(arena, chosen, arena.allocate(bytes, 64));
    MemorySegment reorder =
        dnn.create(
            arena,
            "dnnl_primitive_desc_destroy",
            "dnnl_reorder_primitive_desc_create",
            plain,
            dnn.engine(),
            chosen,
            dnn.engine(),
            OneDnn.none());
    Map<Integer, MemorySegment> arguments = new LinkedHashMap<>();
    arguments.put(SRC, dnn.memory(arena, plain, OneDnn.copy(arena, rhs)));
    arguments.put(DST, packed);
    execute(dnn, arena, reorder, arguments);
    return packed;
  }

  private static void execute(
      OneDnn dnn, Arena arena, MemorySegment description, Map<Integer, MemorySegment> arguments) {
    MemorySegment primitive =
        dnn.create(arena, "dnnl_primitive_destroy", "dnnl_primitive_create", description);
    MemorySegment list = arena.allocate(16L * arguments.size(), 8);
    int i = 0;
    for (Map.Entry<Integer, MemorySegment> argument : arguments.entrySet()) {
      list.set(ValueLayout.JAVA_INT, 16L * i, argument.getKey());
      list.set(ValueLayout.ADDRESS, 16L * i + 8, argument.getValue());
      i++;
    }
    dnn.call("dnnl_primitive_execute", primitive, dnn.stream(), arguments.size(), list);
    dnn.call("dnnl_stream_wait", dnn.stream());
  }

  private static Geometry src(Product p) {
    return switch (p) {
      case GemmProduct g -> new Geometry(new long[] {g.m(), g.k()}, new long[] {g.k(), 1});
      case ConvProduct c -> image(c.batch(), c.inChannels(), c.height(), c.width());
    };
  }

  private static Geometry dst(Product p) {
    return switch (p) {
      case GemmProduct g -> new Geometry(new long[] {g.m(), g.n()}, new long[] {g.n(), 1});
      case ConvProduct c -> image(c.batch(), c.channels(), c.outHeight(), c.outWidth());
    };
  }

  /** Channels are the second axis by name, and the innermost in memory. */
  private static Geometry image(long batch, long channels, long height, long width) {
    return new Geometry(
        new long[] {batch, channels, height, width},
        new long[] {height * width * channels, 1, width * channels, channels});
  }

  private static Geometry weights(Product p) {
    if (p instanceof GemmProduct g) {
      long[] strides = g.rowsOfN() ? new long[] {g.n(), 1} : new long[] {1, g.k()};
      return new Geometry(new long[] {g.k(), g.n()}, strides);
    }
    ConvProduct c = (ConvProduct) p;
    long in = c.groupInChannels();
    long kh = c.window().kernelHeight();
    long kw = c.window().kernelWidth();
    long filter = kh * kw * in;
    if (c.groups() == 1) {
      return new Geometry(
          new long[] {c.channels(), in, kh, kw}, new long[] {filter, 1, kw * in, in});
    }
    long out = c.channels() / c.groups();
    return new Geometry(
        new long[] {c.groups(), out, in, kh, kw},
        new long[] {out * filter, filter, 1, kw * in, in});
  }
}
