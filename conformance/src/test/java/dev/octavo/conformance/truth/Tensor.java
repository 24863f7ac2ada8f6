package dev.octavo.conformance.truth;

import dev.octavo.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A dense tensor in native memory, as every library here can read it.
 *
 * @param type of an element
 * @param extents outermost first; none for a scalar
 * @param data the elements, in native byte order
 */
public record Tensor(ElementType type, long[] extents, MemorySegment data) {
  /** A tensor of zeros. */
  public static Tensor of(ElementType type, long... extents) {
    long count = Arrays.stream(extents).reduce(1, Math::multiplyExact);
    // At least one byte, because a library may refuse the null pointer of an empty segment.
    MemorySegment data = Arena.ofAuto().allocate(Math.max(1, count * type.bytes()), 64);
    return new Tensor(type, extents, data.asSlice(0, count * type.bytes()));
  }

  /** Integers of any integer type. */
  public static Tensor integers(ElementType type, int[] values, long... extents) {
    Tensor tensor = of(type, extents);
    for (int i = 0; i < values.length; i++) {
      tensor.put(i, values[i]);
    }
    return tensor;
  }

  /** Floats. */
  public static Tensor floats(float[] values, long... extents) {
    Tensor tensor = of(ElementType.F32, extents);
    MemorySegment.copy(values, 0, tensor.data, ValueLayout.JAVA_FLOAT, 0, values.length);
    return tensor;
  }

  /** One value, as a tensor without extents. */
  public static Tensor scalar(ElementType type, int value) {
    return integers(type, new int[] {value});
  }

  /** One float, as a tensor without extents. */
  public static Tensor scalar(float value) {
    return floats(new float[] {value});
  }

  /** Number of elements. */
  public int count() {
    return Math.toIntExact(data.byteSize() / type.bytes());
  }

  /** The integer at a position; for a float, its bits. */
  public int integer(int position) {
    return switch (type) {
      case U8 -> data.get(ValueLayout.JAVA_BYTE, position) & 0xff;
      case S8 -> data.get(ValueLayout.JAVA_BYTE, position);
      case S32, F32 -> data.getAtIndex(ValueLayout.JAVA_INT, position);
    };
  }

  /** The float at a position. */
  public float real(int position) {
    return data.getAtIndex(ValueLayout.JAVA_FLOAT, position);
  }

  /** Writes an integer. */
  public void put(int position, int value) {
    if (type.bytes() == 1) {
      data.set(ValueLayout.JAVA_BYTE, position, (byte) value);
    } else {
      data.setAtIndex(ValueLayout.JAVA_INT, position, value);
    }
  }

  /** Writes a float. */
  public void put(int position, float value) {
    data.setAtIndex(ValueLayout.JAVA_FLOAT, position, value);
  }

  /** The elements as bytes. */
  public byte[] bytes() {
    return data.toArray(ValueLayout.JAVA_BYTE);
  }

  /** The same elements under other extents. */
  public Tensor reshaped(long... extents) {
    return new Tensor(type, extents, data);
  }

  /** An element for people: the integer, or the float with its bits. */
  public String show(int position) {
    return type == ElementType.F32
        ? real(position) + " (0x" + Integer.toHexString(integer(position)) + ")"
        : Integer.toString(integer(position));
  }
}
