package dev.octavo.bench.engines;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octavo.ElementType;
import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A product or convolution made ready in oneDNN, as its own documentation advises: activations stay
 * row after row (NHWC), weights are laid out once as oneDNN likes them.
 *
 * <pre>dst = (Σ (src − zs)·weights) · multiplier[c] + bias[c] + zd</pre>
 */
public final class OneDnnOperation implements AutoCloseable {

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
  private final OneDnnObjects own;
  private final OneDnnDescriptors descriptors;
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
    own = new OneDnnObjects(dnn);
    descriptors = new OneDnnDescriptors(own, problem);
    dnn.setThreads(threads);
    try {
      MemorySegment descriptor = descriptor(attributes());
      kernel = dnn.implementation(descriptor);
      MemorySegment src = descriptors.activations(arithmetic.lhs(), true);
      MemorySegment dst = descriptors.activations(arithmetic.dst(), false);
      input = own.room(src);
      output = own.room(dst);
      argument(SRC, src, input);
      argument(DST, dst, output);
      MemorySegment packed = dnn.pointer("dnnl_primitive_desc_query_md", descriptor, WEIGHTS_MD, 0);
      packedBytes = dnn.size("dnnl_memory_desc_get_size", packed);
      MemorySegment room = own.room(packed);
      argument(WEIGHTS, packed, room);
      reorder(weights, packed, memories.getLast());
      if (arithmetic.bias != null) {
        argument(BIAS, descriptors.bias(), own.floats(arithmetic.bias));
      }
      if (arithmetic.multipliers != null) {
        MemorySegment values = own.floats(arithmetic.multipliers);
        argument(
            SCALES | WEIGHTS,
            descriptors.vector(ElementType.F32, arithmetic.multipliers.length),
            values);
      }
      zeroPoint(SRC, arithmetic.lhsZeroPoint);
      zeroPoint(DST, arithmetic.dstZeroPoint);
      primitive = own.make("primitive", "dnnl_primitive_create", descriptor);
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
    MemorySegment src = descriptors.activations(arithmetic.lhs(), true);
    MemorySegment any = descriptors.weights(arithmetic.rhs(), true);
    MemorySegment bias = arithmetic.bias == null ? MemorySegment.NULL : descriptors.bias();
    MemorySegment dst = descriptors.activations(arithmetic.dst(), false);
    return switch (problem) {
      case Gemm g ->
          own.make(
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
        yield own.make(
            "primitive_desc",
            "dnnl_convolution_forward_primitive_desc_create",
            dnn.engine(),
            INFERENCE,
            DIRECT,
            src,
            any,
            bias,
            dst,
            own.longs(w.strideHeight(), w.strideWidth()),
            own.longs(w.dilationHeight() - 1, w.dilationWidth() - 1),
            own.longs(w.padTop(), w.padLeft()),
            own.longs(w.padBottom(), w.padRight()),
            attributes);
      }
    };
  }

  private MemorySegment attributes() {
    MemorySegment attributes = own.make("primitive_attr", "dnnl_primitive_attr_create");
    if (arithmetic.multipliers != null) {
      dnn.check("dnnl_primitive_attr_set_scales_mask", attributes, WEIGHTS, channelMask());
    }
    if (arithmetic.lhsZeroPoint != 0) {
      dnn.check("dnnl_primitive_attr_set_zero_points_mask", attributes, SRC, 0);
    }
    if (arithmetic.dstZeroPoint != 0) {
      dnn.check("dnnl_primitive_attr_set_zero_points_mask", attributes, DST, 0);
    }
    return attributes;
  }

  private void reorder(MemorySegment weights, MemorySegment packed, MemorySegment to) {
    MemorySegment given = descriptors.weights(arithmetic.rhs(), false);
    MemorySegment from = own.make("memory", "dnnl_memory_create", given, dnn.engine(), weights);
    MemorySegment descriptor =
        own.make(
            "primitive_desc",
            "dnnl_reorder_primitive_desc_create",
            given,
            dnn.engine(),
            packed,
            dnn.engine(),
            MemorySegment.NULL);
    MemorySegment reorder = own.make("primitive", "dnnl_primitive_create", descriptor);
    MemorySegment pair = own.bytes(32, 8);
    argument(pair, 0, SRC, from);
    argument(pair, 1, DST, to);
    dnn.execute(reorder, 2, pair);
  }

  private void zeroPoint(int role, int value) {
    if (value != 0) {
      MemorySegment room = own.ints(value);
      argument(ZERO_POINTS | role, descriptors.vector(ElementType.S32, 1), room);
    }
  }

  private void argument(int role, MemorySegment descriptor, MemorySegment room) {
    roles.add(role);
    memories.add(own.make("memory", "dnnl_memory_create", descriptor, dnn.engine(), room));
  }

  private MemorySegment arguments() {
    MemorySegment array = own.bytes(16L * roles.size(), 8);
    for (int i = 0; i < roles.size(); i++) {
      argument(array, i, roles.get(i), memories.get(i));
    }
    return array;
  }

  /** Which extents of the weights are the output channels: a bit for each. */
  private int channelMask() {
    return switch (problem) {
      case Gemm g -> 0b10;
      case Conv c -> c.groups() == 1 ? 0b1 : 0b11;
    };
  }

  /** Element {@code i} of an array of {@code dnnl_exec_arg_t}. */
  private static void argument(MemorySegment array, int i, int role, MemorySegment memory) {
    array.set(JAVA_INT, 16L * i, role);
    array.set(ADDRESS, 16L * i + 8, memory);
  }

  @Override
  public void close() {
    own.close();
  }
}
