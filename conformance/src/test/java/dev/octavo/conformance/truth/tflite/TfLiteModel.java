package dev.octavo.conformance.truth.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.octavo.ElementType;
import dev.octavo.conformance.truth.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.lite.schema.BufferT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptionsUnion;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.ModelT;
import org.tensorflow.lite.schema.OperatorCodeT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;

/** A TensorFlow Lite model of one operator, made in memory. */
final class TfLiteModel {
  /** Operators, and the functions that give their kernels (the C++ names as linkers know them). */
  enum Operator {
    CONV_2D(
        BuiltinOperator.CONV_2D,
        "_ZN6tflite3ops7builtin24Register_CONVOLUTION_REFEv",
        "_ZN6tflite3ops7builtin16Register_CONV_2DEv"),
    DEPTHWISE_CONV_2D(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        "_ZN6tflite3ops7builtin34Register_DEPTHWISE_CONVOLUTION_REFEv",
        "_ZN6tflite3ops7builtin26Register_DEPTHWISE_CONV_2DEv"),
    FULLY_CONNECTED(
        BuiltinOperator.FULLY_CONNECTED,
        "_ZN6tflite3ops7builtin28Register_FULLY_CONNECTED_REFEv",
        "_ZN6tflite3ops7builtin24Register_FULLY_CONNECTEDEv"),
    QUANTIZE(
        BuiltinOperator.QUANTIZE,
        "_ZN6tflite3ops7builtin21Register_QUANTIZE_REFEv",
        "_ZN6tflite3ops7builtin17Register_QUANTIZEEv"),
    DEQUANTIZE(
        BuiltinOperator.DEQUANTIZE,
        "_ZN6tflite3ops7builtin23Register_DEQUANTIZE_REFEv",
        "_ZN6tflite3ops7builtin19Register_DEQUANTIZEEv");

    private final int code;
    private final String reference;
    private final String builtin;

    Operator(int code, String reference, String builtin) {
      this.code = code;
      this.reference = reference;
      this.builtin = builtin;
    }

    int code() {
      return code;
    }

    String reference() {
      return reference;
    }

    String builtin() {
      return builtin;
    }
  }

  private final Operator operator;
  private final List<TensorT> tensors = new ArrayList<>();
  private final List<BufferT> buffers = new ArrayList<>();
  private BuiltinOptionsUnion options;

  TfLiteModel(Operator operator) {
    this.operator = operator;
    buffers.add(new BufferT()); // by convention the first buffer is empty: "no data"
  }

  Operator operator() {
    return operator;
  }

  /** The next tensor, whose data is given or computed at run time. The first is the input. */
  TfLiteModel tensor(ElementType type, long[] extents, QuantizationParametersT quantization) {
    return add(type, extents, quantization, 0);
  }

  /** The next tensor, whose data is part of the model. */
  TfLiteModel constant(Tensor value, QuantizationParametersT quantization) {
    int[] bytes = new int[Math.toIntExact(value.data().byteSize())];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = value.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) & 0xff;
    }
    BufferT buffer = new BufferT();
    buffer.setData(bytes);
    buffers.add(buffer);
    return add(value.type(), value.extents(), quantization, buffers.size() - 1);
  }

  private TfLiteModel add(
      ElementType type, long[] extents, QuantizationParametersT quantization, int buffer) {
    TensorT tensor = new TensorT();
    tensor.setName("t" + tensors.size());
    tensor.setType(
        switch (type) {
          case U8 -> TensorType.UINT8;
          case S8 -> TensorType.INT8;
          case S32 -> TensorType.INT32;
          case F32 -> TensorType.FLOAT32;
        });
    tensor.setShape(Arrays.stream(extents).mapToInt(Math::toIntExact).toArray());
    tensor.setBuffer(buffer);
    tensor.setQuantization(quantization);
    tensors.add(tensor);
    return this;
  }

  /** The operator's options: one of the …OptionsT classes, with its code in BuiltinOptions. */
  TfLiteModel options(byte type, Object value) {
    options = new BuiltinOptionsUnion();
    options.setType(type);
    options.setValue(value);
    return this;
  }

  /** Quantization per tensor, or along one axis. */
  static QuantizationParametersT quantization(float[] scales, int[] zeroPoints, int axis) {
    QuantizationParametersT parameters = new QuantizationParametersT();
    parameters.setScale(scales);
    parameters.setZeroPoint(Arrays.stream(zeroPoints).asLongStream().toArray());
    parameters.setQuantizedDimension(axis);
    return parameters;
  }

  /** Quantization per tensor. */
  static QuantizationParametersT quantization(float scale, int zeroPoint) {
    return quantization(new float[] {scale}, new int[] {zeroPoint}, 0);
  }

  /** The model: the first tensor is the input, the last the output. */
  byte[] bytes() {
    int last = tensors.size() - 1;
    OperatorCodeT code = new OperatorCodeT();
    code.setBuiltinCode(operator.code);
    code.setDeprecatedBuiltinCode((byte) operator.code);
    code.setVersion(1);
    OperatorT node = new OperatorT();
    node.setInputs(java.util.stream.IntStream.range(0, last).toArray());
    node.setOutputs(new int[] {last});
    node.setBuiltinOptions(options);
    SubGraphT graph = new SubGraphT();
    graph.setTensors(tensors.toArray(TensorT[]::new));
    graph.setInputs(new int[] {0});
    graph.setOutputs(new int[] {last});
    graph.setOperators(new OperatorT[] {node});
    ModelT model = new ModelT();
    model.setVersion(3);
    model.setOperatorCodes(new OperatorCodeT[] {code});
    model.setSubgraphs(new SubGraphT[] {graph});
    model.setBuffers(buffers.toArray(BufferT[]::new));
    FlatBufferBuilder builder = new FlatBufferBuilder();
    Model.finishModelBuffer(builder, Model.pack(builder, model));
    return builder.sizedByteArray();
  }
}
