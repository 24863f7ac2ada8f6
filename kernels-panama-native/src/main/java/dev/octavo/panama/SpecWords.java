package dev.octavo.panama;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.RequantizeSpec;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;

/**
 * A spec as C reads it: one int64 for each {@link SpecWord}. Enumerations cross as ordinals, which
 * a test compares with octavo.h name by name.
 */
final class SpecWords {
  /** {@code enum octavo_op}. */
  enum Op {
    GEMM,
    CONV,
    REQUANTIZE,
    QUANTIZE,
    DEQUANTIZE,
    DYNAMIC_QUANTIZE,
    FAKE_QUANTIZE
  }

  /** {@code enum octavo_lhs_quantization}. */
  enum Lhs {
    FIXED,
    PER_TENSOR,
    PER_ROW
  }

  /** {@code enum octavo_output}. */
  enum Out {
    ACCUMULATORS,
    REQUANTIZED,
    DEQUANTIZED
  }

  /** {@code enum octavo_bias}. */
  enum BiasKind {
    NONE,
    S32,
    F32
  }

  /** {@code OCTAVO_LEVELS}, the rule after those of {@link QuantizeRule}. */
  static final int LEVELS = QuantizeRule.values().length;

  private final long[] words = new long[SpecWord.values().length];

  private SpecWords() {}

  /** The words of a spec; with {@link Weights#NONE} all but the bias and the weight strides. */
  static long[] of(Spec spec, Weights weights) {
    SpecWords w = new SpecWords();
    switch (spec) {
      case GemmSpec s -> w.gemm(s, weights);
      case ConvSpec s -> w.conv(s, weights);
      case RequantizeSpec s -> w.requantize(s);
      case QuantizeSpec s -> w.quantize(s);
      case DequantizeSpec s -> w.dequantize(s);
      case DynamicQuantizeSpec s -> w.dynamicQuantize(s);
      case FakeQuantizeSpec s -> w.fakeQuantize(s);
    }
    return w.words;
  }

  private SpecWords set(SpecWord word, long value) {
    words[word.ordinal()] = value;
    return this;
  }

  private SpecWords set(SpecWord word, Enum<?> value) {
    return set(word, value.ordinal());
  }

  private void gemm(GemmSpec s, Weights weights) {
    op(Op.GEMM, s.n(), s.lhsType()).set(SpecWord.K, s.k()).set(SpecWord.RHS_TYPE, s.rhsType());
    set(SpecWord.ZERO_POINTS, s.rhsZeroPoints().count());
    lhs(s.lhs()).output(s.output()).weights(weights);
  }

  private void conv(ConvSpec s, Weights weights) {
    Window window = s.window();
    op(Op.CONV, s.outChannels(), s.lhsType());
    set(SpecWord.K, s.inChannels()).set(SpecWord.RHS_TYPE, s.rhsType());
    set(SpecWord.ZERO_POINTS, s.rhsZeroPoints().count());
    lhs(s.lhs()).output(s.output()).weights(weights);
    set(SpecWord.KERNEL_H, window.kernelHeight()).set(SpecWord.KERNEL_W, window.kernelWidth());
    set(SpecWord.STRIDE_H, window.strideHeight()).set(SpecWord.STRIDE_W, window.strideWidth());
    set(SpecWord.DILATION_H, window.dilationHeight());
    set(SpecWord.DILATION_W, window.dilationWidth());
    set(SpecWord.PAD_TOP, window.padTop()).set(SpecWord.PAD_LEFT, window.padLeft());
    set(SpecWord.PAD_BOTTOM, window.padBottom()).set(SpecWord.PAD_RIGHT, window.padRight());
    set(SpecWord.GROUPS, s.groups());
  }

  private void requantize(RequantizeSpec s) {
    op(Op.REQUANTIZE, s.channels(), s.inputType()).output(s.output()).bias(s.bias());
    set(SpecWord.LHS_ZERO_POINT, s.inputZeroPoint());
  }

  private void quantize(QuantizeSpec s) {
    op(Op.QUANTIZE, s.channels(), s.inputType()).set(SpecWord.OUTPUT_TYPE, s.outputType());
    grid(s.zeroPoints().count(), s.scales().count(), s.min(), s.max());
    set(SpecWord.RULE, s.rule());
  }

  private void dequantize(DequantizeSpec s) {
    op(Op.DEQUANTIZE, s.channels(), s.inputType());
    grid(s.zeroPoints().count(), s.scales().count(), 0, 0);
  }

  private void dynamicQuantize(DynamicQuantizeSpec s) {
    op(Op.DYNAMIC_QUANTIZE, 1, s.inputType()).set(SpecWord.OUTPUT_TYPE, s.outputType());
    grid(0, 0, s.min(), s.max());
    set(SpecWord.RULE, s.range());
    set(SpecWord.LHS_QUANTIZATION, s.perRow() ? Lhs.PER_ROW : Lhs.PER_TENSOR);
  }

  private void fakeQuantize(FakeQuantizeSpec s) {
    op(Op.FAKE_QUANTIZE, s.grid().channels(), s.inputType());
    switch (s.grid()) {
      case FakeQuantizeSpec.Affine a -> {
        grid(a.zeroPoints().count(), a.scales().count(), a.min(), a.max());
        set(SpecWord.RULE, a.rule());
      }
      case FakeQuantizeSpec.Levels l -> {
        grid(0, l.channels(), 0, 0);
        set(SpecWord.RULE, LEVELS).set(SpecWord.LEVELS, l.levels());
      }
    }
  }

  private SpecWords op(Op op, int n, ElementType inputType) {
    return set(SpecWord.OP, op).set(SpecWord.N, n).set(SpecWord.LHS_TYPE, inputType);
  }

  private void grid(int zeroPoints, int scales, int min, int max) {
    set(SpecWord.ZERO_POINTS, zeroPoints).set(SpecWord.MULTIPLIERS, scales);
    set(SpecWord.MIN, min).set(SpecWord.MAX, max);
  }

  private SpecWords lhs(LhsQuantization lhs) {
    return switch (lhs) {
      case LhsQuantization.Fixed f ->
          set(SpecWord.LHS_QUANTIZATION, Lhs.FIXED)
              .set(SpecWord.LHS_ZERO_POINT, f.zeroPoint())
              .set(SpecWord.LHS_SCALE, Float.floatToRawIntBits(f.scale()));
      case LhsQuantization.PerTensor p -> set(SpecWord.LHS_QUANTIZATION, Lhs.PER_TENSOR);
      case LhsQuantization.PerRow p -> set(SpecWord.LHS_QUANTIZATION, Lhs.PER_ROW);
    };
  }

  private SpecWords output(Output output) {
    return switch (output) {
      case Output.Accumulators a -> set(SpecWord.OUTPUT, Out.ACCUMULATORS);
      case Output.Requantized r ->
          set(SpecWord.OUTPUT, Out.REQUANTIZED)
              .set(SpecWord.OUTPUT_TYPE, r.type())
              .set(SpecWord.RECIPE, r.recipe())
              .set(SpecWord.MULTIPLIERS, r.multipliers().count())
              .set(SpecWord.OUTPUT_ZERO_POINT, r.zeroPoint())
              .set(SpecWord.MIN, r.min())
              .set(SpecWord.MAX, r.max());
      case Output.Dequantized d ->
          set(SpecWord.OUTPUT, Out.DEQUANTIZED).set(SpecWord.MULTIPLIERS, d.rhsScales().count());
    };
  }

  private void weights(Weights weights) {
    bias(weights.bias());
    set(SpecWord.WEIGHT_STRIDE_O, weights.outStride());
    set(SpecWord.WEIGHT_STRIDE_H, weights.heightStride());
    set(SpecWord.WEIGHT_STRIDE_W, weights.widthStride());
    set(SpecWord.WEIGHT_STRIDE_I, weights.inStride());
  }

  private SpecWords bias(Bias bias) {
    return switch (bias) {
      case Bias.None n -> set(SpecWord.BIAS, BiasKind.NONE);
      case Bias.Int32 i -> set(SpecWord.BIAS, BiasKind.S32);
      case Bias.Float32 f -> set(SpecWord.BIAS, BiasKind.F32);
    };
  }
}
