package dev.octavo.conformance.vectors;

import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.QuantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.vectors.VectorCase.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * QuantizeLinear and DequantizeLinear, per tensor, per axis or in blocks; DynamicQuantizeLinear.
 */
final class OnnxElementwise {
  private final OnnxNode node;
  private final OnnxTensor x;
  private final OnnxTensor y;

  private OnnxElementwise(OnnxNode node) throws IOException {
    this.node = node;
    this.x = node.input(0);
    this.y = node.output(0);
  }

  static List<Part> parts(OnnxNode node) throws IOException {
    OnnxElementwise reader = new OnnxElementwise(node);
    return node.op().equals("DynamicQuantizeLinear") ? reader.dynamic() : reader.linear();
  }

  private List<Part> dynamic() throws IOException {
    DynamicQuantizeSpec spec = DynamicQuantizeSpec.onnx();
    Problem problem = new Problem(spec, spec.elements(1, x.count()), x.slice(0, x.count()));
    Answer expected =
        new Answer(y.slice(0, y.count()), node.output(1).floats(), node.output(2).integers());
    return List.of(new Part(problem, expected));
  }

  /**
   * Per axis, the axis is the channel. In blocks, a scale serves a run of {@code block_size}
   * positions of the axis and one position of the axes after it; the positions after the axis are
   * then the channels, and each block a problem of its own.
   */
  private List<Part> linear() throws IOException {
    float[] scales = node.input(1).floats();
    int[] zeroPoints =
        node.optional(2).map(OnnxTensor::integers).orElseGet(() -> new int[scales.length]);
    if (node.input(1).isFloat16()) {
      throw new UnsupportedCaseException("float16 scales of " + node.op());
    }
    if (scales.length == 1) {
      return List.of(part(scales, zeroPoints, 0, 1, x.count()));
    }
    int axis = Math.floorMod(node.attribute("axis", 1), x.dims().length);
    int outer = x.product(0, axis);
    int extent = x.dim(axis);
    int inner = x.product(axis + 1, x.dims().length);
    int block = node.attribute("block_size", 0);
    if (block == 0) {
      return List.of(part(scales, zeroPoints, 0, outer, inner));
    }
    List<Part> parts = new ArrayList<>();
    int blocks = (extent + block - 1) / block;
    for (int i = 0; i < outer * blocks; i++) {
      int first = i % blocks * block;
      int rows = Math.min(block, extent - first);
      float[] s = Arrays.copyOfRange(scales, i * inner, (i + 1) * inner);
      int[] z = Arrays.copyOfRange(zeroPoints, i * inner, (i + 1) * inner);
      parts.add(part(s, z, (i / blocks * extent + first) * inner, rows, 1));
    }
    return parts;
  }

  private Part part(float[] scales, int[] zeroPoints, int from, int outer, int inner) {
    Scales s = Scales.of(scales);
    ZeroPoints z = ZeroPoints.of(zeroPoints);
    boolean quantize = node.op().equals("QuantizeLinear");
    int count = outer * scales.length * inner;
    ElementType type = quantize ? node.quantizedType(2) : x.element();
    Spec spec = quantize ? QuantizeSpec.of(type, s, z) : new DequantizeSpec(type, s, z);
    Shape shape =
        spec instanceof QuantizeSpec q
            ? q.elements(outer, inner)
            : ((DequantizeSpec) spec).elements(outer, inner);
    Problem problem = new Problem(spec, shape, x.slice(from, count));
    return new Part(problem, new Answer(y.slice(from, count), new float[0], new int[0]));
  }
}
