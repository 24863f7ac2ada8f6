package dev.octavo.bench.report;

import dev.octavo.bench.report.Peaks.Arithmetic;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import java.util.OptionalDouble;

/**
 * How far a measurement is from what the machine could do at most: the least of the arithmetic's
 * peak and the speed at which its operands can be read once from the smallest cache that holds them
 * all, or from memory. Known for one thread, the peaks being those of one core.
 */
final class Limits {

  private Limits() {}

  /** Bytes of input, weights and output of a layer. */
  static double bytes(ItemResult item, Entry e) {
    double in = e.isFloat32() ? 4 : 1;
    double out = e.variant().endsWith("32") ? 4 : 1;
    return in * (item.inputElements() + item.weights()) + out * item.outputElements();
  }

  /** Operations for each of these bytes. */
  static double intensity(ItemResult item, Entry e) {
    return 2.0 * item.multiplyAdds() / bytes(item, e);
  }

  /** The most possible operations per nanosecond; empty if not known. */
  static OptionalDouble roof(ItemResult item, Entry e, Peaks peaks) {
    if (peaks == null || e.threads() != 1) {
      return OptionalDouble.empty();
    }
    OptionalDouble peak = e.isFloat32() ? peaks.best(Arithmetic.FLOAT32) : peaks.of(e.contender());
    if (peak.isEmpty()) {
      return peak;
    }
    double operations = 2.0 * item.multiplyAdds();
    return OptionalDouble.of(peaks.roof(peak.getAsDouble(), operations, bytes(item, e)));
  }

  /** The part of the roof that was reached. */
  static OptionalDouble reached(ItemResult item, Entry e, Peaks peaks) {
    OptionalDouble roof = roof(item, e, peaks);
    return roof.isPresent() && e.isTimed()
        ? OptionalDouble.of(e.timing().gops() / roof.getAsDouble())
        : OptionalDouble.empty();
  }
}
