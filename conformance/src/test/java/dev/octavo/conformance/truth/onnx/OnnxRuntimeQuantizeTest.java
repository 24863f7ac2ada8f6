package dev.octavo.conformance.truth.onnx;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.S32;
import static dev.octavo.ElementType.S8;
import static dev.octavo.ElementType.U8;
import static dev.octavo.conformance.truth.onnx.OnnxModel.CONTRIB;
import static dev.octavo.conformance.truth.onnx.OnnxModel.STANDARD;

import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.Shape;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.truth.Aim;
import dev.octavo.conformance.truth.Claim;
import dev.octavo.conformance.truth.GemmProblem;
import dev.octavo.conformance.truth.Operands;
import dev.octavo.conformance.truth.Problems;
import dev.octavo.conformance.truth.Tensor;
import dev.octavo.conformance.truth.Values;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** ONNX Runtime's ways in and out of 8 bits. */
class OnnxRuntimeQuantizeTest {
  private static final DynamicQuantizeSpec DYNAMIC = DynamicQuantizeSpec.onnx();

  @Property(tries = 150)
  void quantizeLinear(@ForAll("perTensor") Values v) {
    quantize("QuantizeLinear", v);
  }

  @Property(tries = 150)
  void quantizeLinearPerAxis(@ForAll("perChannel") Values v) {
    quantize("QuantizeLinear (per axis)", v);
  }

  private static void quantize(String name, Values v) {
    Tensor x = v.floats();
    QuantizeSpec spec = QuantizeSpec.of(v.type(), v.scaleParameters(), v.zeroPointParameters());
    Tensor norm = Tensor.of(v.type(), v.extents());
    for (int i = 0; i < norm.count(); i++) {
      int c = v.channel(i);
      norm.put(
          i,
          Norm.quantize(
              QuantizeRule.DIVIDE_HALF_EVEN,
              x.real(i),
              v.scales()[c],
              v.zeroPoints()[c],
              spec.min(),
              spec.max()));
    }
    OnnxModel model = withParameters(new OnnxModel(STANDARD, "QuantizeLinear").input(x), v);
    OnnxRuntime.claim(name, "DIVIDE_HALF_EVEN")
        .check(OnnxRuntime.run(model, v.type()), norm, new Claim.Run(spec, v.shape(spec), x), v);
  }

  @Property(tries = 150)
  void dequantizeLinear(@ForAll("perTensor") Values v, @ForAll boolean accumulators) {
    dequantize("DequantizeLinear", v, accumulators);
  }

  @Property(tries = 150)
  void dequantizeLinearPerAxis(@ForAll("perChannel") Values v, @ForAll boolean accumulators) {
    dequantize("DequantizeLinear (per axis)", v, accumulators);
  }

  private static void dequantize(String name, Values v, boolean accumulators) {
    ElementType type = accumulators ? S32 : v.type();
    int[] zeroPoints = accumulators ? new int[v.channels()] : v.zeroPoints();
    Tensor x = v.integers(type);
    DequantizeSpec spec = new DequantizeSpec(type, v.scaleParameters(), ZeroPoints.of(zeroPoints));
    Tensor norm = Tensor.of(F32, v.extents());
    for (int i = 0; i < norm.count(); i++) {
      int c = v.channel(i);
      norm.put(i, Norm.dequantize(x.integer(i), v.scales()[c], zeroPoints[c]));
    }
    OnnxModel model = new OnnxModel(STANDARD, "DequantizeLinear").input(x);
    if (accumulators) {
      model.constant(Tensor.floats(v.scales(), parameterExtents(v)));
    } else {
      withParameters(model, v);
    }
    if (v.perChannel()) {
      model.attribute("axis", 1);
    }
    OnnxRuntime.claim(name, "Norm.dequantize")
        .check(OnnxRuntime.run(model, F32), norm, new Claim.Run(spec, v.shape(spec), x), v);
  }

  private static OnnxModel withParameters(OnnxModel model, Values v) {
    return model
        .constant(Tensor.floats(v.scales(), parameterExtents(v)))
        .constant(Tensor.integers(v.type(), v.zeroPoints(), parameterExtents(v)));
  }

  private static long[] parameterExtents(Values v) {
    return v.perChannel() ? new long[] {v.channels()} : new long[0];
  }

  @Property(tries = 200)
  void dynamicQuantizeLinear(@ForAll("dynamic") GemmProblem p) {
    Tensor x = reals(p);
    Dynamic expected = Dynamic.of(x);
    Tensor[] theirs =
        OnnxRuntime.run(new OnnxModel(STANDARD, "DynamicQuantizeLinear").input(x), U8, F32, U8);
    Claim claim = OnnxRuntime.claim("DynamicQuantizeLinear", "DynamicQuantizeSpec.onnx()");
    Tensor zeroPoint = Tensor.scalar(S32, theirs[2].integer(0));
    claim.check(
        theirs[0],
        expected.values,
        (b, like) -> Dynamic.on(b, x).values.reshaped(like.extents()),
        p);
    claim.check(theirs[1], expected.scale, (b, like) -> Dynamic.on(b, x).scale, p);
    claim.check(zeroPoint, expected.zeroPoint, (b, like) -> Dynamic.on(b, x).zeroPoint, p);
  }

  @Property(tries = 150)
  void dynamicQuantizeMatMul(
      @ForAll("dynamic") GemmProblem p,
      @ForAll boolean perChannel,
      @ForAll boolean biased,
      @ForAll boolean constant) {
    Tensor x = reals(p);
    Dynamic lhs = Dynamic.of(x);
    GemmProblem quantized =
        new GemmProblem(
            p.m(),
            p.n(),
            p.k(),
            lhs.values,
            lhs.zeroPoint.integer(0),
            p.rhs(),
            true,
            p.rhsZeroPoints(),
            p.seed());
    int[] acc = quantized.accumulators();
    Aim aim = Aim.at(acc, p.n(), perChannel, U8, p.random());
    float[] bias = biased ? aim.floatBias(p.n(), p.random()) : null;
    OnnxModel model =
        new OnnxModel(CONTRIB, "DynamicQuantizeMatMul")
            .input(x)
            .argument(p.rhs(), constant)
            .argument(Tensor.floats(aim.rhsScales(), aim.rhsScales().length), constant)
            .argument(
                Tensor.integers(p.rhs().type(), p.rhsZeroPoints(), p.rhsZeroPoints().length),
                constant);
    if (biased) {
      model.constant(Tensor.floats(bias, p.n()));
    }
    var spec = p.spec(new LhsQuantization.PerTensor(), new Output.Dequantized(aim.scales()));
    Bias ourBias = biased ? Bias.of(bias) : Bias.none();
    OnnxRuntime.claim("com.microsoft DynamicQuantizeMatMul", "f32 output")
        .check(
            OnnxRuntime.run(model, F32),
            quantized.output(acc, lhs.scale.real(0), aim.scales(), bias),
            (backend, like) -> {
              Dynamic ours = Dynamic.on(backend, x);
              LhsParameters parameters =
                  new LhsParameters(ours.scale.data(), ours.zeroPoint.data());
              return new Claim.Run(spec, p.weights(ourBias), p.shape(spec), ours.values, parameters)
                  .on(backend, like);
            },
            p + " " + aim);
  }

  /** A matrix quantized from its own range. */
  private record Dynamic(Tensor values, Tensor scale, Tensor zeroPoint) {
    /** By the norm. */
    static Dynamic of(Tensor x) {
      float lo = 0;
      float hi = 0;
      for (int i = 0; i < x.count(); i++) {
        lo = Math.min(lo, x.real(i));
        hi = Math.max(hi, x.real(i));
      }
      float scale = Norm.dynamicScale(DYNAMIC, lo, hi);
      int zeroPoint = Norm.dynamicZeroPoint(DYNAMIC, lo, scale);
      Tensor values = Tensor.of(U8, x.extents());
      for (int i = 0; i < x.count(); i++) {
        values.put(
            i, Norm.quantize(QuantizeRule.DIVIDE_HALF_EVEN, x.real(i), scale, zeroPoint, 0, 255));
      }
      return new Dynamic(values, Tensor.scalar(scale), Tensor.scalar(S32, zeroPoint));
    }

    /** By a backend. */
    static Dynamic on(Backend backend, Tensor x) {
      Dynamic result =
          new Dynamic(Tensor.of(U8, x.extents()), Tensor.scalar(0f), Tensor.scalar(S32, 0));
      Shape shape = DYNAMIC.elements(1, x.count());
      try (Arena arena = Arena.ofConfined()) {
        backend
            .prepare(DYNAMIC, arena)
            .run(
                shape,
                x.data(),
                result.values.data(),
                new LhsParameters(result.scale.data(), result.zeroPoint.data()));
      }
      return result;
    }
  }

  /**
   * Reals of all kinds of range: random, a grid of half steps (each value then at a tie), of one
   * sign, all zero.
   */
  private static Tensor reals(GemmProblem p) {
    SplittableRandom random = p.random();
    Tensor x = Tensor.of(F32, p.m(), p.k());
    int mode = random.nextInt(8);
    float unit = Math.scalb(1f, random.nextInt(-30, 20));
    int offset = random.nextInt(256);
    for (int i = 0; i < x.count(); i++) {
      x.put(
          i,
          switch (mode) {
            case 0 -> 0f;
            case 1 -> unit * (float) random.nextDouble();
            case 2 -> -unit * (float) random.nextDouble();
            case 3, 4 -> unit * (float) random.nextDouble(-1, 1);
            default -> unit * (random.nextInt(511) * 0.5f - offset);
          });
    }
    if (mode >= 5 && x.count() > 1) { // the whole grid, so that the scale is its unit
      x.put(0, unit * -offset);
      x.put(x.count() - 1, unit * (255 - offset));
    }
    return x;
  }

  @Provide
  Arbitrary<Values> perTensor() {
    return Values.of(false, U8, S8);
  }

  @Provide
  Arbitrary<Values> perChannel() {
    return Values.of(true, U8, S8);
  }

  @Provide
  Arbitrary<GemmProblem> dynamic() {
    return Problems.gemms(
        true,
        Operands.of(U8, S8, Operands.RhsZeroPoints.PER_TENSOR),
        Operands.of(U8, S8, Operands.RhsZeroPoints.ZERO),
        Operands.of(U8, U8, Operands.RhsZeroPoints.PER_TENSOR));
  }
}
