package dev.octavo.bench.peaks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs the program {@code octavo-peaks}, which the build leaves beside this class. */
final class NativePeaks {

  private static final String PROGRAM = "octavo-peaks";

  /** The native tiers that it knows, and the instruction that multiplies there. */
  enum Tier {
    AVX2("native-avx2", "vpmaddwd, 256 bits"),
    AVXVNNI("native-avxvnni", "vpdpbusd, 256 bits"),
    AVX512VNNI("native-avx512vnni", "vpdpbusd, 512 bits"),
    AMX("native-amx", "tdpbusd, tiles of 1 KiB");

    private final String id;
    private final String what;

    Tier(String id, String what) {
      this.id = id;
      this.what = what;
    }

    String id() {
      return id;
    }

    String what() {
      return what;
    }
  }

  /** A peak could not be measured; the message says why. */
  static final class NotMeasured extends Exception {
    private static final long serialVersionUID = 1;

    NotMeasured(String message, Throwable cause) {
      super(message, cause);
    }
  }

  double gops(Tier tier) throws NotMeasured {
    try (InputStream program = NativePeaks.class.getResourceAsStream(PROGRAM)) {
      if (program == null) {
        throw new NotMeasured("the program that measures it was not built: no C compiler", null);
      }
      Path folder = Files.createTempDirectory("octavo-peaks"); // private to this user
      Path file = folder.resolve(PROGRAM);
      try {
        Files.copy(program, file);
        if (!file.toFile().setExecutable(true)) {
          throw new IOException("no permission to make " + file + " executable");
        }
        return run(file, tier);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new NotMeasured("the program that measures it did not run: " + e.getMessage(), e);
    }
  }

  private static double run(Path program, Tier tier) throws IOException, NotMeasured {
    Process process =
        new ProcessBuilder(program.toString(), tier.id())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String line = process.inputReader().readLine();
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0 || line == null) {
        throw new NotMeasured("the program that measures it failed", null);
      }
      return Double.parseDouble(line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotMeasured("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
