package dev.octavo.bench.models;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A count that somebody published, such as {@code 15.5G multiply-adds} or {@code about 60M
 * parameters}, and where.
 *
 * @param about the source itself speaks of a round number
 * @param number the digits as printed
 * @param unit the power of ten they are printed in
 * @param quantity what was counted
 * @param where the source
 */
public record Published(
    boolean about, BigDecimal number, char unit, Quantity quantity, String where) {

  /** What sources count. */
  public enum Quantity {
    PARAMETERS("parameters"),
    MULTIPLY_ADDS("multiply-adds"),
    /** Twice the multiply-adds. */
    OPERATIONS("operations");

    private final String text;

    Quantity(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** How far a number that its source calls round may be off: 2 %. */
  private static final BigDecimal ABOUT = new BigDecimal("0.02");

  private static final Pattern GRAMMAR =
      Pattern.compile("(about )?([0-9.]+)([MG]) (parameters|multiply-adds|operations)\\s+(\\S.*)");

  static Published parse(String text) {
    Matcher m = GRAMMAR.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "expected [about ]<number>M|G parameters|multiply-adds|operations <where>, got \"%s\""
              .formatted(text));
    }
    Quantity quantity = null;
    for (Quantity q : Quantity.values()) {
      quantity = q.text.equals(m.group(4)) ? q : quantity;
    }
    return new Published(
        m.group(1) != null, new BigDecimal(m.group(2)), m.group(3).charAt(0), quantity, m.group(5));
  }

  /** The same quantity, counted from the layers. */
  public long counted(Model model) {
    return switch (quantity) {
      case PARAMETERS -> model.parameters();
      case MULTIPLY_ADDS -> model.multiplyAdds();
      case OPERATIONS -> 2 * model.multiplyAdds();
    };
  }

  /** True when {@code count}, rounded to the printed digits, is the printed number. */
  public boolean agreesWith(long count) {
    BigDecimal exact = BigDecimal.valueOf(count).movePointLeft(unit == 'G' ? 9 : 6);
    if (about) {
      return exact.subtract(number).abs().compareTo(number.multiply(ABOUT)) <= 0;
    }
    return exact.setScale(number.scale(), RoundingMode.HALF_UP).compareTo(number) == 0;
  }

  @Override
  public String toString() {
    return (about ? "about " : "") + number + " " + unit + " " + quantity;
  }
}
