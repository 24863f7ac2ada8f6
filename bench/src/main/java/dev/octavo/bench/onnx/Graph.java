package dev.octavo.bench.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octavo.conformance.vectors.OnnxNode;
import dev.octavo.conformance.vectors.OnnxTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A model's graph with the look-ups that reading it needs: constants, makers and users by name. */
final class Graph {

  private final GraphProto proto;
  private final Map<String, OnnxTensor> constants = new HashMap<>();
  private final Map<String, NodeProto> makers = new HashMap<>();
  private final Map<String, List<NodeProto>> users = new HashMap<>();

  /**
   * @param folder where the model's file lies, for weights kept beside it; null when it came from
   *     elsewhere
   */
  Graph(ModelProto model, Path folder) throws IOException {
    this.proto = model.getGraph();
    for (TensorProto tensor : proto.getInitializerList()) {
      constants.put(tensor.getName(), tensor(tensor, folder));
    }
    for (NodeProto node : proto.getNodeList()) {
      if (node.getOpType().equals("Constant") && node.getAttribute(0).getName().equals("value")) {
        constants.put(node.getOutput(0), tensor(node.getAttribute(0).getT(), folder));
      }
      node.getOutputList().forEach(name -> makers.put(name, node));
      node.getInputList()
          .forEach(name -> users.computeIfAbsent(name, any -> new ArrayList<>()).add(node));
    }
  }

  private static OnnxTensor tensor(TensorProto tensor, Path folder) throws IOException {
    if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
      return OnnxTensor.of(tensor);
    }
    Map<String, String> where =
        tensor.getExternalDataList().stream()
            .collect(
                Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
    String location = where.getOrDefault("location", "");
    if (folder == null || !folder.resolve(location).normalize().startsWith(folder)) {
      throw new IOException(
          "tensor %s is kept outside the model, in \"%s\"".formatted(tensor.getName(), location));
    }
    try (FileChannel channel = FileChannel.open(folder.resolve(location))) {
      long offset = Long.parseLong(where.getOrDefault("offset", "0"));
      long length = Long.parseLong(where.getOrDefault("length", "" + (channel.size() - offset)));
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new IOException(
              "%s ends before the last of tensor %s".formatted(location, tensor.getName()));
        }
      }
      int[] dims = tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
      return new OnnxTensor(tensor.getDataType(), dims, bytes.array());
    }
  }

  GraphProto proto() {
    return proto;
  }

  /** The node with those of its inputs that are constant. */
  OnnxNode node(NodeProto node) {
    return new OnnxNode(node, constants, List.of());
  }

  Optional<OnnxTensor> constant(String name) {
    return Optional.ofNullable(constants.get(name));
  }

  /** The node that makes the node's input at that place; empty for constants and graph inputs. */
  Optional<NodeProto> maker(NodeProto node, int index) {
    return index < node.getInputCount()
        ? Optional.ofNullable(makers.get(node.getInput(index)))
        : Optional.empty();
  }

  /**
   * The one node that uses the node's first output; empty when several do, or the graph's caller.
   */
  Optional<NodeProto> onlyUser(NodeProto node) {
    String name = node.getOutput(0);
    List<NodeProto> all = users.getOrDefault(name, List.of());
    boolean leaves = proto.getOutputList().stream().anyMatch(o -> o.getName().equals(name));
    return all.size() == 1 && !leaves ? Optional.of(all.getFirst()) : Optional.empty();
  }
}
