package dev.octavo.bench.peers;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.octavo.ElementType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** A model ready to run, with input and output in place, so that no run allocates or copies. */
final class OnnxRuntimeSession implements AutoCloseable {

  private final OnnxModels.Made made;
  private final OrtSession session;
  private final OnnxTensor input;
  private final OnnxTensor output;
  private final MemorySegment outputBytes;

  /**
   * @throws UnsupportedOperationException if ONNX Runtime has no kernel for the operator with these
   *     types
   */
  OnnxRuntimeSession(OnnxModels.Made made, int threads) {
    this.made = made;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment().createSession(made.model(), options);
    } catch (OrtException e) {
      throw new UnsupportedOperationException(e.getMessage().lines().findFirst().orElse(""), e);
    }
    try {
      ByteBuffer in = ByteBuffer.allocateDirect((int) made.task().problem().inputElements());
      MemorySegment.ofBuffer(in).copyFrom(arranged(made.task().input()));
      input = tensor(in, made.task().spec().inputType(), made.inputExtents());
      ElementType type = made.task().spec().outputType();
      long bytes = made.task().problem().outputElements() * type.bytes();
      ByteBuffer out = ByteBuffer.allocateDirect(Math.toIntExact(bytes));
      outputBytes = MemorySegment.ofBuffer(out);
      output = tensor(out, type, made.outputExtents());
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "octavo");
  }

  private static OnnxTensor tensor(ByteBuffer buffer, ElementType type, long[] extents)
      throws OrtException {
    buffer.order(ByteOrder.nativeOrder());
    return switch (type) {
      case U8 -> OnnxTensor.createTensor(environment(), buffer, extents, OnnxJavaType.UINT8);
      case S8 -> OnnxTensor.createTensor(environment(), buffer, extents, OnnxJavaType.INT8);
      case S32 -> OnnxTensor.createTensor(environment(), buffer.asIntBuffer(), extents);
      case F32 -> OnnxTensor.createTensor(environment(), buffer.asFloatBuffer(), extents);
    };
  }

  void run() {
    try {
      session.run(Map.of("x", input), Map.of("y", output)).close();
    } catch (OrtException e) {
      throw new IllegalStateException(made.operator() + ": " + e.getMessage(), e);
    }
  }

  /** The bytes of the output as the model leaves them. */
  MemorySegment output() {
    return outputBytes;
  }

  /** The output with channels last. */
  MemorySegment result() {
    if (!made.channelsFirst()) {
      return outputBytes;
    }
    long[] e = made.outputExtents(); // NCHW
    int pixels = (int) (e[2] * e[3]);
    int width = made.task().spec().outputType().bytes();
    return transposed(outputBytes, (int) e[0], (int) e[1], pixels, width);
  }

  /** NHWC as the model wants it. */
  private MemorySegment arranged(MemorySegment nhwc) {
    if (!made.channelsFirst()) {
      return nhwc;
    }
    long[] e = made.inputExtents(); // NCHW
    return transposed(nhwc, (int) e[0], (int) (e[2] * e[3]), (int) e[1], 1);
  }

  /** Swaps rows and columns of each of {@code count} matrices. */
  private static MemorySegment transposed(
      MemorySegment from, int count, int rows, int columns, int width) {
    MemorySegment to = MemorySegment.ofArray(new byte[count * rows * columns * width]);
    for (int i = 0; i < count; i++) {
      long matrix = (long) i * rows * columns;
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          long source = (matrix + (long) r * columns + c) * width;
          long target = (matrix + (long) c * rows + r) * width;
          MemorySegment.copy(from, source, to, target, width);
        }
      }
    }
    return to;
  }

  @Override
  public void close() {
    try {
      output.close();
      input.close();
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
