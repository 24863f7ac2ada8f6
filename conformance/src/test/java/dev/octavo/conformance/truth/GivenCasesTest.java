package dev.octavo.conformance.truth;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octavo.ConvSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Output;
import dev.octavo.QuantizeSpec;
import dev.octavo.Spec;
import dev.octavo.conformance.vectors.VectorCase;
import dev.octavo.conformance.vectors.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The cases of CMSIS-NN's unit tests and of ONNX's node tests, where they lie beside the checkout:
 * the counts for the table. {@code SharedVectorsTest} runs them one by one.
 */
class GivenCasesTest {
  private static final Library CMSIS_NN = new Library("CMSIS-NN unit tests", "99f736a");
  private static final Library ONNX = new Library("ONNX node tests", "1.22.0");

  @Test
  void everyCaseOnEveryBackend() throws IOException {
    Path folder = Path.of(System.getProperty("conformance.vectors", "../../shared/vectors"));
    assumeTrue(Files.isDirectory(folder), () -> "no outside cases: there is no " + folder);
    List<VectorCase> cases = Vectors.under(folder);
    assertFalse(cases.isEmpty());
    for (VectorCase vector : cases) {
      Library library = vector.format() == VectorCase.Format.ONNX ? ONNX : CMSIS_NN;
      for (VectorCase.Part part : vector.parts()) {
        Spec spec = part.problem().spec();
        library
            .claim(operator(spec), ours(spec))
            .check(part.expected(), part.problem(), vector.name());
      }
    }
  }

  private static String operator(Spec spec) {
    return switch (spec) {
      case GemmSpec g -> "matrix multiply";
      case ConvSpec c -> c.isDepthwise() ? "depthwise convolution" : "convolution";
      default -> spec.getClass().getSimpleName().replace("Spec", "");
    };
  }

  private static String ours(Spec spec) {
    return switch (spec) {
      case GemmSpec g -> ours(g.output());
      case ConvSpec c -> ours(c.output());
      case QuantizeSpec q -> q.rule().toString();
      case DynamicQuantizeSpec d -> "DynamicQuantizeSpec.onnx()";
      default -> "Norm.dequantize";
    };
  }

  private static String ours(Output output) {
    return switch (output) {
      case Output.Accumulators a -> "none (s32)";
      case Output.Requantized r -> r.recipe().toString();
      case Output.Dequantized d -> "f32 output";
    };
  }
}
