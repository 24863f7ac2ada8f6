package dev.octavo.bench.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octavo.Window;
import dev.octavo.conformance.vectors.OnnxConv;
import dev.octavo.conformance.vectors.OnnxNode;
import dev.octavo.conformance.vectors.OnnxTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The extents of what flows through a graph, as far as they can be told: from what the file says of
 * them, and else forwards through the operators that networks are made of. An extent with a name
 * instead of a number is 1 if it is a batch, and otherwise the length of a sequence.
 */
final class Extents {

  private final Graph graph;
  private final int sequence;
  private final Map<String, int[]> known = new HashMap<>();

  Extents(Graph graph, int sequence) {
    this.graph = graph;
    this.sequence = sequence;
    graph.proto().getInputList().forEach(this::declared);
    graph.proto().getValueInfoList().forEach(this::declared);
    graph.proto().getOutputList().forEach(this::declared);
    for (NodeProto node : graph.proto().getNodeList()) { // in an order in which they can run
      if (!known.containsKey(node.getOutput(0))) {
        derived(graph.node(node)).ifPresent(e -> known.put(node.getOutput(0), e));
      }
    }
  }

  /** The extents of a value; empty when they cannot be told. */
  Optional<int[]> of(String name) {
    return Optional.ofNullable(known.get(name))
        .or(() -> graph.constant(name).map(OnnxTensor::dims));
  }

  private void declared(ValueInfoProto value) {
    var type = value.getType().getTensorType();
    if (type.hasShape()) {
      int[] extents = type.getShape().getDimList().stream().mapToInt(this::extent).toArray();
      if (IntStream.of(extents).allMatch(e -> e > 0)) {
        known.put(value.getName(), extents);
      }
    }
  }

  private int extent(Dimension dimension) {
    if (dimension.hasDimValue()) {
      // Some exporters write 0 or −1 for a batch of any size.
      return dimension.getDimValue() > 0 ? Math.toIntExact(dimension.getDimValue()) : 1;
    }
    String name = dimension.getDimParam().toLowerCase(java.util.Locale.ROOT);
    return name.contains("batch") || name.equals("n") ? 1 : name.isEmpty() ? -1 : sequence;
  }

  private Optional<int[]> input(OnnxNode node, int index) {
    return index < node.proto().getInputCount()
        ? of(node.proto().getInput(index))
        : Optional.empty();
  }

  private Optional<int[]> derived(OnnxNode node) {
    return switch (node.op()) {
      case "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "Relu",
          "LeakyRelu",
          "Clip",
          "Sigmoid",
          "HardSigmoid",
          "HardSwish",
          "Tanh",
          "Erf",
          "Sqrt",
          "Cast",
          "Identity",
          "Dropout",
          "BatchNormalization",
          "LRN",
          "Softmax",
          "LayerNormalization",
          "QLinearLeakyRelu",
          "QLinearSigmoid",
          "Gelu",
          "FastGelu",
          "BiasGelu" ->
          input(node, 0);
      case "Add", "Sub", "Mul", "Div", "Pow" -> larger(input(node, 0), input(node, 1));
      case "QLinearAdd", "QLinearMul" -> larger(input(node, 0), input(node, 3));
      case "Conv", "ConvInteger" -> convolved(node, 1);
      case "QLinearConv" -> convolved(node, 3);
      case "MaxPool", "AveragePool", "QLinearAveragePool" -> pooled(node);
      case "GlobalAveragePool", "QLinearGlobalAveragePool" ->
          input(node, 0).map(e -> new int[] {e[0], e[1], 1, 1});
      case "MatMul", "MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul" ->
          multiplied(node, 1);
      case "QLinearMatMul" -> multiplied(node, 3);
      case "Gemm", "QGemm" -> flat(node, node.op().equals("Gemm") ? 1 : 3);
      case "Flatten" -> input(node, 0).map(e -> new int[] {e[0], product(e, 1)});
      case "Concat" -> joined(node, 0, 1);
      case "QLinearConcat" -> joined(node, 2, 3);
      default -> Optional.empty();
    };
  }

  private static Optional<int[]> larger(Optional<int[]> a, Optional<int[]> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.or(() -> b);
    }
    return product(a.get(), 0) >= product(b.get(), 0) ? a : b;
  }

  private Optional<int[]> convolved(OnnxNode node, int filter) {
    Optional<int[]> in = input(node, 0);
    Optional<OnnxTensor> w = node.optional(filter);
    if (in.isEmpty() || w.isEmpty() || in.get().length != 4) {
      return Optional.empty();
    }
    int[] e = in.get();
    Window window = OnnxConv.window(node, e[2], e[3], w.get().dim(2), w.get().dim(3));
    return Optional.of(
        new int[] {e[0], w.get().dim(0), window.outHeight(e[2]), window.outWidth(e[3])});
  }

  private Optional<int[]> pooled(OnnxNode node) {
    Optional<int[]> in = input(node, 0);
    if (in.isEmpty() || in.get().length != 4) {
      return Optional.empty();
    }
    int[] e = in.get();
    int[] kernel = node.attribute("kernel_shape", 2, 1);
    Window window = OnnxConv.window(node, e[2], e[3], kernel[0], kernel[1]);
    if (node.attribute("ceil_mode", 0) == 1) { // room for a last window that is not full
      window =
          window.withPadding(
              window.padTop(),
              window.padLeft(),
              window.padBottom() + window.strideHeight() - 1,
              window.padRight() + window.strideWidth() - 1);
    }
    return Optional.of(new int[] {e[0], e[1], window.outHeight(e[2]), window.outWidth(e[3])});
  }

  private Optional<int[]> multiplied(OnnxNode node, int rhs) {
    Optional<int[]> lhs = input(node, 0);
    Optional<int[]> other = input(node, rhs);
    if (lhs.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    int[] e = lhs.get().clone();
    e[e.length - 1] = other.get()[other.get().length - 1];
    return Optional.of(e);
  }

  private Optional<int[]> flat(OnnxNode node, int rhs) {
    int column = node.attribute("transB", 0) == 1 ? 0 : 1;
    return input(node, 0).flatMap(a -> input(node, rhs).map(b -> new int[] {a[0], b[column]}));
  }

  private Optional<int[]> joined(OnnxNode node, int first, int step) {
    Optional<int[]> start = input(node, first);
    if (start.isEmpty()) {
      return start;
    }
    int[] sum = start.get().clone();
    int axis = Math.floorMod(node.attribute("axis", 0), sum.length);
    for (int i = first + step; i < node.proto().getInputCount(); i += step) {
      Optional<int[]> next = input(node, i);
      if (next.isEmpty() || next.get().length != sum.length) {
        return Optional.empty();
      }
      sum[axis] += next.get()[axis];
    }
    return Optional.of(sum);
  }

  /** Product of the extents from an axis on. */
  static int product(int[] extents, int from) {
    return IntStream.of(extents).skip(from).reduce(1, Math::multiplyExact);
  }
}
