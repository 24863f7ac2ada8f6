package dev.octavo.conformance.problems;

import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsQuantization;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Problem;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A problem with so many rows, images or elements that a backend cuts it into several strips. How
 * many that takes is the backend's own affair, so it is asked.
 */
public final class Grown {
  private static final int STRIPS = 4;
  private static final long LARGEST =
      1 << 24; // bytes of output; enough for several strips of any backend we know

  private Grown() {}

  /**
   * The problem, its input doubled until there are a few strips, or it is as large as we care for.
   */
  public static Problem of(Backend backend, Draft draft) {
    Problem small = draft.problem();
    Spec spec = small.spec();
    Shape shape = shape(spec, 1);
    try (Arena arena = Arena.ofConfined()) {
      Kernel kernel = backend.prepare(spec, small.filter().onHeap(), arena);
      for (int size = 3; wanting(kernel, shape); size = 2 * size + 1) {
        shape = shape(spec, size);
      }
    }
    SplittableRandom random = new SplittableRandom(draft.hashCode());
    byte[] input = new byte[Grid.input(spec, shape).bytes()];
    random.nextBytes(input);
    int rows = parameters(spec, shape);
    float[] scales = new float[rows];
    Arrays.fill(scales, 0.5f);
    return new Problem(spec, small.filter(), shape, input, scales, new int[rows]);
  }

  private static boolean wanting(Kernel kernel, Shape shape) {
    long bytes = kernel.outputBytes(shape);
    return kernel.strips(shape) < STRIPS && bytes > 0 && bytes < LARGEST;
  }

  private static Shape shape(Spec spec, int size) {
    return switch (spec) {
      case GemmSpec g -> g.rows(size);
      case ConvSpec c -> {
        int side = 12 + c.window().dilationHeight() * c.window().kernelHeight();
        int width = 12 + c.window().dilationWidth() * c.window().kernelWidth();
        yield c.nhwc(size, side, width);
      }
      default -> {
        int channels = Grid.channels(spec);
        boolean perRow = !(spec instanceof DynamicQuantizeSpec d) || d.perRow();
        long inner = Math.max(1, 1000 / channels);
        long outer = perRow ? size : 1;
        long row = channels * (perRow ? inner : inner * size);
        yield new Shape.Elements(
            outer, row / channels, row * spec.inputType().bytes(), row * spec.outputType().bytes());
      }
    };
  }

  /** How many run-time parameters a run reads. */
  private static int parameters(Spec spec, Shape shape) {
    LhsQuantization lhs =
        switch (spec) {
          case GemmSpec g -> g.lhs();
          case ConvSpec c -> c.lhs();
          default -> LhsQuantization.NONE;
        };
    return switch (lhs) {
      case LhsQuantization.Fixed f -> 0;
      case LhsQuantization.PerTensor t -> 1;
      case LhsQuantization.PerRow r -> Grid.output(spec, shape).extents()[0];
    };
  }
}
