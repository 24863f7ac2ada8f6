package dev.octavo.bench.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Scales;
import dev.octavo.bench.onnx.LayerBuilder.Operands;
import dev.octavo.conformance.vectors.OnnxNode;
import dev.octavo.conformance.vectors.OnnxRequantize;
import dev.octavo.conformance.vectors.OnnxTensor;
import dev.octavo.conformance.vectors.UnsupportedCaseException;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the quantized operators: those of ONNX, and those that ONNX Runtime's quantizer writes.
 * Each line of {@link #layer} says which of the node's inputs is what.
 */
final class LayerReader {

  private final Graph graph;
  private final LayerBuilder builder;
  private final QdqReader qdq;

  LayerReader(Graph graph, Extents extents, int sequence) {
    this.graph = graph;
    this.builder = new LayerBuilder(extents, sequence);
    this.qdq = new QdqReader(graph, builder);
  }

  /**
   * The layer that a node is; empty if it is no quantized product or convolution.
   *
   * @throws UnsupportedCaseException if it is one that no spec describes
   */
  Optional<ModelLayer> layer(NodeProto proto) throws IOException {
    OnnxNode node = graph.node(proto);
    return switch (node.op()) {
      case "MatMulInteger" -> Optional.of(builder.product(node, node.op(), sums(node, 0, 1, 2, 3)));
      case "ConvInteger" ->
          Optional.of(builder.convolution(node, node.op(), sums(node, 0, 1, 2, 3)));
      case "QLinearMatMul" ->
          Optional.of(builder.product(node, node.op(), requantized(node, Bias.none())));
      case "QLinearConv" ->
          Optional.of(builder.convolution(node, node.op(), requantized(node, int32Bias(node, 8))));
      case "QGemm" -> Optional.of(builder.product(node, node.op(), qgemm(node)));
      case "MatMulIntegerToFloat" ->
          Optional.of(builder.product(node, node.op(), floats(node, 1, 2, 3, 4, 5, 6)));
      case "DynamicQuantizeMatMul" ->
          Optional.of(builder.product(node, node.op(), floats(node, 1, -1, 2, -1, 3, 4)));
      case "QAttention" -> // the projection to queries, keys and values
          Optional.of(builder.product(node, node.op(), floats(node, 1, 3, 4, 6, 7, 2)));
      case "Conv", "MatMul", "Gemm" -> qdq.layer(node);
      default -> Optional.empty();
    };
  }

  /** Int32 sums as they are. */
  private Operands sums(OnnxNode node, int lhs, int rhs, int lhsZero, int rhsZero) {
    return new Operands(
        lhsType(node, lhs, lhsZero),
        lhs(node, -1, lhsZero),
        weights(node, rhs),
        false,
        node.zeroPoints(rhsZero),
        Output.ACCUMULATORS,
        Bias.none());
  }

  /** QLinearMatMul and QLinearConv. */
  private Operands requantized(OnnxNode node, Bias bias) throws IOException {
    OnnxTensor weights = weights(node, 3);
    return new Operands(
        lhsType(node, 0, 2),
        lhs(node, 1, 2),
        weights,
        false,
        node.zeroPoints(5),
        OnnxRequantize.output(node, 1, 4, 6, 7),
        bias);
  }

  private Operands qgemm(OnnxNode node) throws IOException {
    float alpha =
        node.proto().getAttributeList().stream()
            .filter(a -> a.getName().equals("alpha"))
            .map(a -> a.getF())
            .findFirst()
            .orElse(1f);
    if (alpha != 1f || node.attribute("transA", 0) != 0) {
      throw new UnsupportedCaseException("alpha " + alpha + " or a transposed input");
    }
    boolean requantized = node.optional(7).isPresent();
    return new Operands(
        lhsType(node, 0, 2),
        lhs(node, 1, 2),
        weights(node, 3),
        node.attribute("transB", 0) == 1,
        node.zeroPoints(5),
        requantized
            ? OnnxRequantize.output(node, 1, 4, 7, 8)
            : new Output.Dequantized(Scales.of(node.input(4).floats())),
        int32Bias(node, 6));
  }

  /**
   * Sums made float32, with a float32 bias; a place of −1 means that the node has no such input.
   */
  private Operands floats(
      OnnxNode node, int rhs, int lhsScale, int rhsScale, int lhsZero, int rhsZero, int bias)
      throws IOException {
    return new Operands(
        lhsZero < 0 ? ElementType.U8 : lhsType(node, 0, lhsZero),
        lhsZero < 0 ? new LhsQuantization.PerTensor() : lhs(node, lhsScale, lhsZero),
        weights(node, rhs),
        false,
        node.zeroPoints(rhsZero),
        new Output.Dequantized(Scales.of(node.input(rhsScale).floats())),
        node.optional(bias).map(b -> Bias.of(b.floats())).orElse(Bias.none()));
  }

  private static OnnxTensor weights(OnnxNode node, int input) {
    return node.optional(input)
        .orElseThrow(() -> new UnsupportedCaseException("its weights are computed"));
  }

  private static Bias int32Bias(OnnxNode node, int input) {
    return node.optional(input).map(b -> Bias.of(b.integers())).orElse(Bias.none());
  }

  /** Zero point and scale of lhs: fixed if the file has them, else known at run time. */
  private static LhsQuantization lhs(OnnxNode node, int scale, int zeroPoint) {
    boolean zeroGiven = given(node, zeroPoint);
    boolean scaleGiven = scale >= 0 && given(node, scale);
    Optional<OnnxTensor> zero = node.optional(zeroPoint);
    Optional<OnnxTensor> factor = scaleGiven ? node.optional(scale) : Optional.empty();
    if (zeroGiven && zero.isEmpty() || scaleGiven && factor.isEmpty()) {
      return new LhsQuantization.PerTensor();
    }
    if (zero.isPresent() && zero.get().count() != 1) {
      throw new UnsupportedCaseException(zero.get().count() + " zero points of its input");
    }
    return new LhsQuantization.Fixed(
        zero.map(z -> z.integers()[0]).orElse(0), factor.map(f -> f.floats()[0]).orElse(1f));
  }

  private static boolean given(OnnxNode node, int input) {
    return input < node.proto().getInputCount() && !node.proto().getInput(input).isEmpty();
  }

  /** From its zero point, else from the node that quantized it; u8 if nobody says. */
  private ElementType lhsType(OnnxNode node, int lhs, int zeroPoint) {
    return node.optional(zeroPoint)
        .map(OnnxTensor::element)
        .or(
            () ->
                graph
                    .maker(node.proto(), lhs)
                    .filter(q -> q.getOpType().equals("QuantizeLinear"))
                    .map(q -> graph.node(q).quantizedType(2)))
        .orElse(ElementType.U8);
  }
}
