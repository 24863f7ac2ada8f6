package dev.octavo.conformance.vectors;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octavo.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor of an ONNX file.
 *
 * @param type as ONNX numbers types
 * @param dims extents, outermost first
 * @param bytes its elements, little-endian
 */
public record OnnxTensor(int type, int[] dims, byte[] bytes) {
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int INT32 = 6;
  private static final int FLOAT16 = 10;

  /** The numbers of a tensor that holds them itself. */
  public static OnnxTensor of(TensorProto proto) {
    int[] dims = proto.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
    int type = proto.getDataType();
    if (!proto.getRawData().isEmpty() || Arrays.stream(dims).anyMatch(d -> d == 0)) {
      return new OnnxTensor(type, dims, proto.getRawData().toByteArray());
    }
    int size = type == UINT8 || type == INT8 ? 1 : type == FLOAT16 ? 2 : 4;
    List<Integer> integers = proto.getInt32DataList();
    int count = type == FLOAT ? proto.getFloatDataCount() : integers.size();
    ByteBuffer bytes = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      switch (size) {
        case 1 -> bytes.put(integers.get(i).byteValue());
        case 2 -> bytes.putShort(integers.get(i).shortValue());
        default ->
            bytes.putInt(
                type == FLOAT ? Float.floatToRawIntBits(proto.getFloatData(i)) : integers.get(i));
      }
    }
    return new OnnxTensor(type, dims, bytes.array());
  }

  /** The type among Octavo's. */
  public ElementType element() {
    return switch (type) {
      case FLOAT -> ElementType.F32;
      case UINT8 -> ElementType.U8;
      case INT8 -> ElementType.S8;
      case INT32 -> ElementType.S32;
      default ->
          throw new UnsupportedCaseException(
              "tensor of ONNX type " + TensorProto.DataType.forNumber(type));
    };
  }

  boolean isFloat16() {
    return type == FLOAT16;
  }

  /** Product of all extents. */
  public int count() {
    return Arrays.stream(dims).reduce(1, Math::multiplyExact);
  }

  /** Extent of an axis; negative ones count from the end. */
  public int dim(int axis) {
    return dims[axis < 0 ? dims.length + axis : axis];
  }

  /** Product of extents [from, to). */
  public int product(int from, int to) {
    int product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= dims[axis];
    }
    return product;
  }

  /** The integers of a u8, s8 or s32 tensor. */
  public int[] integers() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] values = new int[count()];
    ElementType element = element();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (element) {
            case U8 -> bytes[i] & 0xff;
            case S8 -> bytes[i];
            case S32, F32 -> buffer.getInt(4 * i);
          };
    }
    return values;
  }

  /** Float32 values; float16 is widened, which is exact. */
  public float[] floats() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[count()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          isFloat16() ? Float.float16ToFloat(buffer.getShort(2 * i)) : buffer.getFloat(4 * i);
    }
    if (!isFloat16() && element() != ElementType.F32) {
      throw new UnsupportedCaseException("scale of type " + element());
    }
    return values;
  }

  /** The bytes of elements [from, from + count). */
  public byte[] slice(int from, int count) {
    int size = element().bytes();
    return Arrays.copyOfRange(bytes, from * size, (from + count) * size);
  }
}
