package dev.octavo.conformance.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Recipe;
import dev.octavo.Shape;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.vectors.VectorCase.Part;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * One CMSIS-NN unit test: int8 convolution, depthwise convolution or fully-connected layer, its
 * answer computed by TensorFlow Lite. {@code params} are the integers of the test's configuration
 * header, {@code arrays} its data.
 *
 * <p>An {@code …_OFFSET} of the input or the weights is minus the zero point; that of the output is
 * the zero point. Padding is given at the top and left only; the bottom and right follow from the
 * extents of the output.
 */
final class CmsisReader {
  private final String name;
  private final JsonNode params;
  private final JsonNode arrays;

  private CmsisReader(String name, JsonNode root) {
    this.name = name;
    this.params = root.path("params");
    this.arrays = root.path("arrays");
    if (!params.isObject() || !arrays.isObject()) {
      throw new UnsupportedCaseException("no params and arrays: not a CMSIS-NN case");
    }
  }

  static List<Part> read(Path file) throws IOException {
    String name = file.getFileName().toString().replaceFirst("\\.json$", "");
    CmsisReader reader = new CmsisReader(name, new ObjectMapper().readTree(file.toFile()));
    return List.of(reader.part());
  }

  private Part part() throws IOException {
    if (!arrays.path("input").path("type").asText().equals("int8")) {
      throw new UnsupportedCaseException(
          "input of type " + arrays.path("input").path("type").asText());
    }
    Problem problem = params.has("FILTER_X") ? convolution() : fullyConnected();
    byte[] expected = bytes(array("output_ref", "output"));
    int outputs = problem.outputGrid().bytes();
    if (expected.length != outputs) {
      throw new IOException(
          name + " expects " + expected.length + " outputs, its extents say " + outputs);
    }
    return new Part(problem, new Answer(expected, new float[0], new int[0]));
  }

  private Problem fullyConnected() throws IOException {
    if (!arrays.has("weights") || !params.has("ACCUMULATION_DEPTH")) {
      throw new UnsupportedCaseException("neither a convolution nor a fully-connected layer");
    }
    int k = param("ACCUMULATION_DEPTH");
    int n = param("OUT_CH");
    byte[] input = bytes(array("input"));
    GemmSpec spec =
        new GemmSpec(
            n,
            k,
            ElementType.S8,
            ElementType.S8,
            LhsQuantization.zeroPoint(-param("INPUT_OFFSET")),
            ZeroPoints.of(-optional("FILTER_OFFSET", 0)),
            output(n));
    byte[] weights = bytes(array("weights"));
    Filter filter = new Filter(weights, new long[] {k, 0, 0, 1}, bias(n));
    return new Problem(spec, filter, spec.rows(input.length / k), input);
  }

  private Problem convolution() throws IOException {
    int inChannels = param("IN_CH");
    int outChannels = param("OUT_CH");
    byte[] weights = bytes(array("weights"));
    int taps = param("FILTER_X") * param("FILTER_Y");
    boolean depthwise = params.has("CH_MULT") || name.startsWith("depthwise");
    int groups = depthwise ? inChannels : inChannels / (weights.length / (taps * outChannels));
    ConvSpec spec =
        ConvSpec.of(inChannels, outChannels, window())
            .withGroups(groups)
            .withLhs(ElementType.S8, -param("INPUT_OFFSET"))
            .withRhs(ElementType.S8)
            .withOutput(output(outChannels));
    Weights layout =
        depthwise ? Weights.hwio(MemorySegment.NULL, spec) : Weights.ohwi(MemorySegment.NULL, spec);
    long[] strides = {
      layout.outStride(), layout.heightStride(), layout.widthStride(), layout.inStride()
    };
    Shape.Image shape = spec.nhwc(param("INPUT_BATCHES"), param("INPUT_H"), param("INPUT_W"));
    return new Problem(
        spec, new Filter(weights, strides, bias(outChannels)), shape, bytes(array("input")));
  }

  private Window window() throws IOException {
    int dilationY = optional("DILATION_Y", 1);
    int dilationX = optional("DILATION_X", 1);
    int top = optional("PAD_Y", 0);
    int left = optional("PAD_X", 0);
    int bottom =
        after(
            param("INPUT_H"),
            param("FILTER_Y"),
            param("STRIDE_Y"),
            dilationY,
            top,
            param("OUTPUT_H"));
    int right =
        after(
            param("INPUT_W"),
            param("FILTER_X"),
            param("STRIDE_X"),
            dilationX,
            left,
            param("OUTPUT_W"));
    return Window.of(param("FILTER_Y"), param("FILTER_X"))
        .withStrides(param("STRIDE_Y"), param("STRIDE_X"))
        .withDilations(dilationY, dilationX)
        .withPadding(top, left, bottom, right);
  }

  /** The padding after an axis that its number of outputs needs. */
  private static int after(
      int input, int kernel, int stride, int dilation, int before, int outputs) {
    return Math.max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - input - before);
  }

  private Output output(int channels) throws IOException {
    int[] mantissas = perChannel("OUTPUT_MULTIPLIER", "output_mult", "output_multiplier");
    int[] shifts = perChannel("OUTPUT_SHIFT", "output_shift");
    if (mantissas.length != 1 && mantissas.length != channels) {
      throw new IOException(
          name + " has " + mantissas.length + " multipliers for " + channels + " channels");
    }
    return new Output.Requantized(
        ElementType.S8,
        Recipe.FIXED_POINT_DOUBLE_ROUNDING,
        Multipliers.FixedPoint.of(mantissas, shifts),
        param("OUTPUT_OFFSET"),
        param("OUT_ACTIVATION_MIN"),
        param("OUT_ACTIVATION_MAX"));
  }

  private Bias bias(int channels) {
    int[] bias = array("biases", "bias");
    return bias.length == channels ? Bias.of(bias) : Bias.none();
  }

  private int[] perChannel(String param, String... names) throws IOException {
    return params.has(param) ? new int[] {param(param)} : array(names);
  }

  private int param(String key) throws IOException {
    if (!params.has(key)) {
      throw new IOException(name + " has no " + key);
    }
    return params.get(key).asInt();
  }

  private int optional(String key, int otherwise) {
    return params.path(key).asInt(otherwise);
  }

  /** The first array of these names that there is; empty if there is none. */
  private int[] array(String... names) {
    for (String key : names) {
      if (arrays.has(key)) {
        JsonNode values = arrays.get(key).get("values");
        int[] array = new int[values.size()];
        Arrays.setAll(array, i -> values.get(i).asInt());
        return array;
      }
    }
    return new int[0];
  }

  private static byte[] bytes(int[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
