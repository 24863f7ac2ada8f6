package dev.octavo.bench.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the shared libraries of other engines lie. */
final class EngineFiles {

  /** The folder that the Maven profile {@code peers} unpacks them into. */
  static final String PROPERTY = "octavo.peers";

  private EngineFiles() {}

  /** The library of this file name, anywhere under the folder. */
  static Optional<Path> find(String name) {
    String folder = System.getProperty(PROPERTY);
    if (folder == null || !Files.isDirectory(Path.of(folder))) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(f -> f.getFileName().toString().equals(name)).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why {@link #find} found nothing. */
  static String absent(String what) {
    String folder = System.getProperty(PROPERTY);
    return folder == null
        ? what + " is not part of the plain build: ./octavo ... --peers fetches it"
        : "no %s in %s for %s on %s"
            .formatted(what, folder, System.getProperty("os.name"), System.getProperty("os.arch"));
  }
}
