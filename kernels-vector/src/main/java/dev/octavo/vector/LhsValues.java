package dev.octavo.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;

/** Zero point and scale of an lhs row, wherever the spec says they come from. */
final class LhsValues {
  private LhsValues() {}

  static int zeroPoint(LhsQuantization lhs, LhsParameters given, long row) {
    return switch (lhs) {
      case LhsQuantization.Fixed fixed -> fixed.zeroPoint();
      case LhsQuantization.PerTensor t -> given.zeroPoints().get(JAVA_INT, 0);
      case LhsQuantization.PerRow r -> given.zeroPoints().getAtIndex(JAVA_INT, row);
    };
  }

  static float scale(LhsQuantization lhs, LhsParameters given, long row) {
    return switch (lhs) {
      case LhsQuantization.Fixed fixed -> fixed.scale();
      case LhsQuantization.PerTensor t -> given.scales().get(JAVA_FLOAT, 0);
      case LhsQuantization.PerRow r -> given.scales().getAtIndex(JAVA_FLOAT, row);
    };
  }
}
