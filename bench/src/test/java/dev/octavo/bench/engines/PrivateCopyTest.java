package dev.octavo.bench.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateCopyTest {

  private static final int SECTIONS = 64;
  private static final int SYMBOLS = SECTIONS + 64;

  @TempDir private Path folder;

  /** A file with one section, of dynamic symbols of these bindings and types. */
  private static byte[] elf(int... infos) {
    ByteBuffer elf = ByteBuffer.allocate(SYMBOLS + 24 * infos.length);
    elf.order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1);
    elf.putLong(0x28, SECTIONS).putShort(0x3A, (short) 64).putShort(0x3C, (short) 1);
    elf.putInt(SECTIONS + 4, 11);
    elf.putLong(SECTIONS + 0x18, SYMBOLS).putLong(SECTIONS + 0x20, 24L * infos.length);
    for (int i = 0; i < infos.length; i++) {
      elf.put(SYMBOLS + 24 * i + 4, (byte) infos[i]);
    }
    return elf.array();
  }

  @Test
  void onlyUniqueSymbolsAreRebound() throws IOException {
    Path library = Files.write(folder.resolve("a.so"), elf(0x12, 0xA1, 0x22, 0xAA, 0x01));
    Path copy = folder.resolve("b.so");
    PrivateCopy.of(library, copy);
    assertArrayEquals(elf(0x12, 0x11, 0x22, 0x1A, 0x01), Files.readAllBytes(copy));
  }

  @Test
  void whatIsNoElfFileIsRefused() throws IOException {
    Path library = Files.write(folder.resolve("a.so"), new byte[100]);
    assertThrows(IOException.class, () -> PrivateCopy.of(library, folder.resolve("b.so")));
  }
}
