package dev.octavo.conformance;

import dev.octavo.Backend;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What was running when the JVM died. A kernel that runs into a wall takes the whole process with
 * it, report and all; this file, written through a memory mapping, survives. It is {@code
 * conformance-black-box.txt} in {@code target} (or else the current folder) and is empty after a
 * run that ended well.
 */
final class BlackBox {
  private static final int SIZE = 1 << 13;
  private static final MappedByteBuffer PAGES = open();

  private static final byte[] BLANK = new byte[SIZE];

  private BlackBox() {}

  private static MappedByteBuffer open() {
    Path folder = Path.of(Files.isDirectory(Path.of("target")) ? "target" : ".");
    Path path = folder.resolve("conformance-black-box.txt");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(0);
      return file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static synchronized void note(Backend backend, Problem problem, Circumstances circumstances) {
    String text =
        String.join(
            "\n",
            "died in " + backend.id(),
            problem.toString(),
            circumstances.toString(),
            Rerun.command());
    byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), SIZE);
    PAGES.put(0, bytes);
  }

  static synchronized void clear() {
    PAGES.put(0, BLANK);
  }
}
