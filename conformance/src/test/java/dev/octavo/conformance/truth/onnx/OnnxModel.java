package dev.octavo.conformance.truth.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.octavo.ElementType;
import dev.octavo.conformance.truth.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX model of one operator, made in memory. */
final class OnnxModel {
  /** The operators of the standard. */
  static final String STANDARD = "";

  /** ONNX Runtime's own operators. */
  static final String CONTRIB = "com.microsoft";

  private final String domain;
  private final String operator;
  private final List<OnnxMl.AttributeProto> attributes = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();

  OnnxModel(String domain, String operator) {
    this.domain = domain;
    this.operator = operator;
  }

  /** The next argument, given with each run. */
  OnnxModel input(Tensor value) {
    String name = "x" + arguments.size();
    arguments.add(name);
    inputs.put(name, value);
    return this;
  }

  /** The next argument, stored in the model: what ONNX Runtime packs in advance. */
  OnnxModel constant(Tensor value) {
    String name = "c" + arguments.size();
    arguments.add(name);
    constants.put(name, value);
    return this;
  }

  /** The next argument, one way or the other. */
  OnnxModel argument(Tensor value, boolean constant) {
    return constant ? constant(value) : input(value);
  }

  /** The next argument is left out. */
  OnnxModel absent() {
    arguments.add("");
    return this;
  }

  OnnxModel attribute(String name, long... values) {
    OnnxMl.AttributeProto.Builder attribute =
        OnnxMl.AttributeProto.newBuilder()
            .setName(name)
            .setType(OnnxMl.AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    attributes.add(attribute.build());
    return this;
  }

  OnnxModel attribute(String name, int value) {
    attributes.add(
        OnnxMl.AttributeProto.newBuilder()
            .setName(name)
            .setType(OnnxMl.AttributeProto.AttributeType.INT)
            .setI(value)
            .build());
    return this;
  }

  OnnxModel attribute(String name, float value) {
    attributes.add(
        OnnxMl.AttributeProto.newBuilder()
            .setName(name)
            .setType(OnnxMl.AttributeProto.AttributeType.FLOAT)
            .setF(value)
            .build());
    return this;
  }

  /** What a run is fed. */
  Map<String, Tensor> inputs() {
    return inputs;
  }

  /** The model, with outputs y0, y1, … of these types. */
  byte[] bytes(int opset, ElementType... outputs) {
    OnnxMl.NodeProto.Builder node =
        OnnxMl.NodeProto.newBuilder()
            .setDomain(domain)
            .setOpType(operator)
            .addAllInput(arguments)
            .addAllAttribute(attributes);
    OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName(operator);
    inputs.forEach((name, value) -> graph.addInput(info(name, value.type(), value.extents())));
    constants.forEach((name, value) -> graph.addInitializer(initializer(name, value)));
    for (int i = 0; i < outputs.length; i++) {
      node.addOutput("y" + i);
      graph.addOutput(info("y" + i, outputs[i], null));
    }
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(
            OnnxMl.OperatorSetIdProto.newBuilder().setDomain(STANDARD).setVersion(opset))
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setDomain(CONTRIB).setVersion(1))
        .setGraph(graph.addNode(node))
        .build()
        .toByteArray();
  }

  /** extents may be null: not known. */
  private static OnnxMl.ValueInfoProto info(String name, ElementType type, long[] extents) {
    OnnxMl.TypeProto.Tensor.Builder tensor =
        OnnxMl.TypeProto.Tensor.newBuilder().setElemType(code(type));
    if (extents != null) {
      OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
      for (long extent : extents) {
        shape.addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(extent));
      }
      tensor.setShape(shape);
    }
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static OnnxMl.TensorProto initializer(String name, Tensor value) {
    OnnxMl.TensorProto.Builder tensor =
        OnnxMl.TensorProto.newBuilder()
            .setName(name)
            .setDataType(code(value.type()))
            .setRawData(ByteString.copyFrom(value.data().asByteBuffer()));
    for (long extent : value.extents()) {
      tensor.addDims(extent);
    }
    return tensor.build();
  }

  private static int code(ElementType type) {
    OnnxMl.TensorProto.DataType code =
        switch (type) {
          case U8 -> OnnxMl.TensorProto.DataType.UINT8;
          case S8 -> OnnxMl.TensorProto.DataType.INT8;
          case S32 -> OnnxMl.TensorProto.DataType.INT32;
          case F32 -> OnnxMl.TensorProto.DataType.FLOAT;
        };
    return code.getNumber();
  }
}
