package dev.octavo.bench.engines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A copy of a shared library that shares no variable with another copy in the same process.
 *
 * <p>The dynamic loader takes a file with another name and inode for another library, and gives it
 * variables of its own; all but those that the ELF file binds as {@code STB_GNU_UNIQUE}, the
 * function-local statics of C++ templates and inline functions, of which the first copy's serve
 * everyone. Among them are oneDNN's lists of implementations. So the copy's dynamic symbols are
 * rebound as ordinary global ones, a byte each, which the loader then resolves inside the copy.
 */
final class PrivateCopy {

  private static final int DYNAMIC_SYMBOLS = 11; // SHT_DYNSYM
  private static final int SYMBOL_BYTES = 24; // of Elf64_Sym
  private static final int GLOBAL = 1; // STB_GLOBAL
  private static final int UNIQUE = 10; // STB_GNU_UNIQUE

  private PrivateCopy() {}

  /** Copies a 64-bit little-endian ELF file and rebinds its symbols. */
  static void of(Path library, Path copy) throws IOException {
    Files.copy(library, copy);
    try (FileChannel file =
        FileChannel.open(copy, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer elf = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size());
      elf.order(ByteOrder.LITTLE_ENDIAN);
      if (elf.getInt(0) != 0x464C457F || elf.get(4) != 2 || elf.get(5) != 1) {
        throw new IOException(library + " is not a 64-bit little-endian ELF file");
      }
      int sections = Math.toIntExact(elf.getLong(0x28));
      int sectionBytes = elf.getShort(0x3A);
      int count = elf.getShort(0x3C);
      for (int i = 0; i < count; i++) {
        int section = sections + i * sectionBytes;
        if (elf.getInt(section + 4) == DYNAMIC_SYMBOLS) {
          int from = Math.toIntExact(elf.getLong(section + 0x18));
          rebind(elf, from, from + Math.toIntExact(elf.getLong(section + 0x20)));
        }
      }
    }
  }

  private static void rebind(ByteBuffer elf, int from, int to) {
    for (int symbol = from; symbol < to; symbol += SYMBOL_BYTES) {
      int info = Byte.toUnsignedInt(elf.get(symbol + 4));
      if (info >> 4 == UNIQUE) {
        elf.put(symbol + 4, (byte) (GLOBAL << 4 | info & 15));
      }
    }
  }
}
