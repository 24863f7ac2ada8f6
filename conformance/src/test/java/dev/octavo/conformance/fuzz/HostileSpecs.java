package dev.octavo.conformance.fuzz;

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
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Strides;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Grid;
import java.util.Arrays;

/** Specs and shapes, any part of which may be anything. */
final class HostileSpecs {
  private static final int MOST_VALUES = 64;

  private final Bytes b;

  HostileSpecs(Bytes b) {
    this.b = b;
  }

  Spec spec() {
    return switch (b.below(9)) {
      case 0, 1, 2 -> gemm();
      case 3, 4, 5 -> conv();
      case 6 -> {
        int channels = b.or(1 + b.below(9));
        yield new RequantizeSpec(
            channels,
            b.pick(ElementType.S32, type()),
            b.or(0),
            bias(channels),
            requantized(channels));
      }
      case 7 -> {
        int channels = 1 + b.below(9);
        yield b.flag()
            ? new QuantizeSpec(
                type(), scales(channels), zeroPoints(channels), b.or(3), b.or(99), rule())
            : new DequantizeSpec(
                b.pick(ElementType.S32, type()), scales(channels), zeroPoints(channels));
      }
      default ->
          b.flag()
              ? new DynamicQuantizeSpec(
                  type(), b.pick(DynamicQuantizeSpec.Range.values()), b.flag())
              : fake();
    };
  }

  private Spec gemm() {
    int n = b.or(b.below(40));
    int k = b.or(b.below(70));
    ElementType lhs = type();
    return new GemmSpec(n, k, lhs, type(), lhs(true), zeroPoints(n), output(n));
  }

  private Spec conv() {
    int groups = b.or(1 + b.below(3));
    int in = b.or(groups * (1 + b.below(5)));
    int out = b.or(groups * (1 + b.below(9)));
    Window window =
        new Window(
            b.or(1 + b.below(4)),
            b.or(1 + b.below(4)),
            b.or(1 + b.below(3)),
            b.or(1 + b.below(3)),
            b.or(1 + b.below(3)),
            b.or(1 + b.below(3)),
            b.or(b.below(4)),
            b.or(b.below(4)),
            b.or(b.below(4)),
            b.or(b.below(4)));
    return new ConvSpec(
        in, out, window, groups, type(), type(), lhs(false), zeroPoints(out), output(out));
  }

  private Spec fake() {
    int channels = 1 + b.below(9);
    if (b.flag()) {
      return new FakeQuantizeSpec(
          new FakeQuantizeSpec.Affine(
              scales(channels), zeroPoints(channels), b.or(-8), b.or(200), rule()));
    }
    float[][] limits = new float[4][];
    for (int i = 0; i < limits.length; i++) {
      limits[i] = new float[count(channels)];
      Arrays.fill(limits[i], b.or(i % 2 == 0 ? -1f : 1f));
    }
    return new FakeQuantizeSpec(
        new FakeQuantizeSpec.Levels(limits[0], limits[1], limits[2], limits[3], b.or(16)));
  }

  private ElementType type() {
    return b.hostile()
        ? b.pick(ElementType.S32, ElementType.F32, null)
        : b.pick(ElementType.U8, ElementType.S8);
  }

  private QuantizeRule rule() {
    return b.hostile() ? null : b.pick(QuantizeRule.values());
  }

  private LhsQuantization lhs(boolean rows) {
    return switch (b.below(6)) {
      case 3 -> new LhsQuantization.PerTensor();
      case 4 ->
          rows || b.hostile() ? new LhsQuantization.PerRow() : new LhsQuantization.PerTensor();
      case 5 -> b.hostile() ? null : LhsQuantization.NONE;
      default -> new LhsQuantization.Fixed(b.or(b.below(128)), b.or(0.5f));
    };
  }

  /** 1, or as many as there are channels, or any number. */
  private int count(int channels) {
    return b.hostile() ? b.below(MOST_VALUES) : b.flag() ? 1 : Math.clamp(channels, 1, MOST_VALUES);
  }

  private ZeroPoints zeroPoints(int channels) {
    int[] values = new int[count(channels)];
    Arrays.setAll(values, i -> b.or(b.below(128)));
    return b.hostile() ? null : ZeroPoints.of(values);
  }

  private Scales scales(int channels) {
    float[] values = new float[count(channels)];
    Arrays.fill(values, b.or(0.25f));
    return b.hostile() ? null : Scales.of(values);
  }

  Bias bias(int channels) {
    return switch (b.below(4)) {
      case 0 -> {
        int[] values = new int[b.hostile() ? b.below(9) : Math.clamp(channels, 0, MOST_VALUES)];
        Arrays.setAll(values, i -> b.or(i));
        yield Bias.of(values);
      }
      case 1 -> {
        float[] values = new float[Math.clamp(channels, 0, MOST_VALUES)];
        Arrays.fill(values, b.or(1.5f));
        yield Bias.of(values);
      }
      default -> b.hostile() ? null : Bias.none();
    };
  }

  private Output output(int channels) {
    return switch (b.below(4)) {
      case 0 -> b.hostile() ? null : Output.ACCUMULATORS;
      case 1 -> new Output.Dequantized(scales(channels));
      default -> requantized(channels);
    };
  }

  private Output.Requantized requantized(int channels) {
    Recipe recipe = b.pick(Recipe.values());
    int count = count(channels);
    Class<?> kind = b.hostile() ? Multipliers.Float64.class : recipe.multipliers();
    Multipliers multipliers;
    if (kind == Multipliers.Float32.class) {
      float[] values = new float[count];
      Arrays.fill(values, b.or(0.01f));
      multipliers = Multipliers.Float32.of(values);
    } else if (kind == Multipliers.Float64.class) {
      double[] values = new double[count];
      Arrays.fill(values, b.or(0.01f));
      multipliers = Multipliers.Float64.of(values);
    } else {
      int[] mantissas = new int[count];
      int[] shifts = new int[count];
      Arrays.fill(mantissas, b.or(1 << 30));
      Arrays.fill(shifts, b.or(-b.below(9)));
      multipliers = Multipliers.FixedPoint.of(mantissas, shifts);
    }
    int min = b.or(b.below(100));
    return new Output.Requantized(
        type(), recipe, multipliers, b.or(b.below(128)), min, b.or(min + b.below(28)));
  }

  /** A shape for a spec, or for another. */
  Shape shape(Spec spec) {
    return switch (b.hostile() ? null : spec) {
      case GemmSpec g ->
          new Shape.Rows(
              b.or((long) b.below(20)),
              b.or((long) g.k() + b.below(3)),
              b.or(((long) g.n() + b.below(3)) * g.outputType().bytes()));
      case ConvSpec c -> image(c);
      case null -> b.pick(null, new Shape.Rows(1, 1, 4), new Shape.Elements(1, 1, 4, 4));
      default -> {
        long inner = b.or((long) b.below(40));
        long row = inner * Grid.channels(spec);
        yield new Shape.Elements(
            b.or((long) b.below(5)),
            inner,
            b.or((row + b.below(3)) * spec.inputType().bytes()),
            b.or((row + b.below(3)) * spec.outputType().bytes()));
      }
    };
  }

  private Shape image(ConvSpec c) {
    int height = b.or(1 + b.below(12));
    int width = b.or(1 + b.below(12));
    return new Shape.Image(
        b.or((long) b.below(4)),
        height,
        width,
        strides(height, width, c.inChannels(), 1),
        strides(
            c.window().outHeight(height),
            c.window().outWidth(width),
            c.outChannels(),
            c.outputType().bytes()));
  }

  private Strides strides(int height, int width, int channels, int element) {
    Strides s =
        b.flag()
            ? Strides.nchw(height, width, channels, element)
            : Strides.nhwc(height, width, channels, element);
    return b.hostile() ? new Strides(b.or(s.n()), b.or(s.h()), b.or(s.w()), b.or(s.c())) : s;
  }
}
