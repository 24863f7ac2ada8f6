package dev.octavo.conformance.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The cases with outside answers that lie beside a checkout of the project; none where there is no
 * such folder.
 */
final class SharedVectors {
  private static final System.Logger LOG = System.getLogger("dev.octavo.conformance");
  private static final List<VectorCase> CASES = find();

  private SharedVectors() {}

  static List<VectorCase> all() {
    return CASES;
  }

  private static List<VectorCase> find() {
    Path folder = Path.of(System.getProperty("conformance.vectors", "../../shared/vectors"));
    if (!Files.isDirectory(folder)) {
      LOG.log(System.Logger.Level.WARNING, "No outside cases are run: there is no {0}", folder);
      return List.of();
    }
    try {
      return Vectors.under(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
