package dev.octavo;

import java.util.Arrays;

/**
 * The scales of a quantized tensor: real = scale · (q − zero point). One value for the whole
 * tensor, or one per channel; each positive and finite. Immutable.
 */
public final class Scales {
  /** The scale 1 for the whole tensor. */
  public static final Scales ONE = new Scales(new float[] {1f});

  private final float[] values;

  private Scales(float[] values) {
    this.values = values;
  }

  /**
   * One scale (per tensor) or one per channel.
   *
   * @throws IllegalArgumentException if there is none, or one is NaN, infinite, zero or negative
   */
  public static Scales of(float... values) {
    float[] copy = values.clone();
    if (copy.length == 0) {
      throw new IllegalArgumentException("scales must not be empty");
    }
    for (int i = 0; i < copy.length; i++) {
      requirePositive("scale[" + i + "]", copy[i]);
    }
    return new Scales(copy);
  }

  /** How many there are: 1 means per tensor. */
  public int count() {
    return values.length;
  }

  /** The scale of a channel; the only one if there is one. */
  public float at(int channel) {
    return values[values.length == 1 ? 0 : channel];
  }

  /** A copy of the values. */
  public float[] toArray() {
    return values.clone();
  }

  static double requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(what + " must be positive and finite, not " + value);
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scales that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Checks.abbreviate(count(), i -> Float.toString(values[i]));
  }
}
