package dev.octavo.conformance.truth.tflite;

import static java.lang.Float.NEGATIVE_INFINITY;
import static java.lang.Float.POSITIVE_INFINITY;

import dev.octavo.Output;
import dev.octavo.conformance.truth.Aim;
import org.tensorflow.lite.schema.ActivationFunctionType;

/** TensorFlow Lite's fused activations, which become a clamp. */
enum Activation {
  NONE(ActivationFunctionType.NONE, NEGATIVE_INFINITY, POSITIVE_INFINITY),
  RELU(ActivationFunctionType.RELU, 0, POSITIVE_INFINITY),
  RELU_N1_TO_1(ActivationFunctionType.RELU_N1_TO_1, -1, 1),
  RELU6(ActivationFunctionType.RELU6, 0, 6);

  private final byte code;
  private final float lo;
  private final float hi;

  Activation(byte code, float lo, float hi) {
    this.code = code;
    this.lo = lo;
    this.hi = hi;
  }

  /** Mostly none, so that roundings show. */
  static Activation of(long seed) {
    return seed % 3 == 0 ? values()[(int) Math.floorMod(seed / 3, 4L)] : NONE;
  }

  byte code() {
    return code;
  }

  float hi() {
    return hi;
  }

  /** The output clamped so, rounded as the engine rounds. */
  Output.Requantized clamp(TfLite engine, Output.Requantized out, Aim aim) {
    float scale = aim.outputScale();
    return engine == TfLite.XNNPACK
        ? out.withClamp(limit(lo, scale, out), limit(hi, scale, out))
        : out.withRealClamp(scale, lo, hi);
  }

  /** XNNPACK divides, adds the zero point in binary32, and rounds last, to even. */
  private static int limit(float real, float scale, Output.Requantized out) {
    float q = real / scale + out.zeroPoint();
    return Math.clamp((long) Math.rint(q), out.type().min(), out.type().max());
  }
}
