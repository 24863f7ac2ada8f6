package dev.octavo.conformance.oracle;

/**
 * Scale and zero point from the values themselves: lo = min(0, values), hi = max(0, values), NaNs
 * not counted.
 */
public final class DynamicQuantizeOracle {
  private DynamicQuantizeOracle() {}

  /**
   * f32(f32(hi − lo) / (qmax − qmin)), or symmetric f32(max(−lo, hi) / qmax); 1 where that is 0.
   */
  public static float scale(float[] values, int qmin, int qmax, boolean symmetric) {
    float lo = lowest(values);
    float hi = highest(values);
    float largest = Ieee.subtract(0f, lo) > hi ? Ieee.subtract(0f, lo) : hi;
    float scale =
        symmetric
            ? Ieee.divide(largest, Ieee.fromInt(qmax))
            : Ieee.divide(Ieee.subtract(hi, lo), Ieee.fromInt(qmax - qmin));
    return scale == 0 ? 1f : scale;
  }

  /** nearestEven(clamp(f32(qmin − f32(lo / s)), qmin, qmax)), or symmetric 0. */
  public static int zeroPoint(float[] values, float scale, int qmin, int qmax, boolean symmetric) {
    if (symmetric) {
      return 0;
    }
    float zero = Ieee.subtract(Ieee.fromInt(qmin), Ieee.divide(lowest(values), scale));
    return QuantizeOracle.divideHalfEven(zero, 1f, 0, qmin, qmax);
  }

  private static float lowest(float[] values) {
    float lowest = 0;
    for (float value : values) {
      lowest = value < lowest ? value : lowest;
    }
    return lowest;
  }

  private static float highest(float[] values) {
    float highest = 0;
    for (float value : values) {
      highest = value > highest ? value : highest;
    }
    return highest;
  }
}
