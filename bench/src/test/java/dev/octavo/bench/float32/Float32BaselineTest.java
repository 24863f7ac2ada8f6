package dev.octavo.bench.float32;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.ShapeGrammar;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every baseline against the definition, on shapes that leave rests in every block. */
class Float32BaselineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,1,1",
        "1,77,300",
        "2,32,5",
        "3,5,7",
        "14,32,64",
        "29,67,301",
        "120,40,259",
        "31,600,33",
        "300,35,1600"
      })
  void products(String shape) {
    check(ShapeGrammar.gemms(shape).getFirst().problem());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,1,1,1,1,1,1,1,0",
        "1,3,17,19,40,3,3,1,1",
        "2,8,9,7,5,3,2,2,0:1:2:0",
        "1,16,12,12,33,1,1,1,0",
        "1,16,12,12,33,1,1,2,0",
        "1,12,9,9,8,3,3,1,1,4",
        "1,6,11,13,12,5,5,1,2,2,2",
        "1,20,13,11,20,3,3,1,1,20",
        "2,37,10,9,37,3,3,2,1,37",
        "1,48,8,8,48,3,3,2,0:0:1:1,48",
        "1,5,12,14,5,2,4,1:2,1:0:2:3,5,2:1",
        "1,4,8,8,8,3,3,1,1,4",
        // Three by three depthwise: pads of 0 and 1 on each side, odd and even lines, one column.
        "1,16,9,21,16,3,3,1,0,16",
        "2,35,7,2,35,3,3,1,1,35",
        "1,16,8,8,16,3,3,1,0:1:1:0,16",
        "1,48,9,10,48,3,3,2,1,48",
        "1,33,11,19,33,3,3,2,0,33",
        "2,16,10,40,16,3,3,2,1:0:1:1,16",
        "1,16,4,3,16,3,3,1,2,16",
        "1,16,1,9,16,3,3,1,1,16",
        // Padded strips of several lines, taps apart, depths of several blocks.
        "2,96,20,31,40,3,3,1,1",
        "1,8,40,40,9,3,3,2,0:1:2:0,1,2",
        "1,900,4,5,35,2,2,1,1",
        "1,300,30,30,33,3,3,1,1"
      })
  void convolutions(String shape) {
    check(ShapeGrammar.convs(shape).getFirst().problem());
  }

  private static void check(Problem problem) {
    Random random = new Random(problem.hashCode());
    float[] weights = floats(random, problem.weights());
    float[] input = floats(random, problem.inputElements());
    for (Float32Baseline baseline : Float32Baseline.all()) {
      if (baseline.unusableBecause().isPresent() || baseline.refusal(problem).isPresent()) {
        continue;
      }
      for (int threads : new int[] {1, 3}) {
        try (Float32Kernel kernel = baseline.prepare(problem, weights, input, threads)) {
          // Last strip first, one by one: none may lean on another.
          for (int strip = kernel.strips() - 1; strip >= 0; strip--) {
            kernel.run(strip, strip + 1);
          }
          compare(problem, weights, input, kernel.output(), kernel.name());
          kernel.run(0, kernel.strips());
          compare(problem, weights, input, kernel.output(), kernel.name());
        }
      }
    }
  }

  private static float[] floats(Random random, long count) {
    float[] values = new float[Math.toIntExact(count)];
    IntStream.range(0, values.length).forEach(i -> values[i] = random.nextFloat() * 2 - 1);
    return values;
  }

  private static void compare(
      Problem problem, float[] weights, float[] input, float[] output, String kernel) {
    assertEquals(problem.outputElements(), output.length, kernel);
    double depth = (double) problem.multiplyAdds() / problem.outputElements();
    double rounding = 1e-4 + 2e-7 * depth; // a wrong product is off by some hundredths
    for (int i = 0; i < output.length; i++) {
      double expected =
          switch (problem) {
            case Gemm g -> product(g, weights, input, i / g.n(), i % g.n());
            case Conv c -> pixel(c, weights, input, i / c.outChannels(), i % c.outChannels());
          };
      String cell = problem.text() + " " + kernel + " element " + i;
      assertTrue(
          Math.abs(output[i] - expected) < rounding, cell + ": " + output[i] + " " + expected);
    }
  }

  private static double product(Gemm g, float[] rhs, float[] lhs, int row, int column) {
    double sum = 0;
    for (int k = 0; k < g.k(); k++) {
      sum += (double) lhs[row * g.k() + k] * rhs[column * g.k() + k];
    }
    return sum;
  }

  private static double pixel(Conv c, float[] filter, float[] image, int pixel, int channel) {
    Window w = c.window();
    int batch = pixel / (c.outHeight() * c.outWidth());
    int row = pixel / c.outWidth() % c.outHeight() * w.strideHeight() - w.padTop();
    int column = pixel % c.outWidth() * w.strideWidth() - w.padLeft();
    int firstChannel = channel / (c.outChannels() / c.groups()) * c.groupChannels();
    int tap = channel * c.depth();
    double sum = 0;
    for (int r = 0; r < w.kernelHeight(); r++) {
      for (int s = 0; s < w.kernelWidth(); s++) {
        int y = row + r * w.dilationHeight();
        int x = column + s * w.dilationWidth();
        for (int i = 0; i < c.groupChannels(); i++, tap++) {
          if (y >= 0 && y < c.height() && x >= 0 && x < c.width()) {
            int at = ((batch * c.height() + y) * c.width() + x) * c.channels() + firstChannel + i;
            sum += (double) image[at] * filter[tap];
          }
        }
      }
    }
    return sum;
  }
}
