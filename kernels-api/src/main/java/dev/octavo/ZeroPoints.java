package dev.octavo;

import java.util.Arrays;

/**
 * The zero points of a quantized tensor: real = scale · (q − zero point). One value for the whole
 * tensor, or one per channel. Immutable; the spec that uses them checks them against its type.
 */
public final class ZeroPoints {
  /** The zero point 0 for the whole tensor. */
  public static final ZeroPoints ZERO = new ZeroPoints(new int[] {0});

  private final int[] values;

  private ZeroPoints(int[] values) {
    this.values = values;
  }

  /**
   * One zero point (per tensor) or one per channel.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ZeroPoints of(int... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("zero points must not be empty");
    }
    return new ZeroPoints(values.clone());
  }

  /** How many there are: 1 means per tensor. */
  public int count() {
    return values.length;
  }

  /** The zero point of a channel; the only one if there is one. */
  public int at(int channel) {
    return values[values.length == 1 ? 0 : channel];
  }

  /** Whether all are 0: then no backend spends anything on them. */
  public boolean allZero() {
    return Arrays.stream(values).allMatch(z -> z == 0);
  }

  /** A copy of the values. */
  public int[] toArray() {
    return values.clone();
  }

  void requireInRange(String what, ElementType type) {
    for (int i = 0; i < values.length; i++) {
      type.requireInRange(what + "[" + i + "]", values[i]);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ZeroPoints that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Checks.abbreviate(count(), i -> Integer.toString(values[i]));
  }
}
