package dev.octavo.conformance.vectors;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.octavo.conformance.vectors.VectorCase.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One ONNX node test: {@code model.onnx} with one node, {@code test_data_set_…/input_….pb} and
 * {@code output_….pb}.
 */
final class OnnxReader {
  private OnnxReader() {}

  static List<Part> read(Path folder) throws IOException {
    GraphProto graph =
        ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx"))).getGraph();
    if (graph.getNodeCount() != 1) {
      throw new UnsupportedCaseException("a graph of " + graph.getNodeCount() + " nodes");
    }
    List<Part> parts = new ArrayList<>();
    for (int set = 0; Files.isDirectory(folder.resolve("test_data_set_" + set)); set++) {
      parts.addAll(parts(node(graph, folder.resolve("test_data_set_" + set))));
    }
    if (parts.isEmpty()) {
      throw new IOException("no test_data_set_0 in " + folder);
    }
    return parts;
  }

  private static OnnxNode node(GraphProto graph, Path data) throws IOException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    for (TensorProto constant : graph.getInitializerList()) {
      inputs.put(constant.getName(), OnnxTensor.of(constant));
    }
    for (int i = 0; Files.exists(data.resolve("input_" + i + ".pb")); i++) {
      inputs.put(graph.getInput(i).getName(), tensor(data.resolve("input_" + i + ".pb")));
    }
    List<OnnxTensor> outputs = new ArrayList<>();
    for (int i = 0; Files.exists(data.resolve("output_" + i + ".pb")); i++) {
      outputs.add(tensor(data.resolve("output_" + i + ".pb")));
    }
    NodeProto node = graph.getNode(0);
    return new OnnxNode(node, inputs, outputs);
  }

  private static OnnxTensor tensor(Path file) throws IOException {
    try {
      return OnnxTensor.of(TensorProto.parseFrom(Files.readAllBytes(file)));
    } catch (InvalidProtocolBufferException e) {
      throw new UnsupportedCaseException(file.getFileName() + " is no tensor: " + e.getMessage());
    }
  }

  private static List<Part> parts(OnnxNode node) throws IOException {
    return switch (node.op()) {
      case "MatMulInteger", "QLinearMatMul" -> OnnxMatMul.parts(node);
      case "ConvInteger", "QLinearConv" -> OnnxConv.parts(node);
      case "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear" ->
          OnnxElementwise.parts(node);
      default -> throw new UnsupportedCaseException("the operator " + node.op());
    };
  }
}
