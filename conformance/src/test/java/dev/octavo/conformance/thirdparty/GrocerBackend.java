package dev.octavo.conformance.thirdparty;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.PackedLayout;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * An outsider's backend, as small as one can be: it adds up one product after the other like a
 * grocer, does GEMM alone, and knows the library only by its public API. Its methods are open so
 * that tests can make it wrong in one place.
 */
class GrocerBackend extends Backend {
  GrocerBackend(String id) {
    super(id, 1);
  }

  @Override
  public Availability availability() {
    return Availability.USABLE;
  }

  @Override
  public Optional<String> refusal(Spec spec) {
    return spec instanceof GemmSpec
        ? Optional.empty()
        : Optional.of("it can only multiply matrices");
  }

  @Override
  protected Plan planFor(Spec spec) {
    GemmSpec g = (GemmSpec) spec;
    String types = g.lhsType().code() + g.rhsType().code() + g.outputType().code();
    int run = Math.max(1, g.k());
    PackedLayout layout = new PackedLayout(1, 1, 1, Math.max(1, g.n()), run, run, 0, 0, g.k(), 0);
    return new Plan(
        id(),
        "gemm_" + types + "_1x1x1_grocer",
        1,
        1,
        1,
        Optional.of(layout),
        (long) g.n() * g.k());
  }

  @Override
  protected Kernel prepareFor(Spec spec, Weights weights, Arena arena) {
    GemmSpec g = (GemmSpec) spec;
    MemorySegment packed = arena.allocate((long) g.n() * g.k());
    for (int n = 0; n < g.n(); n++) {
      for (int k = 0; k < g.k(); k++) {
        byte value = weights.data().get(ValueLayout.JAVA_BYTE, weights.offset(n, 0, 0, k));
        packed.set(ValueLayout.JAVA_BYTE, (long) n * g.k() + k, value);
      }
    }
    return new GrocerKernel(g, planFor(g), weights.bias(), packed, arena);
  }

  int accumulate(int sum, int lhs, int rhs) {
    return sum + lhs * rhs;
  }

  int requantize(Output.Requantized output, int acc, float floatBias, int channel) {
    return Norm.requantize(output, acc, floatBias, channel);
  }

  long dstOffset(Shape.Rows rows, long m, int n, int element) {
    return m * rows.dstStride() + (long) n * element;
  }

  private final class GrocerKernel extends Kernel {
    private final GemmSpec spec;
    private final Bias bias;
    private final MemorySegment packed;

    GrocerKernel(GemmSpec spec, Plan plan, Bias bias, MemorySegment packed, Arena arena) {
      super(spec, plan, arena);
      this.spec = spec;
      this.bias = bias;
      this.packed = packed;
    }

    @Override
    public MemorySegment packed() {
      return packed.asReadOnly();
    }

    @Override
    protected long stripsFor(Shape shape) {
      return spec.n() == 0 ? 0 : ((Shape.Rows) shape).m();
    }

    @Override
    protected long scratchBytesFor(Shape shape) {
      return 0;
    }

    @Override
    protected void runStrips(
        Shape shape,
        MemorySegment input,
        MemorySegment output,
        LhsParameters lhs,
        MemorySegment scratch,
        long first,
        long last) {
      Shape.Rows rows = (Shape.Rows) shape;
      for (long m = first; m < last; m++) {
        for (int n = 0; n < spec.n(); n++) {
          int sum = bias instanceof Bias.Int32 b ? b.at(n) : 0;
          for (int k = 0; k < spec.k(); k++) {
            int left = integer(spec.lhsType(), input, m * rows.lhsStride() + k);
            int right = integer(spec.rhsType(), packed, (long) n * spec.k() + k);
            sum = accumulate(sum, left - zeroPoint(lhs, m), right - spec.rhsZeroPoints().at(n));
          }
          long offset = dstOffset(rows, m, n, spec.outputType().bytes());
          switch (spec.output()) {
            case Output.Accumulators a -> output.set(ValueLayout.JAVA_INT, offset, sum);
            case Output.Requantized r -> {
              float floatBias = bias instanceof Bias.Float32 b ? b.at(n) : 0f;
              output.set(ValueLayout.JAVA_BYTE, offset, (byte) requantize(r, sum, floatBias, n));
            }
            case Output.Dequantized d -> {
              float scale = scale(lhs, m) * d.rhsScales().at(n);
              float value =
                  bias instanceof Bias.Float32 b
                      ? Norm.dequantizeAccumulator(sum, scale, b.at(n))
                      : Norm.dequantizeAccumulator(sum, scale);
              output.set(ValueLayout.JAVA_FLOAT, offset, value);
            }
          }
        }
      }
    }

    private int zeroPoint(LhsParameters lhs, long m) {
      return switch (spec.lhs()) {
        case LhsQuantization.Fixed f -> f.zeroPoint();
        case LhsQuantization.PerTensor t -> lhs.zeroPoints().getAtIndex(ValueLayout.JAVA_INT, 0);
        case LhsQuantization.PerRow r -> lhs.zeroPoints().getAtIndex(ValueLayout.JAVA_INT, m);
      };
    }

    private float scale(LhsParameters lhs, long m) {
      return switch (spec.lhs()) {
        case LhsQuantization.Fixed f -> f.scale();
        case LhsQuantization.PerTensor t -> lhs.scales().getAtIndex(ValueLayout.JAVA_FLOAT, 0);
        case LhsQuantization.PerRow r -> lhs.scales().getAtIndex(ValueLayout.JAVA_FLOAT, m);
      };
    }

    private static int integer(ElementType type, MemorySegment data, long offset) {
      byte value = data.get(ValueLayout.JAVA_BYTE, offset);
      return type == ElementType.U8 ? Byte.toUnsignedInt(value) : value;
    }
  }
}
