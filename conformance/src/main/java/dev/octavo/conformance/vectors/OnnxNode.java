package dev.octavo.conformance.vectors;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octavo.ElementType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node, with those of its inputs that are known: all of a test's, the constants of a model's.
 *
 * @param inputs by name
 * @param outputs what must come out; empty for a node of a model
 */
public record OnnxNode(NodeProto proto, Map<String, OnnxTensor> inputs, List<OnnxTensor> outputs) {
  /** The operator. */
  public String op() {
    return proto.getOpType();
  }

  /** An input, if the node has it and it is known. */
  public Optional<OnnxTensor> optional(int input) {
    return input < proto.getInputCount()
        ? Optional.ofNullable(inputs.get(proto.getInput(input)))
        : Optional.empty();
  }

  /** An input that must be there. */
  public OnnxTensor input(int input) throws IOException {
    return optional(input).orElseThrow(() -> new IOException(op() + " has no input " + input));
  }

  OnnxTensor output(int output) throws IOException {
    if (output >= outputs.size()) {
      throw new IOException(op() + " has no expected output " + output);
    }
    return outputs.get(output);
  }

  /** A zero point tensor's values, or one 0 where it is left out. */
  public int[] zeroPoints(int input) {
    return optional(input).map(OnnxTensor::integers).orElse(new int[] {0});
  }

  /** The only scale of an input. */
  public float scale(int input) throws IOException {
    float[] scales = input(input).floats();
    if (scales.length != 1) {
      throw new UnsupportedCaseException(
          scales.length + " scales of input " + input + " of " + op());
    }
    return scales[0];
  }

  private Optional<AttributeProto> attribute(String name) {
    return proto.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  /** A number, {@code otherwise} where it is left out. */
  public int attribute(String name, int otherwise) {
    return attribute(name).map(a -> Math.toIntExact(a.getI())).orElse(otherwise);
  }

  /** A text, {@code otherwise} where it is left out. */
  public String attribute(String name, String otherwise) {
    return attribute(name).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  /** A list of integers, {@code count} times {@code otherwise} where it is left out. */
  public int[] attribute(String name, int count, int otherwise) {
    return attribute(name)
        .map(a -> a.getIntsList().stream().mapToInt(Math::toIntExact).toArray())
        .orElseGet(
            () -> {
              int[] values = new int[count];
              java.util.Arrays.fill(values, otherwise);
              return values;
            });
  }

  /** The 8-bit type that a quantizing node writes. */
  public ElementType quantizedType(int zeroPointInput) {
    int declared = attribute("output_dtype", 0);
    return optional(zeroPointInput)
        .map(OnnxTensor::element)
        .orElseGet(
            () ->
                declared == 0
                    ? ElementType.U8
                    : new OnnxTensor(declared, new int[0], new byte[0]).element());
  }
}
