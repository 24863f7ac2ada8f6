package dev.octavo.bench.engines;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octavo.ElementType;
import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A product or convolution made ready in oneDNN, as its own documentation advises: activations stay
 * row after row (NHWC), weights are laid out once as oneDNN likes them.
 *
 * <pre>dst = (Σ (src − zs)·weights) · multiplier[c] + bias[c] + zd</pre>
 */
public final class OneDnnOperation implements AutoCloseable {

  private static final int ANY = 1; // dnnl_format_tag_any
  private static final int INFERENCE = 96; // dnnl_forward_inference
  private static final int DIRECT = 1; // dnnl_convolution_direct
  private static final int WEIGHTS_MD = 131; // dnnl_query_weights_md

  // Arguments of primitives.
  private static final int SRC = 1;
  private static final int DST = 17;
  private static final int WEIGHTS = 33;
  private static final int BIAS = 41;
  private static final int SCALES = 4096;
  private static final int ZERO_POINTS = 8192;

  /**
   * Number formats and quantization.
   *
   * @param lhs of the activations
   * @param rhs of the weights
   * @param dst of the result
   * @param lhsZeroPoint 0 for float32
   * @param dstZeroPoint 0 unless the result has 8 bits
   * @param multipliers one per output channel; null for none
   * @param bias one per output channel, added after the multipliers; null for none
   */
  public record Arithmetic(
      ElementType lhs,
      ElementType rhs,
      ElementType dst,
      int lhsZeroPoint,
      int dstZeroPoint,
      float[] multipliers,
      float[] bias) {

    public static final Arithmetic FLOAT32 =
        new Arithmetic(ElementType.F32, ElementType.F32, ElementType.F32, 0, 0, null, null);
  }

  private final OneDnn dnn;
  private final Problem problem;
  private final Arithmetic arithmetic;
  private final int threads;
  private final Arena arena = Arena.ofShared();
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final List<MemorySegment> memories = new ArrayList<>();
  private final List<Integer> roles = new ArrayList<>();
  private final MemorySegment input;
  private final MemorySegment output;
  private final MemorySegment primitive;
  private final MemorySegment arguments;
  private final String kernel;
  private final long packedBytes;

  /**
   * @param weights native memory, dense: {@code n} rows of {@code k}; filters OHWI
   * @param threads that share each run, the caller's among them
   * @throws OneDnnException if oneDNN cannot
   */
  public OneDnnOperation(
      OneDnn dnn, Problem problem, Arithmetic arithmetic, MemorySegment weights, int threads) {
    this.dnn = dnn;
    this.problem = problem;
    this.arithmetic = arithmetic;
    this.threads = threads;
    dnn.setThreads(threads);
    try {
      MemorySegment descriptor = descriptor(attributes());
      kernel = dnn.implementation(descriptor);
      MemorySegment src = activations(arithmetic.lhs(), true);
      MemorySegment dst = activations(arithmetic.dst(), false);
      input = room(src);
      output = room(dst);
      argument(SRC, src, input);
      argument(DST, dst, output);
      MemorySegment packed = dnn.pointer("dnnl_primitive_desc_query_md", descriptor, WEIGHTS_MD, 0);
      packedBytes = dnn.size("dnnl_memory_desc_get_size", packed);
      MemorySegment room = room(packed);
      argument(WEIGHTS, packed, room);
      reorder(weights, packed, memories.getLast());
      if (arithmetic.bias != null) {
        argument(BIAS, biasDescriptor(), floats(arithmetic.bias));
      }
      if (arithmetic.multipliers != null) {
        MemorySegment values = floats(arithmetic.multipliers);
        argument(SCALES | WEIGHTS, vector(ElementType.F32, arithmetic.multipliers.length), values);
      }
      zeroPoint(SRC, arithmetic.lhsZeroPoint);
      zeroPoint(DST, arithmetic.dstZeroPoint);
      primitive = make("primitive", "dnnl_primitive_create", descriptor);
      arguments = arguments();
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /** Where the activations go: {@code m} rows of {@code k}, NHWC. */
  public MemorySegment input() {
    return input;
  }

  /** Where the result is: {@code m} rows of {@code n}, NHWC. */
  public MemorySegment output() {
    return output;
  }

  /** What runs, in oneDNN's words. */
  public String kernel() {
    return kernel;
  }

  /** Bytes of the weights as oneDNN laid them out. */
  public long packedBytes() {
    return packedBytes;
  }

  public void run() {
    dnn.setThreads(threads); // a property of the calling thread
    dnn.execute(primitive, roles.size(), arguments);
  }

  private MemorySegment descriptor(MemorySegment attributes) {
    MemorySegment src = activations(arithmetic.lhs(), true);
    MemorySegment any = weightsDescriptor(true);
    MemorySegment bias = arithmetic.bias == null ? MemorySegment.NULL : biasDescriptor();
    MemorySegment dst = activations(arithmetic.dst(), false);
    return switch (problem) {
      case Gemm g ->
          make(
              "primitive_desc",
              "dnnl_matmul_primitive_desc_create",
              dnn.engine(),
              src,
              any,
              bias,
              dst,
              attributes);
      case Conv c -> {
        Window w = c.window();
        yield make(
            "primitive_desc",
            "dnnl_convolution_forward_primitive_desc_create",
            dnn.engine(),
            INFERENCE,
            DIRECT,
            src,
            any,
            bias,
            dst,
            longs(w.strideHeight(), w.strideWidth()),
            longs(w.dilationHeight() - 1, w.dilationWidth() - 1),
            longs(w.padTop(), w.padLeft()),
            longs(w.padBottom(), w.padRight()),
            attributes);
      }
    };
  }

  private MemorySegment attributes() {
    MemorySegment attributes = make("primitive_attr", "dnnl_primitive_attr_create");
    if (arithmetic.multipliers != null) {
      int mask = problem instanceof Gemm ? 2 : groups() == 1 ? 1 : 3; // the output channels
      dnn.check("dnnl_primitive_attr_set_scales_mask", attributes, WEIGHTS, mask);
    }
    if (arithmetic.lhsZeroPoint != 0) {
      dnn.check("dnnl_primitive_attr_set_zero_points_mask", attributes, SRC, 0);
    }
    if (arithmetic.dstZeroPoint != 0) {
      dnn.check("dnnl_primitive_attr_set_zero_points_mask", attributes, DST, 0);
    }
    return attributes;
  }

  private int groups() {
    return problem instanceof Conv c ? c.groups() : 1;
  }

  /** The activations that go in or come out. */
  private MemorySegment activations(ElementType type, boolean in) {
    return switch (problem) {
      case Gemm g -> {
        long columns = in ? g.k() : g.n();
        yield strided(type, new long[] {g.m(), columns}, columns, 1);
      }
      case Conv c -> {
        long channels = in ? c.channels() : c.outChannels();
        long height = in ? c.height() : c.outHeight();
        long width = in ? c.width() : c.outWidth();
        yield strided(
            type,
            new long[] {c.batch(), channels, height, width},
            height * width * channels,
            1,
            width * channels,
            channels);
      }
    };
  }

  /** The weights as oneDNN likes them, or as they are given. */
  private MemorySegment weightsDescriptor(boolean any) {
    long[] extents;
    long[] strides;
    switch (problem) {
      case Gemm g -> {
        extents = new long[] {g.k(), g.n()};
        strides = new long[] {1, g.k()};
      }
      case Conv c -> {
        long groups = c.groups();
        long outs = c.outChannels() / groups;
        long ins = c.groupChannels();
        long kh = c.window().kernelHeight();
        long kw = c.window().kernelWidth();
        long filter = kh * kw * ins;
        if (groups == 1) {
          extents = new long[] {outs, ins, kh, kw};
          strides = new long[] {filter, 1, kw * ins, ins};
        } else {
          extents = new long[] {groups, outs, ins, kh, kw};
          strides = new long[] {outs * filter, filter, 1, kw * ins, ins};
        }
      }
    }
    return any
        ? make(
            "memory_desc",
            "dnnl_memory_desc_create_with_tag",
            extents.length,
            longs(extents),
            code(arithmetic.rhs()),
            ANY)
        : strided(arithmetic.rhs(), extents, strides);
  }

  private MemorySegment biasDescriptor() {
    long n = problem.outputChannels();
    return problem instanceof Gemm
        ? strided(ElementType.F32, new long[] {1, n}, n, 1)
        : vector(ElementType.F32, n);
  }

  private MemorySegment vector(ElementType type, long count) {
    return strided(type, new long[] {count}, 1);
  }

  private MemorySegment strided(ElementType type, long[] extents, long... strides) {
    return make(
        "memory_desc",
        "dnnl_memory_desc_create_with_strides",
        extents.length,
        longs(extents),
        code(type),
        longs(strides));
  }

  private void reorder(MemorySegment weights, MemorySegment packed, MemorySegment to) {
    MemorySegment given = weightsDescriptor(false);
    MemorySegment from = make("memory", "dnnl_memory_create", given, dnn.engine(), weights);
    MemorySegment descriptor =
        make(
            "primitive_desc",
            "dnnl_reorder_primitive_desc_create",
            given,
            dnn.engine(),
            packed,
            dnn.engine(),
            MemorySegment.NULL);
    MemorySegment reorder = make("primitive", "dnnl_primitive_create", descriptor);
    MemorySegment pair = arena.allocate(32);
    argument(pair, 0, SRC, from);
    argument(pair, 1, DST, to);
    dnn.execute(reorder, 2, pair);
  }

  private void zeroPoint(int role, int value) {
    if (value != 0) {
      MemorySegment room = arena.allocateFrom(JAVA_INT, value);
      argument(ZERO_POINTS | role, vector(ElementType.S32, 1), room);
    }
  }

  /** Memory for what a descriptor describes. */
  private MemorySegment room(MemorySegment descriptor) {
    return arena.allocate(Math.max(1, dnn.size("dnnl_memory_desc_get_size", descriptor)), 64);
  }

  private void argument(int role, MemorySegment descriptor, MemorySegment room) {
    roles.add(role);
    memories.add(make("memory", "dnnl_memory_create", descriptor, dnn.engine(), room));
  }

  private MemorySegment arguments() {
    MemorySegment array = arena.allocate(16L * roles.size(), 8);
    for (int i = 0; i < roles.size(); i++) {
      argument(array, i, roles.get(i), memories.get(i));
    }
    return array;
  }

  /** Element {@code i} of an array of {@code dnnl_exec_arg_t}. */
  private static void argument(MemorySegment array, int i, int role, MemorySegment memory) {
    array.set(JAVA_INT, 16L * i, role);
    array.set(ADDRESS, 16L * i + 8, memory);
  }

  private MemorySegment floats(float[] values) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
  }

  private MemorySegment longs(long... values) {
    return arena.allocateFrom(JAVA_LONG, values);
  }

  /** Makes an object that {@link #close} destroys. */
  private MemorySegment make(String kind, String function, Object... parameters) {
    MemorySegment made = dnn.make(function, parameters);
    undo.push(() -> dnn.check("dnnl_" + kind + "_destroy", made));
    return made;
  }

  private static int code(ElementType type) {
    return switch (type) {
      case F32 -> 3;
      case S32 -> 4;
      case S8 -> 5;
      case U8 -> 6;
    };
  }

  @Override
  public void close() {
    undo.forEach(Runnable::run);
    undo.clear();
    arena.close();
  }
}
