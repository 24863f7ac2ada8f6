package dev.octavo.bench.report;

import java.util.Locale;

/** Numbers for people: three or four digits that count, and a unit. */
public final class Numbers {

  private static final String[] LARGE = {"", " k", " M", " G", " T"};

  private Numbers() {}

  /** {@code 1.23 ms}. */
  public static String seconds(double seconds) {
    if (seconds >= 100) {
      return String.format(Locale.ROOT, "%d:%02d min", (int) seconds / 60, (int) seconds % 60);
    }
    if (seconds >= 1) {
      return digits(seconds) + " s";
    }
    return seconds >= 1e-3 ? milliseconds(seconds) + " ms" : digits(seconds * 1e6) + " µs";
  }

  /** Milliseconds without their unit, for columns that say it in their head. */
  public static String milliseconds(double seconds) {
    return digits(seconds * 1e3);
  }

  /** {@code 138.4 M}. */
  public static String count(double count) {
    return scaled(count, 1000, "");
  }

  /** {@code 553.4 MB}, in powers of ten. */
  public static String bytes(double bytes) {
    return scaled(bytes, 1000, "B");
  }

  /** {@code 48 KiB}, in powers of two, as caches are made. */
  public static String binary(long bytes) {
    return bytes >= 1 << 20
        ? digits(bytes / (double) (1 << 20)).replaceFirst("\\.0+$", "") + " MiB"
        : (bytes >> 10) + " KiB";
  }

  /** {@code 3.12×}. */
  public static String times(double ratio) {
    return (ratio >= 100 ? Math.round(ratio) + "" : digits(ratio)) + "×";
  }

  /** Three digits that count, more before the point if need be. */
  public static String digits(double value) {
    double size = Math.abs(value);
    int decimals =
        size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : size >= 0.09995 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String scaled(double value, double step, String unit) {
    int power = 0;
    while (value >= 999.95 && power < LARGE.length - 1) {
      value /= step;
      power++;
    }
    String prefix = power == 0 && !unit.isEmpty() ? " " : LARGE[power];
    String number = power == 0 ? "%.0f" : value >= 99.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, number, value) + prefix + unit;
  }
}
