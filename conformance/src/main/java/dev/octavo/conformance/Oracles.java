package dev.octavo.conformance;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.RequantizeSpec;
import dev.octavo.conformance.oracle.DequantizeOracle;
import dev.octavo.conformance.oracle.DynamicQuantizeOracle;
import dev.octavo.conformance.oracle.FakeQuantizeOracle;
import dev.octavo.conformance.oracle.QuantizeOracle;
import dev.octavo.conformance.oracle.RequantizeOracle;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * From a {@link Problem} to the oracles and back: it decodes the operands, and writes the answers
 * where they belong.
 */
final class Oracles {
  private final Problem problem;
  private final Grid in;
  private final Grid out;
  private final MemorySegment input;
  private final MemorySegment output;
  private final int[] outAt;

  private Oracles(Problem problem) {
    this.problem = problem;
    this.in = problem.inputGrid();
    this.out = problem.outputGrid();
    this.input = MemorySegment.ofArray(problem.input());
    byte[] bytes = new byte[out.bytes()];
    Arrays.fill(bytes, Answer.BETWEEN);
    this.output = MemorySegment.ofArray(bytes);
    this.outAt = out.offsets();
  }

  static Answer answer(Problem problem) {
    return new Oracles(problem).answer();
  }

  /** What a product becomes whose accumulators before the bias are known. */
  static Answer answer(Problem problem, int[] products) {
    Oracles oracles = new Oracles(problem);
    switch (problem.spec()) {
      case GemmSpec g -> oracles.finish(g.output(), g.lhs(), products);
      case ConvSpec c -> oracles.finish(c.output(), c.lhs(), products);
      default -> throw new IllegalArgumentException(problem + " has no products");
    }
    return new Answer(
        oracles.output.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), new float[0], new int[0]);
  }

  private Answer answer() {
    float[] scales = {};
    int[] zeroPoints = {};
    switch (problem.spec()) {
      case GemmSpec g -> finish(g.output(), g.lhs(), problem.products());
      case ConvSpec c -> finish(c.output(), c.lhs(), problem.products());
      case RequantizeSpec r -> requantize(r);
      case QuantizeSpec q -> quantize(q);
      case DequantizeSpec d -> dequantize(d);
      case FakeQuantizeSpec f -> fakeQuantize(f.grid());
      case DynamicQuantizeSpec d -> {
        int rows = d.perRow() ? out.extents()[0] : 1;
        scales = new float[rows];
        zeroPoints = new int[rows];
        if (out.count() > 0) { // nothing to do is no strips, and no strips write no parameters
          dynamicQuantize(d, scales, zeroPoints);
        }
      }
    }
    return new Answer(output.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), scales, zeroPoints);
  }

  /** The channel of an elementwise spec's cell. */
  private int channel(int cell) {
    return cell / out.extents()[2] % out.extents()[1];
  }

  private float lhsScale(LhsQuantization lhs, int row) {
    return switch (lhs) {
      case LhsQuantization.Fixed fixed -> fixed.scale();
      case LhsQuantization.PerTensor t -> problem.lhsScales()[0];
      case LhsQuantization.PerRow r -> problem.lhsScales()[row];
    };
  }

  /** Bias and output stage of a product. */
  private void finish(Output stage, LhsQuantization lhs, int[] acc) {
    Bias bias = problem.filter().bias();
    int channels = out.extents()[out.extents().length - 1];
    for (int cell = 0; cell < acc.length; cell++) {
      int channel = cell % channels;
      int offset = outAt[cell];
      int sum = bias instanceof Bias.Int32 b ? acc[cell] + b.at(channel) : acc[cell];
      switch (stage) {
        case Output.Accumulators a -> Cells.put(ElementType.S32, output, offset, sum);
        case Output.Requantized r ->
            Cells.put(r.type(), output, offset, requantize(r, bias, sum, channel));
        case Output.Dequantized d -> {
          float lhsScale = lhsScale(lhs, cell / channels);
          float rhsScale = d.rhsScales().at(channel);
          Cells.put(
              output,
              offset,
              bias instanceof Bias.Float32 b
                  ? DequantizeOracle.accumulator(sum, lhsScale, rhsScale, b.at(channel))
                  : DequantizeOracle.accumulator(sum, lhsScale, rhsScale));
        }
      }
    }
  }

  static int requantize(Output.Requantized r, Bias bias, int acc, int c) {
    int z = r.zeroPoint();
    int min = r.min();
    int max = r.max();
    return switch (r.multipliers()) {
      case Multipliers.Float64 m -> RequantizeOracle.float64HalfAway(acc, m.at(c), z, min, max);
      case Multipliers.FixedPoint m ->
          switch (r.recipe()) {
            case FIXED_POINT_DOUBLE_ROUNDING ->
                RequantizeOracle.fixedPointDoubleRounding(
                    acc, m.mantissa(c), m.shift(c), z, min, max);
            case FIXED_POINT_SINGLE_ROUNDING ->
                RequantizeOracle.fixedPointSingleRounding(
                    acc, m.mantissa(c), m.shift(c), z, min, max);
            default -> throw new AssertionError(r.recipe());
          };
      case Multipliers.Float32 m ->
          switch (r.recipe()) {
            case FLOAT32_NEAREST_EVEN ->
                RequantizeOracle.float32NearestEven(acc, m.at(c), z, min, max);
            case FLOAT32_ZERO_POINT_FIRST ->
                RequantizeOracle.float32ZeroPointFirst(acc, m.at(c), z, min, max);
            case FLOAT32_FLOAT_BIAS ->
                bias instanceof Bias.Float32 b
                    ? RequantizeOracle.float32FloatBias(acc, b.at(c), m.at(c), z, min, max)
                    : RequantizeOracle.float32NearestEven(acc, m.at(c), z, min, max);
            default -> throw new AssertionError(r.recipe());
          };
    };
  }

  private void requantize(RequantizeSpec r) {
    int[] inAt = in.offsets();
    for (int cell = 0; cell < outAt.length; cell++) {
      int c = channel(cell);
      int acc = Cells.integer(in.type(), input, inAt[cell]) - r.inputZeroPoint();
      int sum = r.bias() instanceof Bias.Int32 b ? acc + b.at(c) : acc;
      Cells.put(out.type(), output, outAt[cell], requantize(r.output(), r.bias(), sum, c));
    }
  }

  private void quantize(QuantizeSpec q) {
    int[] inAt = in.offsets();
    for (int cell = 0; cell < outAt.length; cell++) {
      int c = channel(cell);
      float x = Cells.real(input, inAt[cell]);
      int value = quantize(q.rule(), x, q.scales().at(c), q.zeroPoints().at(c), q.min(), q.max());
      Cells.put(out.type(), output, outAt[cell], value);
    }
  }

  static int quantize(QuantizeRule rule, float x, float scale, int z, int min, int max) {
    return switch (rule) {
      case DIVIDE_HALF_EVEN -> QuantizeOracle.divideHalfEven(x, scale, z, min, max);
      case MULTIPLY_HALF_EVEN -> QuantizeOracle.multiplyHalfEven(x, scale, z, min, max);
      case DIVIDE_HALF_AWAY -> QuantizeOracle.divideHalfAway(x, scale, z, min, max);
      case MULTIPLY_ZERO_POINT_FIRST ->
          QuantizeOracle.multiplyZeroPointFirst(x, scale, z, min, max);
    };
  }

  private void dequantize(DequantizeSpec d) {
    int[] inAt = in.offsets();
    for (int cell = 0; cell < outAt.length; cell++) {
      int c = channel(cell);
      int x = Cells.integer(in.type(), input, inAt[cell]);
      float value = DequantizeOracle.element(x, d.zeroPoints().at(c), d.scales().at(c));
      Cells.put(output, outAt[cell], value);
    }
  }

  private void fakeQuantize(FakeQuantizeSpec.Grid grid) {
    int[] inAt = in.offsets();
    for (int cell = 0; cell < outAt.length; cell++) {
      int c = channel(cell);
      float x = Cells.real(input, inAt[cell]);
      Cells.put(
          output,
          outAt[cell],
          switch (grid) {
            case FakeQuantizeSpec.Affine a -> {
              int z = a.zeroPoints().at(c);
              float scale = a.scales().at(c);
              yield DequantizeOracle.element(
                  quantize(a.rule(), x, scale, z, a.min(), a.max()), z, scale);
            }
            case FakeQuantizeSpec.Levels l ->
                FakeQuantizeOracle.levels(
                    x, l.inputLow(c), l.inputHigh(c), l.outputLow(c), l.outputHigh(c), l.levels());
          });
    }
  }

  private void dynamicQuantize(DynamicQuantizeSpec d, float[] scales, int[] zeroPoints) {
    boolean symmetric = d.range() == DynamicQuantizeSpec.Range.SYMMETRIC;
    int[] inAt = in.offsets();
    int perRow = out.extents()[0] == 0 ? 0 : out.count() / out.extents()[0];
    for (int row = 0; row < scales.length; row++) {
      float[] values = new float[d.perRow() ? perRow : out.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = Cells.real(input, inAt[row * perRow + i]);
      }
      scales[row] = DynamicQuantizeOracle.scale(values, d.min(), d.max(), symmetric);
      zeroPoints[row] =
          DynamicQuantizeOracle.zeroPoint(values, scales[row], d.min(), d.max(), symmetric);
      for (int i = 0; i < values.length; i++) {
        int q =
            QuantizeOracle.divideHalfEven(
                values[i], scales[row], zeroPoints[row], d.min(), d.max());
        Cells.put(out.type(), output, outAt[row * perRow + i], q);
      }
    }
  }
}
