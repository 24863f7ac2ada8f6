package dev.octavo.conformance.vectors;

import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Recipe;
import java.io.IOException;

/** The output stage of QLinearMatMul and QLinearConv. */
public final class OnnxRequantize {
  private OnnxRequantize() {}

  /**
   * m = lhs scale · rhs scale / output scale, each operation in the type of the scales.
   *
   * @param node whose inputs at the four places are the scales, and the output's zero point
   */
  public static Output.Requantized output(
      OnnxNode node, int lhsScale, int rhsScale, int outScale, int outZero) throws IOException {
    float lhs = node.scale(lhsScale);
    float out = node.scale(outScale);
    float[] multipliers = node.input(rhsScale).floats();
    boolean half = node.input(lhsScale).isFloat16();
    for (int c = 0; c < multipliers.length; c++) {
      float product = round(lhs * multipliers[c], half);
      multipliers[c] = round(product / out, half);
    }
    return Output.Requantized.of(
        node.quantizedType(outZero),
        Recipe.FLOAT32_NEAREST_EVEN,
        Multipliers.Float32.of(multipliers),
        node.zeroPoints(outZero)[0]);
  }

  /**
   * To float16 if need be: 24 bits hold enough of the exact result for the second rounding to be
   * the right one.
   */
  private static float round(float value, boolean half) {
    return half ? Float.float16ToFloat(Float.floatToFloat16(value)) : value;
  }
}
