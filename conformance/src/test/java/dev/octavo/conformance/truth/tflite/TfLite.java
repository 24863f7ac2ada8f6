package dev.octavo.conformance.truth.tflite;

import static java.lang.foreign.MemorySegment.NULL;

import dev.octavo.conformance.truth.Claim;
import dev.octavo.conformance.truth.Library;
import dev.octavo.conformance.truth.NativeLibrary;
import dev.octavo.conformance.truth.SkippedWithout;
import dev.octavo.conformance.truth.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** TensorFlow Lite through its C API, one thread, one of its engines at a time. */
enum TfLite {
  /** The kernels that say what an operator means. */
  REFERENCE("reference kernels"),
  /** The optimized kernels that run where no delegate takes the operator: gemmlowp and ruy. */
  BUILTIN("built-in kernels"),
  /** The delegate that applications get by default. */
  XNNPACK("XNNPACK");

  private static final String FOLDER = "org/bytedeco/tensorflowlite";
  private static final String FILE = "libjnitensorflowlite.so";

  /** Skips tests where there is no library for the machine. */
  static final class Absent extends SkippedWithout {
    Absent() {
      super("TensorFlow Lite", FOLDER, FILE, "It is published for linux-x86_64.");
    }
  }

  static final NativeLibrary LIBRARY =
      NativeLibrary.find(FOLDER + "/" + NativeLibrary.platform(), FILE).orElseThrow();

  private static final String VERSION = LIBRARY.text("TfLiteVersion");

  private static final int OK = 0;

  private final String engine;

  TfLite(String engine) {
    this.engine = engine;
  }

  /** A row of the table. */
  Claim claim(String operator, String recipe) {
    return new Library("TensorFlow Lite, " + engine, VERSION).claim(operator, recipe);
  }

  /** Writes the output of a model's operator for this input. */
  void run(TfLiteModel model, Tensor input, Tensor output) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = model.bytes();
      MemorySegment data = arena.allocate(bytes.length, 64);
      MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
      MemorySegment graph = LIBRARY.pointer("TfLiteModelCreate", data, (long) bytes.length);
      require(!graph.equals(NULL), "model", model);
      MemorySegment options = LIBRARY.pointer("TfLiteInterpreterOptionsCreate");
      MemorySegment delegate =
          this == XNNPACK ? LIBRARY.pointer("TfLiteXNNPackDelegateCreate", NULL) : NULL;
      LIBRARY.run("TfLiteInterpreterOptionsSetNumThreads", options, 1);
      LIBRARY.run(
          "TfLiteInterpreterOptionsAddBuiltinOp",
          options,
          model.operator().code(),
          registration(model.operator(), arena),
          1,
          99);
      if (this == XNNPACK) {
        LIBRARY.run("TfLiteInterpreterOptionsAddDelegate", options, delegate);
      }
      MemorySegment interpreter =
          LIBRARY.pointer("TfLiteInterpreterCreateWithSelectedOps", graph, options);
      require(!interpreter.equals(NULL), "interpreter", model);
      try {
        invoke(interpreter, model, input, output);
      } finally {
        LIBRARY.run("TfLiteInterpreterDelete", interpreter);
        LIBRARY.run("TfLiteInterpreterOptionsDelete", options);
        if (this == XNNPACK) {
          LIBRARY.run("TfLiteXNNPackDelegateDelete", delegate);
        }
        LIBRARY.run("TfLiteModelDelete", graph);
      }
    }
  }

  private void invoke(MemorySegment interpreter, TfLiteModel model, Tensor input, Tensor output) {
    require(
        LIBRARY.integer("TfLiteInterpreterAllocateTensors", interpreter) == OK, "allocate", model);
    MemorySegment in = LIBRARY.pointer("TfLiteInterpreterGetInputTensor", interpreter, 0);
    require(
        LIBRARY.integer("TfLiteTensorCopyFromBuffer", in, input.data(), input.data().byteSize())
            == OK,
        "input",
        model);
    require(LIBRARY.integer("TfLiteInterpreterInvoke", interpreter) == OK, "invoke", model);
    MemorySegment out = LIBRARY.pointer("TfLiteInterpreterGetOutputTensor", interpreter, 0);
    require(
        LIBRARY.integer("TfLiteTensorCopyToBuffer", out, output.data(), output.data().byteSize())
            == OK,
        "output",
        model);
  }

  /**
   * The kernel of an operator. For XNNPACK one that cannot run, so that an operator which the
   * delegate leaves alone is an error, not another engine's answer.
   */
  private MemorySegment registration(TfLiteModel.Operator operator, Arena arena) {
    return switch (this) {
      case REFERENCE -> LIBRARY.pointer(operator.reference());
      case BUILTIN -> LIBRARY.pointer(operator.builtin());
      case XNNPACK -> {
        MemorySegment empty = arena.allocate(256, 8);
        empty.set(ValueLayout.JAVA_INT, BUILTIN_CODE_OFFSET, operator.code());
        yield empty;
      }
    };
  }

  /**
   * Of TfLiteRegistration: after five function pointers (init, free, prepare, invoke, profiling).
   */
  private static final long BUILTIN_CODE_OFFSET = 40;

  private void require(boolean condition, String step, TfLiteModel model) {
    if (!condition) {
      throw new IllegalStateException(this + " fails at " + step + ": " + model.operator());
    }
  }
}
