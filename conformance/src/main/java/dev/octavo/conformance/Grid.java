package dev.octavo.conformance;

import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.QuantizeSpec;
import dev.octavo.RequantizeSpec;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Strides;
import dev.octavo.Weights;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where the cells of an operand lie in its bytes, as its strides say: the one place where the suite
 * knows about layouts.
 *
 * @param name of the operand, for people
 * @param type of a cell
 * @param extents outermost first
 * @param strides bytes from a cell to the next along each axis
 */
public record Grid(String name, ElementType type, int[] extents, long[] strides) {
  /** What a run reads. */
  public static Grid input(Spec spec, Shape shape) {
    ElementType type = spec.inputType();
    return switch (shape) {
      case Shape.Rows rows -> rows("lhs", type, rows.m(), ((GemmSpec) spec).k(), rows.lhsStride());
      case Shape.Image image -> {
        ConvSpec conv = (ConvSpec) spec;
        yield image(
            "input", type, image, image.height(), image.width(), conv.inChannels(), image.input());
      }
      case Shape.Elements e -> elements("input", type, spec, e, e.inputStride());
    };
  }

  /** What a run writes. */
  public static Grid output(Spec spec, Shape shape) {
    ElementType type = spec.outputType();
    return switch (shape) {
      case Shape.Rows rows -> rows("dst", type, rows.m(), ((GemmSpec) spec).n(), rows.dstStride());
      case Shape.Image image -> {
        ConvSpec conv = (ConvSpec) spec;
        int height = conv.window().outHeight(image.height());
        int width = conv.window().outWidth(image.width());
        yield image("output", type, image, height, width, conv.outChannels(), image.output());
      }
      case Shape.Elements e -> elements("output", type, spec, e, e.outputStride());
    };
  }

  /** The weights, as [n, k] or [out, height, width, in]. */
  public static Grid weights(Spec spec, Weights w) {
    return switch (spec) {
      case GemmSpec g ->
          new Grid(
              "rhs",
              g.rhsType(),
              new int[] {g.n(), g.k()},
              new long[] {w.outStride(), w.inStride()});
      case ConvSpec c ->
          new Grid(
              "filter",
              c.rhsType(),
              new int[] {
                c.outChannels(),
                c.window().kernelHeight(),
                c.window().kernelWidth(),
                c.groupInChannels()
              },
              new long[] {w.outStride(), w.heightStride(), w.widthStride(), w.inStride()});
      default -> new Grid("weights", ElementType.S8, new int[] {0}, new long[] {0});
    };
  }

  /** Channels of the per-channel axis of an elementwise spec. */
  public static int channels(Spec spec) {
    return switch (spec) {
      case RequantizeSpec r -> r.channels();
      case QuantizeSpec q -> q.channels();
      case DequantizeSpec d -> d.channels();
      case FakeQuantizeSpec f -> f.grid().channels();
      default -> 1;
    };
  }

  private static Grid rows(String name, ElementType type, long rows, int columns, long stride) {
    return new Grid(
        name, type, new int[] {Math.toIntExact(rows), columns}, new long[] {stride, type.bytes()});
  }

  private static Grid image(
      String name,
      ElementType type,
      Shape.Image image,
      int height,
      int width,
      int channels,
      Strides s) {
    return new Grid(
        name,
        type,
        new int[] {Math.toIntExact(image.batch()), height, width, channels},
        new long[] {s.n(), s.h(), s.w(), s.c()});
  }

  private static Grid elements(
      String name, ElementType type, Spec spec, Shape.Elements e, long stride) {
    int inner = Math.toIntExact(e.inner());
    return new Grid(
        name,
        type,
        new int[] {Math.toIntExact(e.outer()), channels(spec), inner},
        new long[] {stride, (long) inner * type.bytes(), type.bytes()});
  }

  /** The same cells one after the other, the last axis fastest. */
  public Grid dense() {
    long[] packed = new long[extents.length];
    long stride = type.bytes();
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      packed[axis] = stride;
      stride *= extents[axis];
    }
    return new Grid(name, type, extents, packed);
  }

  /** How many cells there are. */
  public int count() {
    int count = 1;
    for (int extent : extents) {
      count = Math.multiplyExact(count, extent);
    }
    return count;
  }

  /** Bytes from the first cell to the end of the last. */
  public int bytes() {
    if (count() == 0) {
      return 0;
    }
    long last = 0;
    for (int axis = 0; axis < extents.length; axis++) {
      last += (extents[axis] - 1) * strides[axis];
    }
    return Math.toIntExact(last + type.bytes());
  }

  /** Byte offset of the cell with these indices. */
  public int offset(int... index) {
    long offset = 0;
    for (int axis = 0; axis < index.length; axis++) {
      offset += index[axis] * strides[axis];
    }
    return (int) offset;
  }

  /** {@link #offset} of two indices, which allocates nothing. */
  public int offset(int row, int column) {
    return (int) (row * strides[0] + column * strides[1]);
  }

  /** {@link #offset} of four indices, which allocates nothing. */
  public int offset(int first, int y, int x, int last) {
    return (int) (first * strides[0] + y * strides[1] + x * strides[2] + last * strides[3]);
  }

  /**
   * The byte offsets of all cells, the last axis fastest: much cheaper than one after the other.
   */
  public int[] offsets() {
    int[] offsets = new int[count()];
    int known = Math.min(1, offsets.length);
    // Axis by axis, and backwards: a cell of the outer axes makes room for its row of the next.
    for (int axis = 0; axis < extents.length && known > 0; axis++) {
      int extent = extents[axis];
      for (int outer = known - 1; outer >= 0; outer--) {
        for (int i = extent - 1; i >= 0; i--) {
          offsets[outer * extent + i] = (int) (offsets[outer] + i * strides[axis]);
        }
      }
      known *= extent;
    }
    return offsets;
  }

  /** The indices of a cell, the cells counted with the last axis fastest. */
  public int[] index(int cell) {
    int[] index = new int[extents.length];
    int rest = cell;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      index[axis] = rest % extents[axis];
      rest /= extents[axis];
    }
    return index;
  }

  /** The cell in which a byte lies, or empty if it lies between cells. */
  public Optional<int[]> cellAt(long offset) {
    Integer[] axes = new Integer[extents.length];
    Arrays.setAll(axes, axis -> axis);
    Arrays.sort(axes, (a, b) -> Long.compare(strides[b], strides[a]));
    int[] index = new int[extents.length];
    long rest = offset;
    for (int axis : axes) {
      if (extents[axis] > 1) {
        index[axis] = (int) (rest / strides[axis]);
        rest %= strides[axis];
        if (index[axis] >= extents[axis]) {
          return Optional.empty();
        }
      }
    }
    return rest < type.bytes() ? Optional.of(index) : Optional.empty();
  }

  /**
   * Bytes in which these cells hold what the same cells of another grid hold; between them lie
   * filler bytes.
   */
  public byte[] gather(byte[] from, Grid other) {
    byte[] bytes = new byte[bytes()];
    Arrays.fill(bytes, Answer.BETWEEN);
    int[] source = other.offsets();
    int[] target = offsets();
    for (int cell = 0; cell < target.length; cell++) {
      System.arraycopy(from, source[cell], bytes, target[cell], type.bytes());
    }
    return bytes;
  }

  /** Turns over every bit of every cell; what lies between the cells stays. */
  byte[] complement(byte[] bytes) {
    byte[] turned = bytes.clone();
    int size = type.bytes();
    for (int offset : offsets()) {
      for (int i = offset; i < offset + size; i++) {
        turned[i] = (byte) ~turned[i];
      }
    }
    return turned;
  }

  /** The integers in the cells of these bytes, the last axis fastest. */
  public int[] integers(byte[] bytes) {
    MemorySegment data = MemorySegment.ofArray(bytes);
    int[] integers = offsets();
    Arrays.setAll(integers, cell -> Cells.integer(type, data, integers[cell]));
    return integers;
  }

  /** A cell's name, {@code dst[3, 17]}. */
  public String describe(int[] index) {
    return name + Arrays.toString(index);
  }

  @Override
  public String toString() {
    return name
        + " "
        + type.code()
        + Arrays.toString(extents)
        + " strides "
        + Arrays.toString(strides);
  }
}
