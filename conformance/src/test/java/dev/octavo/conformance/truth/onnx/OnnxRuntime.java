package dev.octavo.conformance.truth.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.octavo.ElementType;
import dev.octavo.conformance.truth.Claim;
import dev.octavo.conformance.truth.Library;
import dev.octavo.conformance.truth.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** ONNX Runtime, its CPU provider, one thread, graph rewriting off: the operator as it is. */
final class OnnxRuntime {
  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "truth");

  private static final Library LIBRARY = new Library("ONNX Runtime", ENVIRONMENT.getVersion());

  private OnnxRuntime() {}

  /** A row of the table. */
  static Claim claim(String operator, String recipe) {
    return LIBRARY.claim(operator, recipe);
  }

  /** The outputs of a model. */
  static Tensor[] run(OnnxModel model, ElementType... outputs) {
    Map<String, OnnxTensor> feeds = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = ENVIRONMENT.createSession(model.bytes(15, outputs), options)) {
        for (Map.Entry<String, Tensor> input : model.inputs().entrySet()) {
          feeds.put(input.getKey(), feed(input.getValue()));
        }
        try (OrtSession.Result result = session.run(feeds)) {
          Tensor[] tensors = new Tensor[outputs.length];
          for (int i = 0; i < outputs.length; i++) {
            tensors[i] = copy((OnnxTensor) result.get(i), outputs[i]);
          }
          return tensors;
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(model + ": " + e.getMessage(), e);
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  /** The only output of a model. */
  static Tensor run(OnnxModel model, ElementType output) {
    return run(model, new ElementType[] {output})[0];
  }

  private static OnnxTensor feed(Tensor tensor) throws OrtException {
    ByteBuffer buffer = tensor.data().asByteBuffer().order(ByteOrder.nativeOrder());
    return switch (tensor.type()) {
      case U8 -> OnnxTensor.createTensor(ENVIRONMENT, buffer, tensor.extents(), OnnxJavaType.UINT8);
      case S8 -> OnnxTensor.createTensor(ENVIRONMENT, buffer, tensor.extents(), OnnxJavaType.INT8);
      case S32 -> OnnxTensor.createTensor(ENVIRONMENT, buffer.asIntBuffer(), tensor.extents());
      case F32 -> OnnxTensor.createTensor(ENVIRONMENT, buffer.asFloatBuffer(), tensor.extents());
    };
  }

  private static Tensor copy(OnnxTensor theirs, ElementType type) {
    Tensor tensor = Tensor.of(type, theirs.getInfo().getShape());
    MemorySegment data = tensor.data();
    switch (type) {
      case U8, S8 -> data.copyFrom(MemorySegment.ofBuffer(theirs.getByteBuffer()));
      case S32 -> data.copyFrom(MemorySegment.ofBuffer(theirs.getIntBuffer()));
      case F32 -> data.copyFrom(MemorySegment.ofBuffer(theirs.getFloatBuffer()));
    }
    return tensor;
  }
}
