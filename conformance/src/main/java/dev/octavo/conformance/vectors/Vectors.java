package dev.octavo.conformance.vectors;

import dev.octavo.conformance.vectors.VectorCase.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the cases with outside answers: CMSIS-NN as JSON, ONNX node tests as folders. */
public final class Vectors {
  private Vectors() {}

  /**
   * Every case in a folder and below, in order of their paths: each {@code .json} file, and each
   * folder with a {@code model.onnx}.
   *
   * @throws IOException if the folder cannot be read
   */
  public static List<VectorCase> under(Path folder) throws IOException {
    List<VectorCase> cases = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder).sorted()) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(".json")) {
          cases.add(new VectorCase(name.substring(0, name.length() - 5), Format.CMSIS_NN, file));
        } else if (name.equals("model.onnx")) {
          Path test = file.toAbsolutePath().getParent();
          cases.add(new VectorCase(test.getFileName().toString(), Format.ONNX, test));
        }
      }
    }
    return cases;
  }
}
