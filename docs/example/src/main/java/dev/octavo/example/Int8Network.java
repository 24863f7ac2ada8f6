package dev.octavo.example;

import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Quantization;
import dev.octavo.QuantizeSpec;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A network of {@link FloatLayer}s, computed in 8-bit integers.
 *
 * <pre>
 *   float32 ─▶ quantize ─▶ u8 ─▶ gemm, requantize ─▶ u8 ─▶ … ─▶ gemm, dequantize ─▶ float32
 * </pre>
 *
 * Between the layers there is no float32: each GEMM rescales its accumulators to the quantization
 * of the next layer's input, and its clamp at 0 is the ReLU.
 */
final class Int8Network {
  private final Kernel quantize;
  private final List<Kernel> layers = new ArrayList<>();
  private int weightBytes;
  private int biasBytes;

  /**
   * Quantizes a network.
   *
   * @param samples typical inputs; they show which values occur in each layer
   * @param choose the backend for a spec, {@code Backends::best} for one
   * @param arena owns the packed weights
   */
  Int8Network(
      List<FloatLayer> network,
      List<float[]> samples,
      Function<Spec, Backend> choose,
      Arena arena) {
    List<Quantization> inputs = calibrate(network, samples);
    QuantizeSpec first = inputs.getFirst().quantize();
    quantize = choose.apply(first).prepare(first, arena);
    for (int l = 0; l < network.size(); l++) {
      boolean last = l + 1 == network.size();
      layers.add(
          layer(network.get(l), inputs.get(l), last ? null : inputs.get(l + 1), choose, arena));
    }
  }

  /** The quantization of each layer's input: u8 over the range that the samples show. */
  private static List<Quantization> calibrate(List<FloatLayer> network, List<float[]> samples) {
    float[] low = new float[network.size()];
    float[] high = new float[network.size()];
    for (float[] sample : samples) {
      float[] x = sample;
      for (int l = 0; l < network.size(); l++) {
        for (float value : x) {
          low[l] = Math.min(low[l], value);
          high[l] = Math.max(high[l], value);
        }
        x = network.get(l).apply(x);
      }
    }
    List<Quantization> inputs = new ArrayList<>();
    for (int l = 0; l < network.size(); l++) {
      inputs.add(Quantization.asymmetric(ElementType.U8, low[l], high[l]));
    }
    return inputs;
  }

  /**
   * One layer as a GEMM: s8 weights with a scale for each output, u8 input.
   *
   * @param out the quantization of the next layer's input; null for float32 output
   */
  private Kernel layer(
      FloatLayer layer,
      Quantization in,
      Quantization out,
      Function<Spec, Backend> choose,
      Arena arena) {
    Quantization weights = Quantization.symmetricPerChannel(layer.weights(), layer.outputs());
    float inScale = in.scales().at(0);
    int inZero = in.zeroPoints().at(0);

    QuantizeSpec toInt8 = weights.quantize();
    MemorySegment bytes = arena.allocate(layer.weights().length);
    choose
        .apply(toInt8)
        .prepare(toInt8, arena)
        .run(toInt8.elements(1, layer.inputs()), MemorySegment.ofArray(layer.weights()), bytes);
    weightBytes += layer.weights().length;
    biasBytes += layer.bias().length * Integer.BYTES;

    GemmSpec spec =
        GemmSpec.of(layer.outputs(), layer.inputs())
            .withLhs(ElementType.U8, new LhsQuantization.Fixed(inZero, inScale));
    Bias bias;
    if (out == null) {
      spec = spec.withOutput(new Output.Dequantized(weights.scales()));
      bias = Bias.of(layer.bias());
    } else {
      int outZero = out.zeroPoints().at(0);
      Output.Requantized requantized =
          Output.Requantized.onnx(
              ElementType.U8, inScale, weights.scales(), out.scales().at(0), outZero);
      int lowest = layer.relu() ? outZero : ElementType.U8.min();
      spec = spec.withOutput(requantized.withClamp(lowest, ElementType.U8.max()));
      int[] accumulatorUnits = new int[layer.outputs()];
      for (int o = 0; o < layer.outputs(); o++) {
        accumulatorUnits[o] = Math.round(layer.bias()[o] / (inScale * weights.scales().at(o)));
      }
      bias = Bias.of(accumulatorUnits);
    }
    return choose
        .apply(spec)
        .prepare(spec, Weights.rowsOfK(bytes, layer.inputs()).withBias(bias), arena);
  }

  /** The outputs for m inputs, row by row. */
  float[] run(float[] inputs, int m) {
    try (Arena arena = Arena.ofConfined()) {
      QuantizeSpec first = (QuantizeSpec) quantize.spec();
      MemorySegment x = arena.allocate(inputs.length);
      quantize.run(first.elements(1, inputs.length), MemorySegment.ofArray(inputs), x);
      for (Kernel layer : layers) {
        GemmSpec spec = (GemmSpec) layer.spec();
        MemorySegment y = arena.allocate(layer.outputBytes(spec.rows(m)), 64);
        layer.run(spec.rows(m), x, y);
        x = y;
      }
      return x.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /** The kernel of each layer. */
  List<Kernel> layers() {
    return layers;
  }

  int weightBytes() {
    return weightBytes;
  }

  int biasBytes() {
    return biasBytes;
  }
}
