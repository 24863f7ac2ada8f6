package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octavo.conformance.GuardArena.Edge;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GuardArenaTest {
  @ParameterizedTest
  @EnumSource
  void segmentsAreZeroedAlignedAndWritable(Edge edge) {
    try (GuardArena arena = GuardArena.ofConfined(edge)) {
      for (long size : new long[] {0, 1, 63, 64, 4095, 4096, 4097, 100_000}) {
        for (long alignment : new long[] {1, 4, 64, 4096, 16384}) {
          MemorySegment segment = arena.allocate(size, alignment);
          assertEquals(size, segment.byteSize());
          assertEquals(0, segment.address() % alignment);
          assertEquals(-1, segment.mismatch(MemorySegment.ofArray(new byte[(int) size])));
          segment.fill((byte) -1);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"START, 10", "END, -1"})
  void aStrayWriteOnTheSideWithoutWallFailsTheClose(Edge edge, long offset) {
    assumeTrue(GuardArena.weakness().isEmpty(), () -> GuardArena.weakness().orElseThrow());
    GuardArena arena = GuardArena.ofConfined(edge);
    poke(arena.allocate(10, 1), offset);
    AssertionError error = assertThrows(AssertionError.class, arena::close);
    assertEquals(
        "a byte was written at offset " + offset + " of a segment of 10 bytes", error.getMessage());
  }

  /** The wall itself can only be shown by running into it, so another JVM does. */
  @ParameterizedTest
  @CsvSource({"START, -1", "END, 10"})
  void aStrayReadAtTheWallIsACrash(Edge edge, long offset, @TempDir Path folder)
      throws IOException, InterruptedException {
    assumeTrue(GuardArena.weakness().isEmpty(), () -> GuardArena.weakness().orElseThrow());
    assertEquals(0, runIntoWall(edge, 0, folder), "a read inside the segment must not crash");
    assertNotEquals(0, runIntoWall(edge, offset, folder), "a read at the wall must crash");
  }

  private static int runIntoWall(Edge edge, long offset, Path folder)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("crash-%p.log"),
            "-cp",
            System.getProperty("java.class.path"),
            GuardArenaTest.class.getName(),
            edge.name(),
            Long.toString(offset));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Reads one byte of a segment of 10, wherever that is. */
  public static void main(String[] args) {
    try (GuardArena arena = GuardArena.ofConfined(Edge.valueOf(args[0]))) {
      MemorySegment segment = arena.allocate(10, 1);
      System.out.println(beyond(segment, Long.parseLong(args[1])).get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  private static void poke(MemorySegment segment, long offset) {
    beyond(segment, offset).set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
  }

  @SuppressWarnings("restricted")
  private static MemorySegment beyond(MemorySegment segment, long offset) {
    return MemorySegment.ofAddress(segment.address() + offset).reinterpret(1);
  }

  @Test
  void thisPlatformHasWalls() {
    String os = System.getProperty("os.name");
    assumeTrue(os.equals("Linux") || os.startsWith("Mac"), os + " may have no mmap");
    assertTrue(GuardArena.weakness().isEmpty());
  }
}
