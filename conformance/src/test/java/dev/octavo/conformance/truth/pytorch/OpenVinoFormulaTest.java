package dev.octavo.conformance.truth.pytorch;

import static dev.octavo.ElementType.F32;
import static dev.octavo.ElementType.U8;

import dev.octavo.FakeQuantizeSpec;
import dev.octavo.Norm;
import dev.octavo.conformance.truth.Tensor;
import dev.octavo.conformance.truth.Values;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.bytedeco.pytorch.IValue;

/**
 * OpenVINO's FakeQuantize, whose specification is a formula of float32 operations: the formula,
 * evaluated by PyTorch's operators, one after the other.
 */
@AddLifecycleHook(PyTorch.Absent.class)
class OpenVinoFormulaTest {
  /** Limits by channel, [channels, 1] so that they broadcast. */
  private record Limits(float[] il, float[] ih, float[] ol, float[] oh, int levels) {
    static Limits of(Values v) {
      SplittableRandom random = new SplittableRandom(v.seed());
      int n = v.channels();
      Limits limits =
          new Limits(
              new float[n],
              new float[n],
              new float[n],
              new float[n],
              random.nextBoolean() ? 256 : random.nextBoolean() ? 255 : random.nextInt(2, 65537));
      for (int c = 0; c < n; c++) {
        float unit = Math.scalb(1f, random.nextInt(-8, 8));
        limits.il[c] = unit * (float) random.nextDouble(-4, 0);
        limits.ih[c] = unit * (float) random.nextDouble(0.1, 4);
        limits.ol[c] = random.nextBoolean() ? limits.il[c] : (float) random.nextDouble(-3, 3);
        limits.oh[c] = random.nextBoolean() ? limits.ih[c] : (float) random.nextDouble(-3, 3);
      }
      return limits;
    }

    /** Inputs at and near ties, and beyond the limits. */
    Tensor inputs(Values v) {
      SplittableRandom random = new SplittableRandom(~v.seed());
      Tensor x = Tensor.of(F32, v.extents());
      for (int i = 0; i < x.count(); i++) {
        int c = v.channel(i);
        double step = random.nextInt(-1, levels + 1) + (random.nextInt(4) == 0 ? 0 : 0.5);
        float value = (float) (il[c] + step / (levels - 1) * ((double) ih[c] - il[c]));
        int nudge = random.nextInt(-2, 3);
        x.put(i, Float.intBitsToFloat(Float.floatToRawIntBits(value) + nudge));
      }
      return x;
    }

    private IValue column(float[] values) {
      return new IValue(PyTorch.tensor(Tensor.floats(values, values.length, 1)));
    }

    IValue formula(Tensor x) {
      IValue in = new IValue(PyTorch.tensor(x));
      IValue steps = new IValue(PyTorch.tensor(Tensor.floats(new float[] {levels - 1}, 1)));
      IValue low = column(il);
      IValue high = column(ih);
      IValue outLow = column(ol);
      IValue outHigh = column(oh);
      IValue t = binary("div", minus(in, low), minus(high, low));
      t = PyTorch.invoke("aten::round", "", binary("mul", t, steps));
      t = binary("mul", binary("div", t, steps), minus(outHigh, outLow));
      t = PyTorch.invoke("aten::add", "Tensor", t, outLow, new IValue(1L));
      t = PyTorch.invoke("aten::where", "self", binary("gt", in, high), outHigh, t);
      return PyTorch.invoke("aten::where", "self", binary("le", in, low), outLow, t);
    }

    private static IValue binary(String operator, IValue a, IValue b) {
      return PyTorch.invoke("aten::" + operator, "Tensor", a, b);
    }

    private static IValue minus(IValue a, IValue b) {
      return PyTorch.invoke("aten::sub", "Tensor", a, b, new IValue(1L));
    }
  }

  @Property(tries = 150)
  void fakeQuantize(@ForAll("values") Values v) {
    Limits limits = Limits.of(v);
    Tensor x = limits.inputs(v);
    Tensor norm = Tensor.of(F32, v.extents());
    for (int i = 0; i < x.count(); i++) {
      int c = v.channel(i);
      norm.put(
          i,
          Norm.fakeQuantizeLevels(
              x.real(i), limits.il[c], limits.ih[c], limits.ol[c], limits.oh[c], limits.levels));
    }
    FakeQuantizeSpec spec =
        new FakeQuantizeSpec(
            new FakeQuantizeSpec.Levels(limits.il, limits.ih, limits.ol, limits.oh, limits.levels));
    PyTorch.claimOfAll("OpenVINO's FakeQuantize as float32 operators", "FakeQuantizeSpec.Levels")
        .check(
            PyTorch.copy(limits.formula(x).toTensor(), F32, v.extents()),
            norm,
            v.problem(spec, x),
            v + " " + limits);
  }

  @Provide
  Arbitrary<Values> values() {
    return Values.of(true, U8);
  }
}
