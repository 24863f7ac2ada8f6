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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was running when the JVM died. A kernel that runs into a wall takes the whole process with
 * it, report and all; this file, written through a memory mapping, survives. It is {@code
 * conformance-black-box.txt} in {@code target}, or the current folder, or one for temporary files,
 * and is gone after a run that ended well. Every thread has a part of it.
 */
public final class BlackBox {
  private static final int SIZE = 1 << 13;
  private static final int PARTS = 16;
  private static final int HEAD = 64;
  private static final byte[] BLANK = new byte[HEAD];
  private static final Path PATH = folder().resolve("conformance-black-box.txt");
  private static final MappedByteBuffer PAGES = open();
  private static final AtomicInteger THREADS = new AtomicInteger();
  private static final ThreadLocal<Integer> PART =
      ThreadLocal.withInitial(() -> THREADS.getAndIncrement() % PARTS * SIZE);

  private BlackBox() {}

  private static Path folder() {
    Path folder = Path.of(Files.isDirectory(Path.of("target")) ? "target" : ".");
    return Files.isWritable(folder) ? folder : Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static MappedByteBuffer open() {
    try (RandomAccessFile file = new RandomAccessFile(PATH.toFile(), "rw")) {
      file.setLength(0);
      PATH.toFile().deleteOnExit();
      return file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, (long) PARTS * SIZE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is. */
  public static Path path() {
    return PATH;
  }

  /** What the current thread is about to run, on one backend after the other. */
  static void note(Problem problem, Circumstances circumstances) {
    String text =
        String.join("\n", "", Rerun.command(), problem.toString(), circumstances.toString(), "");
    PAGES.put(PART.get() + HEAD, Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), SIZE - HEAD));
  }

  /** That the current thread is inside a backend now. */
  static void enter(Backend backend) {
    String text = "\ndied in " + backend.id();
    PAGES.put(PART.get(), Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), HEAD));
  }

  /** That it is out again. */
  static void leave() {
    PAGES.put(PART.get(), BLANK);
  }
}
