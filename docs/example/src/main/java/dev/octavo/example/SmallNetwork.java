package dev.octavo.example;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.Kernel;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The small network of every introduction: 10 inputs, two hidden layers of 8, 10 outputs. It has
 * 224 weights and 26 biases, 250 parameters. It is not trained: the question is only how much of
 * its float32 output survives in int8.
 */
public final class SmallNetwork {
  static final int INPUTS = 10;
  static final int OUTPUTS = 10;

  private SmallNetwork() {}

  /** The network, always the same. */
  static List<FloatLayer> network() {
    Random random = new Random(250);
    return List.of(
        FloatLayer.random(INPUTS, 8, true, random),
        FloatLayer.random(8, 8, true, random),
        FloatLayer.random(8, OUTPUTS, false, random));
  }

  /** Inputs between −1 and 1. */
  static List<float[]> inputs(int count, long seed) {
    Random random = new Random(seed);
    List<float[]> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] x = new float[INPUTS];
      for (int j = 0; j < INPUTS; j++) {
        x[j] = random.nextFloat() * 2 - 1;
      }
      inputs.add(x);
    }
    return inputs;
  }

  /**
   * How far int8 is from float32.
   *
   * @param range difference of the largest and the smallest float32 output
   * @param meanError mean of |int8 − float32|
   * @param maxError largest |int8 − float32|
   * @param sameWinner inputs whose largest output is the same one
   * @param bits a hash of all int8 outputs: equal on all backends and CPUs
   */
  record Comparison(float range, float meanError, float maxError, int sameWinner, int bits) {
    static Comparison of(List<FloatLayer> network, Int8Network int8, List<float[]> inputs) {
      float[] flat = new float[inputs.size() * INPUTS];
      for (int i = 0; i < inputs.size(); i++) {
        System.arraycopy(inputs.get(i), 0, flat, i * INPUTS, INPUTS);
      }
      float[] actual = int8.run(flat, inputs.size());
      float low = 0;
      float high = 0;
      double sum = 0;
      float max = 0;
      int same = 0;
      for (int i = 0; i < inputs.size(); i++) {
        float[] expected = inputs.get(i);
        for (FloatLayer layer : network) {
          expected = layer.apply(expected);
        }
        float[] row = Arrays.copyOfRange(actual, i * OUTPUTS, (i + 1) * OUTPUTS);
        for (int o = 0; o < OUTPUTS; o++) {
          float error = Math.abs(row[o] - expected[o]);
          low = Math.min(low, expected[o]);
          high = Math.max(high, expected[o]);
          sum += error;
          max = Math.max(max, error);
        }
        same += winner(row) == winner(expected) ? 1 : 0;
      }
      float mean = (float) (sum / actual.length);
      return new Comparison(high - low, mean, max, same, Arrays.hashCode(actual));
    }

    private static int winner(float[] outputs) {
      int best = 0;
      for (int o = 1; o < outputs.length; o++) {
        best = outputs[o] > outputs[best] ? o : best;
      }
      return best;
    }
  }

  /** Prints the network, its memory, its error, and its bits on every backend. */
  public static void main(String[] args) {
    List<FloatLayer> network = network();
    List<float[]> samples = inputs(256, 1);
    List<float[]> tests = inputs(1000, 2);
    try (Arena arena = Arena.ofConfined()) {
      Int8Network int8 = new Int8Network(network, samples, Backends::best, arena);
      int parameters = network.stream().mapToInt(FloatLayer::parameters).sum();
      int weights = network.stream().mapToInt(layer -> layer.weights().length).sum();
      print("parameters  %d weights + %d biases = %d", weights, parameters - weights, parameters);
      print("float32     %d bytes", parameters * Float.BYTES);
      print(
          "int8        %d + %d bytes; the biases are int32, the weights %d times smaller",
          int8.weightBytes(), int8.biasBytes(), Float.BYTES);
      for (Kernel layer : int8.layers()) {
        print("layer       %s on %s", layer.plan().kernel(), layer.plan().backend());
      }
      Comparison c = Comparison.of(network, int8, tests);
      print("outputs     span %.3f over %d inputs", c.range(), tests.size());
      print(
          "mean error  %.4f, %.2f %% of the span", c.meanError(), 100 * c.meanError() / c.range());
      print("max error   %.4f, %.2f %% of the span", c.maxError(), 100 * c.maxError() / c.range());
      print("same winner %d of %d", c.sameWinner(), tests.size());
    }
    for (Backend backend : Backends.list()) {
      if (backend.availability() instanceof Availability.Unusable unusable) {
        print("bits        -------- %s: %s", backend, unusable.reason());
        continue;
      }
      try (Arena arena = Arena.ofConfined()) {
        Int8Network int8 = new Int8Network(network, samples, spec -> backend, arena);
        print("bits        %08x %s", Comparison.of(network, int8, tests).bits(), backend);
      }
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
