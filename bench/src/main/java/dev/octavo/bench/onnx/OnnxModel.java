package dev.octavo.bench.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.octavo.conformance.vectors.UnsupportedCaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The quantized products and convolutions of an ONNX file.
 *
 * @param name of the file
 * @param layers in the order in which they run
 * @param skipped reasons why others were left out, and how often
 */
public record OnnxModel(String name, List<ModelLayer> layers, Map<String, Integer> skipped) {

  private static final String BUNDLED = "all-minilm-l6-v2-q.onnx";

  /** The model that comes with the bench: all-MiniLM-L6-v2, int8, 22 M parameters. */
  public static OnnxModel bundled(int sequence) throws IOException {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(BUNDLED)) {
      if (in == null) {
        throw new IOException(BUNDLED + " is not on the class path");
      }
      return read(BUNDLED, in, null, sequence);
    }
  }

  /**
   * Reads a file.
   *
   * @param sequence rows of an input whose extent the file leaves open
   * @throws IOException if it cannot be read or is no ONNX model
   */
  public static OnnxModel read(Path file, int sequence) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Path folder = file.toAbsolutePath().normalize().getParent();
      return read(file.getFileName().toString(), in, folder, sequence);
    }
  }

  private static OnnxModel read(String name, InputStream in, Path folder, int sequence)
      throws IOException {
    CodedInputStream coded = CodedInputStream.newInstance(in);
    coded.setSizeLimit(Integer.MAX_VALUE);
    ModelProto model;
    try {
      model = ModelProto.parseFrom(coded);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(name + " is no ONNX model: " + e.getMessage(), e);
    }
    if (model.getGraph().getNodeCount() == 0) {
      throw new IOException(name + " is no ONNX model: it has no nodes");
    }
    Graph graph = new Graph(model, folder);
    LayerReader reader = new LayerReader(graph, new Extents(graph, sequence), sequence);
    List<ModelLayer> layers = new ArrayList<>();
    Map<String, Integer> skipped = new TreeMap<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      try {
        reader.layer(node).ifPresent(layers::add);
      } catch (UnsupportedCaseException | IllegalArgumentException e) {
        skipped.merge(node.getOpType() + ": " + e.getMessage(), 1, Integer::sum);
      }
    }
    return new OnnxModel(name, layers, skipped);
  }
}
