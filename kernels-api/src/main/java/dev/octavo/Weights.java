package dev.octavo;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Weights and bias as the caller holds them; {@link Backend#prepare} reads them once and keeps no
 * reference. Element [o, h, w, i] of a filter is the byte at o·outStride + h·heightStride +
 * w·widthStride + i·inStride; a GEMM's rhs[n, k] is element [n, 0, 0, k].
 *
 * @param data heap or native
 * @param outStride bytes from one output channel (n) to the next
 * @param heightStride bytes from one filter row to the next; not used by a GEMM
 * @param widthStride bytes from one filter column to the next; not used by a GEMM
 * @param inStride bytes from one input channel (k) to the next
 * @param bias none, or one per output channel
 */
public record Weights(
    MemorySegment data,
    long outStride,
    long heightStride,
    long widthStride,
    long inStride,
    Bias bias) {

  /** No weights and no bias: what the elementwise specs take. */
  public static final Weights NONE = new Weights(MemorySegment.NULL, 0, 0, 0, 0, Bias.none());

  public Weights {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(bias, "bias");
    Checks.atLeast("output channel stride", outStride, 0);
    Checks.atLeast("filter row stride", heightStride, 0);
    Checks.atLeast("filter column stride", widthStride, 0);
    Checks.atLeast("input channel stride", inStride, 0);
  }

  /** A dense matrix of n rows of k, as PyTorch and TensorFlow Lite hold it. */
  public static Weights rowsOfK(MemorySegment data, int k) {
    return new Weights(data, k, 0, 0, 1, Bias.none());
  }

  /** A dense matrix of k rows of n, as ONNX holds it. */
  public static Weights rowsOfN(MemorySegment data, int n) {
    return new Weights(data, 1, 0, 0, n, Bias.none());
  }

  /** Dense filters, output channel outermost, input channel innermost: TensorFlow Lite. */
  public static Weights ohwi(MemorySegment data, ConvSpec spec) {
    long i = spec.groupInChannels();
    long row = i * spec.window().kernelWidth();
    return new Weights(data, row * spec.window().kernelHeight(), row, i, 1, Bias.none());
  }

  /** Dense filters, output channel outermost, columns innermost: ONNX and PyTorch. */
  public static Weights oihw(MemorySegment data, ConvSpec spec) {
    long row = spec.window().kernelWidth();
    long plane = row * spec.window().kernelHeight();
    return new Weights(data, plane * spec.groupInChannels(), row, 1, plane, Bias.none());
  }

  /**
   * Dense filters, output channel innermost: TensorFlow, and TensorFlow Lite's depthwise filters.
   */
  public static Weights hwio(MemorySegment data, ConvSpec spec) {
    long tap = (long) spec.outChannels() * spec.groupInChannels();
    return new Weights(
        data, 1, tap * spec.window().kernelWidth(), tap, spec.outChannels(), Bias.none());
  }

  /** The same weights with a bias. */
  public Weights withBias(Bias bias) {
    return new Weights(data, outStride, heightStride, widthStride, inStride, bias);
  }

  /** Byte offset of filter element [o, h, w, i]. */
  public long offset(int o, int h, int w, int i) {
    return o * outStride + h * heightStride + w * widthStride + i * inStride;
  }
}
