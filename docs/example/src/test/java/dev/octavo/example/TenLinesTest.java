package dev.octavo.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's example is code that compiles and computes what it should. */
class TenLinesTest {
  private static final Path FOLDER = Path.of(System.getProperty("basedir", "."));

  @Test
  void theReadmeShowsTheSource() throws IOException {
    String readme = Files.readString(FOLDER.resolve("../../README.md"));
    String source =
        Files.readString(FOLDER.resolve("src/main/java/dev/octavo/example/TenLines.java"));
    String block = between(readme, "```java\n", "```");
    String region = between(source, "// README begins\n", "// README ends").stripIndent();
    assertEquals(region.strip(), block.strip());
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }

  /** By hand: acc = Σ (lhs − 128) · weight + bias; dst = acc · 0.02 · 0.005 / 0.04 + 131. */
  @Test
  void theReadmeComputes() {
    byte[] lhs = {
      (byte) 228, 28, (byte) 128, (byte) 138, (byte) 148, (byte) 158
    }; // +100 −100 0, +10 20 30
    byte[] weights = {100, -100, 50, 1, 2, 3};
    byte[] dst = new byte[4];
    TenLines.gemm(
        2,
        2,
        3,
        MemorySegment.ofArray(lhs),
        MemorySegment.ofArray(weights),
        new int[] {0, 4000},
        MemorySegment.ofArray(dst));
    // 20,000 → 50; −100 + 4,000 → 9.75; 500 → 1.25; 140 + 4,000 → 10.35
    assertArrayEquals(new byte[] {(byte) 181, (byte) 141, (byte) 132, (byte) 141}, dst);
  }
}
