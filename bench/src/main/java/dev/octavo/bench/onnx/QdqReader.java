package dev.octavo.bench.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Scales;
import dev.octavo.bench.onnx.LayerBuilder.Operands;
import dev.octavo.conformance.vectors.OnnxNode;
import dev.octavo.conformance.vectors.OnnxTensor;
import dev.octavo.conformance.vectors.UnsupportedCaseException;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads float operators that stand between quantizing nodes, the other form in which quantized
 * models are written: DequantizeLinear → Conv, MatMul or Gemm → (Relu) → QuantizeLinear. A runtime
 * fuses such a chain to one integer operator, and that is the layer. Where no QuantizeLinear
 * follows, the result stays float32.
 */
final class QdqReader {

  private final Graph graph;
  private final LayerBuilder builder;

  QdqReader(Graph graph, LayerBuilder builder) {
    this.graph = graph;
    this.builder = builder;
  }

  /** The layer; empty for a node whose operands are not quantized. */
  Optional<ModelLayer> layer(OnnxNode node) throws IOException {
    Optional<OnnxNode> lhs = dequantize(node, 0);
    Optional<OnnxNode> rhs = dequantize(node, 1);
    if (lhs.isEmpty() || rhs.isEmpty() || rhs.get().optional(0).isEmpty()) {
      return Optional.empty();
    }
    float lhsScale = lhs.get().scale(1);
    Scales rhsScales = Scales.of(rhs.get().input(1).floats());
    OnnxTensor zero = lhs.get().optional(2).orElse(null);
    Optional<Output> requantized = requantized(node, lhsScale, rhsScales);
    Operands operands =
        new Operands(
            zero == null ? ElementType.U8 : zero.element(),
            new LhsQuantization.Fixed(zero == null ? 0 : zero.integers()[0], lhsScale),
            rhs.get().input(0),
            node.attribute("transB", 0) == 1,
            rhs.get().zeroPoints(2),
            requantized.orElseGet(() -> new Output.Dequantized(rhsScales)),
            bias(node, lhsScale, rhsScales));
    String op = "QDQ " + node.op();
    return Optional.of(
        node.op().equals("Conv")
            ? builder.convolution(node, op, operands)
            : builder.product(node, op, operands));
  }

  private Optional<OnnxNode> dequantize(OnnxNode node, int input) {
    return graph
        .maker(node.proto(), input)
        .filter(m -> m.getOpType().equals("DequantizeLinear"))
        .map(graph::node);
  }

  /** The QuantizeLinear that follows, with a Relu in between as its clamp. */
  private Optional<Output> requantized(OnnxNode node, float lhsScale, Scales rhsScales)
      throws IOException {
    Optional<NodeProto> next = graph.onlyUser(node.proto());
    boolean relu = next.filter(n -> n.getOpType().equals("Relu")).isPresent();
    if (relu) {
      next = graph.onlyUser(next.get());
    }
    if (next.filter(n -> n.getOpType().equals("QuantizeLinear")).isEmpty()) {
      return Optional.empty();
    }
    OnnxNode quantize = graph.node(next.get());
    int zero = quantize.zeroPoints(2)[0];
    Output.Requantized output =
        Output.Requantized.onnx(
            quantize.quantizedType(2), lhsScale, rhsScales, quantize.scale(1), zero);
    return Optional.of(relu ? output.withClamp(zero, output.type().max()) : output);
  }

  /** An int32 bias, as the file has it or made of a float32 one: round(b / (lhs · rhs scale)). */
  private Bias bias(OnnxNode node, float lhsScale, Scales rhsScales) throws IOException {
    Optional<OnnxNode> dequantized = dequantize(node, 2);
    if (dequantized.isPresent()) {
      return Bias.of(dequantized.get().input(0).integers());
    }
    if (node.optional(2).isEmpty()) {
      if (node.proto().getInputCount() > 2) {
        throw new UnsupportedCaseException("its bias is computed");
      }
      return Bias.none();
    }
    float[] real = node.input(2).floats();
    int[] bias = new int[real.length];
    for (int c = 0; c < bias.length; c++) {
      double unit = (double) lhsScale * rhsScales.at(c);
      bias[c] = (int) Math.rint(real[c] / unit); // saturates, as the quantizers do
    }
    return Bias.of(bias);
  }
}
