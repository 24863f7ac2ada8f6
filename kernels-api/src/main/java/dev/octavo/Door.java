package dev.octavo;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Everything that is checked before a backend is reached, once, for all backends. Behind this door
 * a kernel may assume that every address it can compute from spec and shape lies in the caller's
 * segments, that the output overlaps nothing, and that no size overflows.
 *
 * <p>Nothing here allocates on the way through: only a failure builds its message.
 */
final class Door {
  private Door() {}

  // ---- prepare

  static void checkBias(Bias bias, int channels, Output output) {
    boolean floatBias =
        output instanceof Output.Requantized r && r.recipe() == Recipe.FLOAT32_FLOAT_BIAS;
    switch (bias) {
      case Bias.None n -> {
        return;
      }
      case Bias.Int32 i -> {
        if (floatBias) {
          throw new IllegalArgumentException(
              "FLOAT32_FLOAT_BIAS takes a float bias in accumulator units, not an int32 bias");
        }
      }
      case Bias.Float32 f -> {
        if (!floatBias && !(output instanceof Output.Dequantized)) {
          throw new IllegalArgumentException(
              "a float bias goes with Dequantized output or FLOAT32_FLOAT_BIAS, not with "
                  + output);
        }
      }
    }
    if (bias.count() != channels) {
      throw new IllegalArgumentException(
          "the bias has " + bias.count() + " values for " + channels + " output channels");
    }
  }

  static void checkWeights(Spec spec, Weights weights) {
    Objects.requireNonNull(weights, "weights");
    switch (spec) {
      case GemmSpec g -> {
        checkBias(weights.bias(), g.n(), g.output());
        checkFilter(weights, g.n(), 1, 1, g.k());
      }
      case ConvSpec c -> {
        checkBias(weights.bias(), c.outChannels(), c.output());
        Window w = c.window();
        checkFilter(
            weights, c.outChannels(), w.kernelHeight(), w.kernelWidth(), c.groupInChannels());
      }
      default -> {}
    }
  }

  private static void checkFilter(Weights weights, int o, int h, int w, int i) {
    long bytes = 0;
    if (o > 0 && i > 0) {
      bytes =
          Checks.sum(
              "weight bytes",
              1,
              Checks.product("weight bytes", o - 1, weights.outStride()),
              Checks.product("weight bytes", h - 1, weights.heightStride()),
              Checks.product("weight bytes", w - 1, weights.widthStride()),
              Checks.product("weight bytes", i - 1, weights.inStride()));
    }
    Segments.check("weights", weights.data(), bytes, 1);
  }

  // ---- run

  static void checkOperands(
      Spec spec, Shape shape, MemorySegment input, MemorySegment output, LhsParameters lhs) {
    Segments.check("input", input, Extents.inputBytes(spec, shape), spec.inputType().bytes());
    Segments.check("output", output, Extents.outputBytes(spec, shape), spec.outputType().bytes());
    if (output.isReadOnly()) {
      throw new IllegalArgumentException("the output segment is read-only");
    }
    Segments.checkApart("output", output, "input", input);
    switch (spec) {
      case GemmSpec g -> checkLhs(g.lhs(), g.lhsType(), g.output(), shape, output, lhs);
      case ConvSpec c -> checkLhs(c.lhs(), c.lhsType(), c.output(), shape, output, lhs);
      case DynamicQuantizeSpec d -> checkDynamic(d, (Shape.Elements) shape, input, output, lhs);
      default -> {}
    }
  }

  private static void checkLhs(
      LhsQuantization lhs,
      ElementType type,
      Output out,
      Shape shape,
      MemorySegment output,
      LhsParameters given) {
    if (lhs instanceof LhsQuantization.Fixed) {
      return;
    }
    requireParameters(given);
    long count = lhs instanceof LhsQuantization.PerRow ? ((Shape.Rows) shape).m() : 1;
    long bytes = Checks.product("lhs parameter bytes", 4, count);
    Segments.check("lhs zero points", given.zeroPoints(), bytes, 4);
    Segments.checkApart("output", output, "lhs zero points", given.zeroPoints());
    if (out instanceof Output.Dequantized) {
      Segments.check("lhs scales", given.scales(), bytes, 4);
      Segments.checkApart("output", output, "lhs scales", given.scales());
    }
    if (lhs instanceof LhsQuantization.PerTensor) {
      type.requireInRange("lhs zero point", given.zeroPoints().get(ValueLayout.JAVA_INT, 0));
    }
  }

  private static void checkDynamic(
      DynamicQuantizeSpec spec,
      Shape.Elements shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters given) {
    requireParameters(given);
    long bytes = Checks.product("lhs parameter bytes", 4, spec.perRow() ? shape.outer() : 1);
    Segments.check("scales", given.scales(), bytes, 4);
    Segments.check("zero points", given.zeroPoints(), bytes, 4);
    if (given.scales().isReadOnly() || given.zeroPoints().isReadOnly()) {
      throw new IllegalArgumentException("the scales and zero points to be written are read-only");
    }
    Segments.checkApart("output", output, "scales", given.scales());
    Segments.checkApart("output", output, "zero points", given.zeroPoints());
    Segments.checkApart("scales", given.scales(), "zero points", given.zeroPoints());
    Segments.checkApart("scales", given.scales(), "input", input);
    Segments.checkApart("zero points", given.zeroPoints(), "input", input);
  }

  private static void requireParameters(LhsParameters given) {
    if (given == null) {
      throw new IllegalArgumentException(
          "this kernel's scales and zero points are known at run time: pass LhsParameters");
    }
  }

  static void checkScratch(
      MemorySegment scratch,
      long bytes,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs) {
    if (bytes == 0) {
      return;
    }
    Segments.check("scratch", scratch, bytes, 1);
    if (scratch.isReadOnly()) {
      throw new IllegalArgumentException("the scratch segment is read-only");
    }
    Segments.checkApart("scratch", scratch, "input", input);
    Segments.checkApart("scratch", scratch, "output", output);
    if (lhs != null) {
      Segments.checkApart("scratch", scratch, "lhs scales", lhs.scales());
      Segments.checkApart("scratch", scratch, "lhs zero points", lhs.zeroPoints());
    }
  }

  static void checkStrips(long first, long last, long strips) {
    if (first < 0 || last < first || last > strips) {
      throw new IndexOutOfBoundsException(
          "strips [" + first + ", " + last + ") are not within [0, " + strips + ")");
    }
  }
}
