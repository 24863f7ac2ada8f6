package dev.octavo.bench.peers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.octavo.ElementType;

/** An ONNX model of one operator with one input {@code x}, one output {@code y}, and constants. */
final class OneOperator {

  /** ONNX Runtime's own operators; the standard's are in the empty domain. */
  static final String CONTRIB = "com.microsoft";

  private final NodeProto.Builder node;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("one");

  OneOperator(String domain, String operator) {
    node = NodeProto.newBuilder().setDomain(domain).setOpType(operator).addOutput("y");
  }

  /** The next argument is what is given with each run. */
  OneOperator input(ElementType type, long... extents) {
    node.addInput("x");
    graph.addInput(info("x", type, extents));
    return this;
  }

  /** The next argument is stored in the model, so that it can be packed beforehand. */
  OneOperator constant(ElementType type, ByteString data, long... extents) {
    String name = "c" + node.getInputCount();
    node.addInput(name);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(code(type)).setRawData(data);
    for (long extent : extents) {
      tensor.addDims(extent);
    }
    graph.addInitializer(tensor);
    return this;
  }

  OneOperator attribute(String name, long value) {
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.INT)
            .setI(value));
    return this;
  }

  OneOperator attribute(String name, long[] values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    node.addAttribute(attribute);
    return this;
  }

  /** The model, in the format of a file. */
  byte[] output(ElementType type, long... extents) {
    graph.addOutput(info("y", type, extents)).addNode(node);
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(15))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(CONTRIB).setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static ValueInfoProto info(String name, ElementType type, long... extents) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long extent : extents) {
      shape.addDim(Dimension.newBuilder().setDimValue(extent));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(code(type)).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static int code(ElementType type) {
    return switch (type) {
      case U8 -> TensorProto.DataType.UINT8.getNumber();
      case S8 -> TensorProto.DataType.INT8.getNumber();
      case S32 -> TensorProto.DataType.INT32.getNumber();
      case F32 -> TensorProto.DataType.FLOAT.getNumber();
    };
  }
}
