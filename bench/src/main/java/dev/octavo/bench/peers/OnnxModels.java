package dev.octavo.bench.peers;

import com.google.protobuf.ByteString;
import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tasks as ONNX models of one operator, the fastest that ONNX Runtime has for each. */
final class OnnxModels {

  private static final ElementType S32 = ElementType.S32;
  private static final ElementType F32 = ElementType.F32;

  private OnnxModels() {}

  /**
   * A model, and how its operands lie.
   *
   * @param channelsFirst whether activations are NCHW rather than NHWC
   */
  record Made(
      String operator,
      byte[] model,
      Task.Int8 task,
      long[] inputExtents,
      long[] outputExtents,
      boolean channelsFirst) {}

  static Made of(Task.Int8 task) {
    boolean sums = task.product().output() == Output.ACCUMULATORS;
    return switch (task.problem()) {
      case Gemm g -> sums ? matMulInteger(task, g) : qGemm(task, g);
      case Conv c -> sums ? convInteger(task, c) : qLinearConv(task, c);
    };
  }

  private static Made matMulInteger(Task.Int8 task, Gemm g) {
    ElementType type = task.spec().inputType();
    long[] in = {g.m(), g.k()};
    long[] out = {g.m(), g.n()};
    byte[] model =
        new OneOperator("", "MatMulInteger")
            .input(type, in)
            .constant(ElementType.S8, weights(task, 1, 1, g.k(), g.n(), false), g.k(), g.n())
            .constant(type, one(Asked.zeroPoint(task)))
            .output(S32, out);
    return new Made("MatMulInteger", model, task, in, out, false);
  }

  /** {@code QGemm} is {@code QLinearMatMul} with a bias. */
  private static Made qGemm(Task.Int8 task, Gemm g) {
    ElementType type = task.spec().inputType();
    Output.Requantized r = (Output.Requantized) task.product().output();
    long[] in = {g.m(), g.k()};
    long[] out = {g.m(), g.n()};
    byte[] model =
        new OneOperator(OneOperator.CONTRIB, "QGemm")
            .input(type, in)
            .constant(F32, floats(1f))
            .constant(type, one(Asked.zeroPoint(task)))
            .constant(ElementType.S8, weights(task, 1, 1, g.k(), g.n(), false), g.k(), g.n())
            .constant(F32, multipliers(r, g.n()), g.n())
            .constant(ElementType.S8, ByteString.copyFrom(new byte[g.n()]), g.n())
            .constant(S32, bias(task, g.n()), g.n())
            .constant(F32, floats(1f))
            .constant(r.type(), one(r.zeroPoint()))
            .output(r.type(), out);
    return new Made("QGemm", model, task, in, out, false);
  }

  private static Made convInteger(Task.Int8 task, Conv c) {
    ElementType type = task.spec().inputType();
    long[] in = {c.batch(), c.channels(), c.height(), c.width()};
    long[] out = {c.batch(), c.outChannels(), c.outHeight(), c.outWidth()};
    OneOperator operator =
        new OneOperator("", "ConvInteger")
            .input(type, in)
            .constant(ElementType.S8, filters(task, c), filterExtents(c))
            .constant(type, one(Asked.zeroPoint(task)));
    return new Made("ConvInteger", window(operator, c).output(S32, out), task, in, out, true);
  }

  /** ONNX Runtime's own variant, which takes NHWC as its optimizer would make it. */
  private static Made qLinearConv(Task.Int8 task, Conv c) {
    ElementType type = task.spec().inputType();
    Output.Requantized r = (Output.Requantized) task.product().output();
    long[] in = {c.batch(), c.height(), c.width(), c.channels()};
    long[] out = {c.batch(), c.outHeight(), c.outWidth(), c.outChannels()};
    OneOperator operator =
        new OneOperator(OneOperator.CONTRIB, "QLinearConv")
            .input(type, in)
            .constant(F32, floats(1f))
            .constant(type, one(Asked.zeroPoint(task)))
            .constant(ElementType.S8, filters(task, c), filterExtents(c))
            .constant(F32, multipliers(r, c.outChannels()), c.outChannels())
            .constant(ElementType.S8, one(0))
            .constant(F32, floats(1f))
            .constant(r.type(), one(r.zeroPoint()))
            .constant(S32, bias(task, c.outChannels()), c.outChannels())
            .attribute("channels_last", 1);
    byte[] model = window(operator, c).output(r.type(), out);
    return new Made("QLinearConv", model, task, in, out, false);
  }

  private static OneOperator window(OneOperator operator, Conv c) {
    Window w = c.window();
    return operator
        .attribute("kernel_shape", new long[] {w.kernelHeight(), w.kernelWidth()})
        .attribute("strides", new long[] {w.strideHeight(), w.strideWidth()})
        .attribute("dilations", new long[] {w.dilationHeight(), w.dilationWidth()})
        .attribute("pads", new long[] {w.padTop(), w.padLeft(), w.padBottom(), w.padRight()})
        .attribute("group", c.groups());
  }

  private static long[] filterExtents(Conv c) {
    Window w = c.window();
    return new long[] {c.outChannels(), c.groupChannels(), w.kernelHeight(), w.kernelWidth()};
  }

  private static ByteString filters(Task.Int8 task, Conv c) {
    Window w = c.window();
    return weights(
        task, w.kernelHeight(), w.kernelWidth(), c.groupChannels(), c.outChannels(), true);
  }

  /** OIHW if {@code outsFirst}, else {@code k} rows of {@code n}. */
  private static ByteString weights(
      Task.Int8 task, int height, int width, int ins, int outs, boolean outsFirst) {
    Weights w = task.weights();
    MemorySegment data = w.data();
    byte[] bytes = new byte[height * width * ins * outs];
    for (int o = 0; o < outs; o++) {
      for (int i = 0; i < ins; i++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            int at = outsFirst ? ((o * ins + i) * height + y) * width + x : i * outs + o;
            bytes[at] = data.get(ValueLayout.JAVA_BYTE, w.offset(o, y, x, i));
          }
        }
      }
    }
    return ByteString.copyFrom(bytes);
  }

  private static ByteString bias(Task.Int8 task, int channels) {
    ByteBuffer values = ByteBuffer.allocate(4 * channels).order(ByteOrder.LITTLE_ENDIAN);
    for (int c = 0; c < channels; c++) {
      values.putInt(task.weights().bias() instanceof Bias.Int32 b ? b.at(c) : 0);
    }
    return ByteString.copyFrom(values.flip());
  }

  private static ByteString multipliers(Output.Requantized output, int channels) {
    float[] values = new float[channels];
    for (int c = 0; c < channels; c++) {
      values[c] = ((Multipliers.Float32) output.multipliers()).at(c);
    }
    return floats(values);
  }

  private static ByteString floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ByteString.copyFrom(bytes);
  }

  private static ByteString one(int value) {
    return ByteString.copyFrom(new byte[] {(byte) value});
  }
}
