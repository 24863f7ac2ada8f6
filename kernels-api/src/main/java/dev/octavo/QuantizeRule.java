package dev.octavo;

/**
 * The named ways to turn a float32 into an 8-bit integer. x is the value, s the scale, z the zero
 * point, every operation is one IEEE-754 binary32 operation, and the result saturates to [min,
 * max]. NaN gives min. The definition is {@link Norm#quantize}.
 */
public enum QuantizeRule {
  /** nearestEven(x / s) + z: ONNX QuantizeLinear and DynamicQuantizeLinear. The default. */
  DIVIDE_HALF_EVEN,
  /**
   * nearestEven(x · (1 / s)) + z: PyTorch's quantize_per_tensor, quantize_per_channel and
   * fake_quantize family, and XNNPACK.
   */
  MULTIPLY_HALF_EVEN,
  /** roundHalfAway(x / s) + z: TensorFlow Lite's QUANTIZE. */
  DIVIDE_HALF_AWAY,
  /** nearestEven(x · (1 / s) + z): the zero point added in float, FBGEMM's legacy quantization. */
  MULTIPLY_ZERO_POINT_FIRST
}
