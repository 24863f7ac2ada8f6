package dev.octavo.conformance.vectors;

import dev.octavo.Bias;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.vectors.VectorCase.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * MatMulInteger and QLinearMatMul: a GEMM for each matrix of the (broadcast) batch. QLinearMatMul
 * is requantized as ONNX Runtime does, which the reference answers confirm off ties.
 */
final class OnnxMatMul {
  private final OnnxTensor a;
  private final OnnxTensor b;
  private final int m;
  private final int n;
  private final int k;

  private OnnxMatMul(OnnxTensor a, OnnxTensor b) {
    this.a = a;
    this.b = b;
    this.k = a.dim(-1);
    this.m = a.dims().length == 1 ? 1 : a.dim(-2);
    this.n = b.dims().length == 1 ? 1 : b.dim(-1);
  }

  static List<Part> parts(OnnxNode node) throws IOException {
    boolean requantized = node.op().equals("QLinearMatMul");
    OnnxTensor a = node.input(0);
    OnnxTensor b = node.input(requantized ? 3 : 1);
    OnnxMatMul matmul = new OnnxMatMul(a, b);
    int[] aZero = node.zeroPoints(2);
    int[] bZero = node.zeroPoints(requantized ? 5 : 3);
    Output output = requantized ? OnnxRequantize.output(node, 1, 4, 6, 7) : Output.ACCUMULATORS;
    return matmul.parts(aZero, bZero, output, node.output(0));
  }

  private List<Part> parts(int[] aZero, int[] bZero, Output output, OnnxTensor expected) {
    List<Part> parts = new ArrayList<>();
    int matrices = m * n == 0 ? 0 : expected.count() / (m * n);
    for (int i = 0; i < matrices; i++) {
      int aMatrix = matrix(i, expected, a);
      int bMatrix = matrix(i, expected, b);
      int[] zl = part(aZero, m, aMatrix);
      boolean perRow = zl.length > 1;
      GemmSpec spec =
          new GemmSpec(
              n,
              k,
              a.element(),
              b.element(),
              perRow ? new LhsQuantization.PerRow() : LhsQuantization.zeroPoint(zl[0]),
              ZeroPoints.of(part(bZero, n, bMatrix)),
              output);
      Filter filter =
          new Filter(b.slice(bMatrix * n * k, n * k), new long[] {1, 0, 0, n}, Bias.none());
      float[] ones = new float[perRow ? m : 0];
      Arrays.fill(ones, 1f);
      Problem problem =
          new Problem(
              spec,
              filter,
              spec.rows(m),
              a.slice(aMatrix * m * k, m * k),
              ones,
              perRow ? zl : new int[0]);
      parts.add(
          new Part(
              problem, new Answer(expected.slice(i * m * n, m * n), new float[0], new int[0])));
    }
    return parts;
  }

  /**
   * Which matrix of an operand goes into matrix i of the output, the batch axes broadcast as numpy
   * does.
   */
  private static int matrix(int i, OnnxTensor expected, OnnxTensor operand) {
    int matrix = 0;
    int stride = 1;
    int rest = i;
    int batchAxes = expected.dims().length - 2;
    for (int back = 0; back < batchAxes; back++) {
      int index = rest % expected.dim(-3 - back);
      rest /= expected.dim(-3 - back);
      if (operand.dims().length >= 3 + back) {
        int extent = operand.dim(-3 - back);
        matrix += (extent == 1 ? 0 : index) * stride;
        stride *= extent;
      }
    }
    return matrix;
  }

  /** The values that belong to a matrix: one for all, one per row (column), or those of its own. */
  private static int[] part(int[] values, int each, int matrix) {
    return values.length <= each
        ? values
        : Arrays.copyOfRange(values, matrix * each, (matrix + 1) * each);
  }
}
