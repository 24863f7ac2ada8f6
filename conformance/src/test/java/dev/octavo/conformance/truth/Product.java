package dev.octavo.conformance.truth;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.LhsQuantization;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.Scales;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Problem;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A GEMM or convolution with its data, in the layout of the library it is put to. Accumulators are
 * held as [cells][channels], whatever the layout of the output.
 */
public sealed interface Product permits GemmProduct, ConvProduct {
  /** Activations. */
  Tensor lhs();

  /** Weights. */
  Tensor rhs();

  /** Zero point of the activations. */
  int lhsZeroPoint();

  /** Zero points of the weights: one, or one per channel. */
  int[] rhsZeroPoints();

  /** Output channels. */
  int channels();

  /** Length of the sums. */
  int k();

  /** What the operands were made from. */
  long seed();

  /** Random numbers for what is yet to be chosen, scales and bias: always the same ones. */
  default SplittableRandom random() {
    return new SplittableRandom(~seed());
  }

  /** Accumulators without bias, modulo 2^32, straight from the definition. */
  int[] accumulators();

  /** Where the output element of a cell and channel lies. */
  int position(int cell, int channel);

  /** Extents of the output. */
  long[] outputExtents();

  /** The spec of this product. */
  Spec spec(LhsQuantization lhs, Output output);

  /** The weights as our kernels take them. */
  Weights weights(Bias bias);

  /** The shape that goes with a spec. */
  Shape shape(Spec spec);

  /** The problem that our backends are given; the zero point of the lhs is fixed. */
  default Problem problem(Output output, Bias bias) {
    return problem(LhsQuantization.zeroPoint(lhsZeroPoint()), output, bias);
  }

  /** The problem that our backends are given. */
  default Problem problem(LhsQuantization lhs, Output output, Bias bias) {
    Spec spec = spec(lhs, output);
    Weights w = weights(bias);
    long[] strides = {w.outStride(), w.heightStride(), w.widthStride(), w.inStride()};
    Filter filter = new Filter(rhs().bytes(), strides, bias);
    return new Problem(spec, filter, shape(spec), lhs().bytes());
  }

  /** One function of an accumulator and its channel, into an output element. */
  @FunctionalInterface
  interface Epilogue {
    void write(Tensor output, int position, int acc, int channel);
  }

  /** What the norm says of accumulators, laid out as the output is. */
  default Tensor output(ElementType type, int[] acc, Epilogue epilogue) {
    Tensor output = Tensor.of(type, outputExtents());
    for (int i = 0; i < acc.length; i++) {
      int channel = i % channels();
      epilogue.write(output, position(i / channels(), channel), acc[i], channel);
    }
    return output;
  }

  /** The accumulators themselves. */
  default Tensor output(int[] acc) {
    return output(ElementType.S32, acc, (out, at, a, c) -> out.put(at, a));
  }

  /** Requantized by the norm. */
  default Tensor output(int[] acc, Output.Requantized requantized) {
    return output(
        requantized.type(),
        acc,
        (out, at, a, c) -> out.put(at, Norm.requantize(requantized, a, c)));
  }

  /** Requantized by the norm, with whatever bias the recipe takes. */
  default Tensor output(Output.Requantized requantized, Bias bias) {
    int[] none = null;
    return switch (bias) {
      case Bias.None n -> output(accumulators(none), requantized);
      case Bias.Int32 b -> {
        int[] counts = new int[channels()];
        Arrays.setAll(counts, b::at);
        yield output(accumulators(counts), requantized);
      }
      case Bias.Float32 b ->
          output(
              requantized.type(),
              accumulators(none),
              (out, at, a, c) -> out.put(at, Norm.requantize(requantized, a, b.at(c), c)));
    };
  }

  /** Dequantized by the norm; bias may be null. */
  default Tensor output(int[] acc, float lhsScale, Scales rhsScales, float[] bias) {
    return output(
        ElementType.F32,
        acc,
        (out, at, a, c) -> {
          float scale = lhsScale * rhsScales.at(c);
          out.put(
              at,
              bias == null
                  ? Norm.dequantizeAccumulator(a, scale)
                  : Norm.dequantizeAccumulator(a, scale, bias[c]));
        });
  }

  /** Accumulators with an int32 bias added modulo 2^32; bias may be null. */
  default int[] accumulators(int[] bias) {
    int[] acc = accumulators();
    if (bias != null) {
      for (int i = 0; i < acc.length; i++) {
        acc[i] += bias[i % channels()];
      }
    }
    return acc;
  }

  /** A bias as our kernels take it; null is none. */
  static Bias bias(int[] bias) {
    return bias == null ? Bias.none() : Bias.of(bias);
  }
}
