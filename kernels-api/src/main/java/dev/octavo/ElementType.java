package dev.octavo;

/**
 * The element types of operands. Eight-bit types are the operands of kernels; the others results.
 */
public enum ElementType {
  /** Unsigned 8-bit integer, 0 … 255. */
  U8(1, 0, 255),
  /** Signed 8-bit integer, −128 … 127. */
  S8(1, -128, 127),
  /** Signed 32-bit integer: accumulators and biases. */
  S32(4, Integer.MIN_VALUE, Integer.MAX_VALUE),
  /** IEEE-754 binary32. It has no integer range; {@link #min()} and {@link #max()} are 0. */
  F32(4, 0, 0);

  private final int bytes;
  private final int min;
  private final int max;

  ElementType(int bytes, int min, int max) {
    this.bytes = bytes;
    this.min = min;
    this.max = max;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Smallest integer of this type. */
  public int min() {
    return min;
  }

  /** Largest integer of this type. */
  public int max() {
    return max;
  }

  /** Whether this is {@link #U8} or {@link #S8}. */
  public boolean is8Bit() {
    return bytes == 1;
  }

  /** The lower-case name used in kernel names and benchmark variants: {@code u8 s8 s32 f32}. */
  public String code() {
    return switch (this) {
      case U8 -> "u8";
      case S8 -> "s8";
      case S32 -> "s32";
      case F32 -> "f32";
    };
  }

  ElementType require8Bit(String what) {
    if (!is8Bit()) {
      throw new IllegalArgumentException(what + " must be U8 or S8, not " + this);
    }
    return this;
  }

  int requireInRange(String what, int value) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + " " + value + " is outside the range of " + this + ", " + min + " to " + max);
    }
    return value;
  }
}
