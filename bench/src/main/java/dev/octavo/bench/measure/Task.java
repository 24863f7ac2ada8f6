package dev.octavo.bench.measure;

import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.LhsParameters;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.lang.foreign.MemorySegment;

/** A problem with everything that is needed to compute it. */
public sealed interface Task {

  Problem problem();

  /**
   * A quantized task. Its input is dense: {@code m} rows of {@code k}, or NHWC.
   *
   * @param spec a {@link GemmSpec} or a {@link ConvSpec}
   * @param lhs zero points and scales known at run time; null when the spec fixes them
   */
  record Int8(Problem problem, Spec spec, Weights weights, MemorySegment input, LhsParameters lhs)
      implements Task {

    /** The shape for {@link #input}, with a dense output. */
    public Shape shape() {
      return shape(spec);
    }

    /** Number formats, zero points and output, whatever the operation. */
    public GemmSpec product() {
      return switch (spec) {
        case GemmSpec s -> s;
        case ConvSpec s ->
            new GemmSpec(
                s.outChannels(),
                s.k(),
                s.lhsType(),
                s.rhsType(),
                s.lhs(),
                s.rhsZeroPoints(),
                s.output());
        default -> throw new IllegalArgumentException("neither product nor convolution: " + spec);
      };
    }

    /** The shape for the same input and another output type. */
    Shape shape(Spec other) {
      return switch (problem) {
        case Gemm g -> ((GemmSpec) other).rows(g.m());
        case Conv c -> ((ConvSpec) other).nhwc(c.batch(), c.height(), c.width());
      };
    }
  }

  /**
   * A float32 task.
   *
   * @param weights {@code n} rows of {@code k}; filters OHWI
   * @param input {@code m} rows of {@code k}; images NHWC
   */
  record Float32(Problem problem, float[] weights, float[] input) implements Task {}
}
