package dev.octavo.conformance.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.conformance.vectors.VectorCase.Format;
import dev.octavo.conformance.vectors.VectorCase.Result;
import dev.octavo.conformance.vectors.VectorCase.Status;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The readers on cases of our own, a few numbers each, worked out by hand: they need no folder
 * beside the checkout.
 */
class OwnVectorsTest {
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int INT32 = 6;
  private static final int FLOAT16 = 10;
  private static final int INT16 = 5;

  private final Backend scalar = Backends.named("scalar");

  @Test
  void cmsisCases() throws IOException, URISyntaxException {
    Path folder = Path.of(OwnVectorsTest.class.getResource("/vectors").toURI());
    List<VectorCase> cases = Vectors.under(folder);
    assertEquals(3, cases.size());
    for (VectorCase vector : cases) {
      passes(vector);
    }
  }

  @Test
  void aWrongAnswerFails(@TempDir Path folder) throws IOException, URISyntaxException {
    Path right = Path.of(OwnVectorsTest.class.getResource("/vectors/own_depthwise.json").toURI());
    Path wrong = folder.resolve("wrong.json");
    Files.writeString(
        wrong, Files.readString(right).replace("[-1, 4, 10, 127]", "[-1, 4, 11, 127]"));
    Result result = new VectorCase("wrong", Format.CMSIS_NN, wrong).run(scalar);
    assertEquals(Status.FAIL, result.status());
    assertTrue(
        result.detail().contains("output[0, 0, 0, 2] (byte 2): expected 11, got 10"),
        result::detail);
  }

  @Test
  void whatIsNoCaseIsUnsupportedOrUnreadable(@TempDir Path folder) throws IOException {
    Path json = folder.resolve("other.json");
    Files.writeString(json, "{\"name\": \"something else\"}");
    assertEquals(
        Status.UNSUPPORTED, new VectorCase("other", Format.CMSIS_NN, json).run(scalar).status());
    Files.writeString(json, "{\"params\": {");
    assertEquals(Status.FAIL, new VectorCase("broken", Format.CMSIS_NN, json).run(scalar).status());
  }

  @Test
  void matMulIntegerBroadcastsAndTakesAZeroPointForEachRow(@TempDir Path folder)
      throws IOException {
    write(
        folder,
        node("MatMulInteger"),
        List.of(
            bytes(UINT8, List.of(2, 2, 1), 1, 2, 3, 4),
            bytes(INT8, List.of(1, 1, 2), 10, -1),
            bytes(UINT8, List.of(2, 1), 1, 0)),
        List.of(ints(List.of(2, 2, 2), 0, 0, 20, -2, 20, -2, 40, -4)));
    passes(found(folder));
  }

  @Test
  void qLinearMatMulTakesFloat16Scales(@TempDir Path folder) throws IOException {
    // In float16, 0.1 · 0.1 / 0.02 is a little less than 1/2: 3 times that is no tie, and gives 1.
    write(
        folder,
        node("QLinearMatMul"),
        List.of(
            bytes(UINT8, List.of(1, 1), 3),
            halves(0.1f),
            bytes(UINT8, List.of(1), 0),
            bytes(UINT8, List.of(1, 2), 1, 2),
            halves(0.1f),
            bytes(UINT8, List.of(1), 0),
            halves(0.02f),
            bytes(UINT8, List.of(1), 7)),
        List.of(bytes(UINT8, List.of(1, 2), 8, 10)));
    passes(found(folder));
  }

  @Test
  void oneDimensionalConvolutionWithSamePadding(@TempDir Path folder) throws IOException {
    NodeProto.Builder node = node("ConvInteger");
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName("auto_pad")
            .setS(ByteString.copyFromUtf8("SAME_LOWER")));
    write(
        folder,
        node,
        List.of(
            bytes(UINT8, List.of(1, 1, 3), 6, 7, 9),
            bytes(INT8, List.of(1, 1, 2), 1, 10),
            bytes(UINT8, List.of(), 5)),
        List.of(ints(List.of(1, 1, 3), 10, 21, 42)));
    passes(found(folder));
  }

  @Test
  void quantizationInBlocks(@TempDir Path folder) throws IOException {
    NodeProto.Builder node = node("QuantizeLinear");
    node.addAttribute(AttributeProto.newBuilder().setName("axis").setI(0));
    node.addAttribute(AttributeProto.newBuilder().setName("block_size").setI(2));
    write(
        folder,
        node,
        List.of(
            floats(List.of(3, 2), 1, 2, 3, 4, 5, 6),
            floats(List.of(2, 2), 1, 2, 0.5f, 0.25f),
            bytes(INT8, List.of(2, 2), 0, 1, 2, 3)),
        List.of(bytes(INT8, List.of(3, 2), 1, 2, 3, 3, 12, 27)));
    passes(found(folder));
  }

  @Test
  void typesBeyondEightBitsAreUnsupported(@TempDir Path folder) throws IOException {
    write(
        folder,
        node("DequantizeLinear"),
        List.of(new Tensor(INT16, List.of(1), new byte[] {1, 0}), floats(List.of(), 1)),
        List.of(floats(List.of(1), 1)));
    Result result = found(folder).run(scalar);
    assertEquals(Status.UNSUPPORTED, result.status());
    assertTrue(result.detail().contains("INT16"), result::detail);
  }

  private void passes(VectorCase vector) {
    Result result = vector.run(scalar);
    assertEquals(Status.PASS, result.status(), () -> vector + ": " + result.detail());
  }

  private static VectorCase found(Path folder) throws IOException {
    List<VectorCase> cases = Vectors.under(folder);
    assertEquals(1, cases.size());
    return cases.getFirst();
  }

  private record Tensor(int type, List<Integer> dims, byte[] bytes) {
    TensorProto proto() {
      TensorProto.Builder proto =
          TensorProto.newBuilder().setDataType(type).setRawData(ByteString.copyFrom(bytes));
      dims.forEach(proto::addDims);
      return proto.build();
    }
  }

  private static Tensor bytes(int type, List<Integer> dims, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return new Tensor(type, dims, bytes.array());
  }

  private static Tensor ints(List<Integer> dims, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return new Tensor(INT32, dims, bytes.array());
  }

  private static Tensor floats(List<Integer> dims, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new Tensor(FLOAT, dims, bytes.array());
  }

  private static Tensor halves(float value) {
    ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort(Float.floatToFloat16(value));
    return new Tensor(FLOAT16, List.of(1), bytes.array());
  }

  private static NodeProto.Builder node(String op) {
    return NodeProto.newBuilder().setOpType(op).addOutput("y");
  }

  /** Writes a node test as ONNX keeps them. */
  private static void write(
      Path folder, NodeProto.Builder node, List<Tensor> inputs, List<Tensor> outputs)
      throws IOException {
    Path data = Files.createDirectories(folder.resolve("test_data_set_0"));
    GraphProto.Builder graph = GraphProto.newBuilder();
    for (int i = 0; i < inputs.size(); i++) {
      node.addInput("x" + i);
      graph.addInput(ValueInfoProto.newBuilder().setName("x" + i));
      Files.write(data.resolve("input_" + i + ".pb"), inputs.get(i).proto().toByteArray());
    }
    for (int i = 0; i < outputs.size(); i++) {
      Files.write(data.resolve("output_" + i + ".pb"), outputs.get(i).proto().toByteArray());
    }
    ModelProto model = ModelProto.newBuilder().setGraph(graph.addNode(node)).build();
    Files.write(folder.resolve("model.onnx"), model.toByteArray());
  }
}
