package dev.octavo.bench.onnx;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.conformance.vectors.OnnxConv;
import dev.octavo.conformance.vectors.OnnxNode;
import dev.octavo.conformance.vectors.OnnxTensor;
import dev.octavo.conformance.vectors.UnsupportedCaseException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** Makes layers of what the readers found out about a node. */
final class LayerBuilder {

  private final Extents extents;
  private final int sequence;

  LayerBuilder(Extents extents, int sequence) {
    this.extents = extents;
    this.sequence = sequence;
  }

  /**
   * What a node multiplies, and what becomes of the sums.
   *
   * @param transposed whether a product's rhs is n rows of k rather than k rows of n
   */
  record Operands(
      ElementType lhsType,
      LhsQuantization lhs,
      OnnxTensor rhs,
      boolean transposed,
      int[] rhsZeroPoints,
      Output output,
      Bias bias) {}

  /** A product. Its rows are all those of its input, whatever axes they lie on. */
  ModelLayer product(OnnxNode node, String op, Operands o) {
    int[] dims = o.rhs().dims();
    int rank = dims.length;
    if (rank < 2 || Arrays.stream(dims).limit(rank - 2).anyMatch(d -> d != 1)) {
      throw new UnsupportedCaseException("weights of extents " + Arrays.toString(dims));
    }
    int n = dims[o.transposed() ? rank - 2 : rank - 1];
    int k = dims[o.transposed() ? rank - 1 : rank - 2];
    GemmSpec spec =
        new GemmSpec(
            n,
            k,
            o.lhsType(),
            o.rhs().element(),
            o.lhs(),
            ZeroPoints.of(o.rhsZeroPoints()),
            o.output());
    MemorySegment data = MemorySegment.ofArray(o.rhs().bytes());
    Weights weights = o.transposed() ? Weights.rowsOfK(data, k) : Weights.rowsOfN(data, n);
    int m = extents.of(node.proto().getInput(0)).map(e -> rows(e, k)).orElse(sequence);
    return new ModelLayer(name(node), op, new Gemm(m, n, k), spec, weights.withBias(o.bias()));
  }

  private static int rows(int[] extents, int k) {
    int all = Extents.product(extents, 0);
    if (all % k != 0) {
      throw new UnsupportedCaseException(
          "an input of extents %s for sums of %d".formatted(Arrays.toString(extents), k));
    }
    return all / k;
  }

  /** A convolution over an image. */
  ModelLayer convolution(OnnxNode node, String op, Operands o) {
    OnnxTensor w = o.rhs();
    if (w.dims().length != 4) {
      throw new UnsupportedCaseException(
          "a convolution over %d axes".formatted(w.dims().length - 2));
    }
    Optional<int[]> image = extents.of(node.proto().getInput(0));
    if (image.isEmpty() || image.get().length != 4) {
      throw new UnsupportedCaseException("the size of its input is not known");
    }
    int[] e = image.get();
    Window window = OnnxConv.window(node, e[2], e[3], w.dim(2), w.dim(3));
    int groups = node.attribute("group", 1);
    Conv problem = new Conv(e[0], e[1], e[2], e[3], w.dim(0), window, groups);
    ConvSpec spec =
        new ConvSpec(
            e[1],
            w.dim(0),
            window,
            groups,
            o.lhsType(),
            w.element(),
            o.lhs(),
            ZeroPoints.of(o.rhsZeroPoints()),
            o.output());
    Weights weights = Weights.oihw(MemorySegment.ofArray(w.bytes()), spec);
    return new ModelLayer(name(node), op, problem, spec, weights.withBias(o.bias()));
  }

  /** A name for people: the node's own, or its first output's. */
  private static String name(OnnxNode node) {
    String own = node.proto().getName();
    return own.isEmpty() ? node.proto().getOutput(0) : own;
  }
}
