package dev.octavo.panama;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** As much of a 64-bit little-endian ELF file as the tests ask about. */
final class Elf {
  static final int DYNAMIC = 6;
  static final int DYNSYM = 11;
  static final int MACHINE = 18;

  final ByteBuffer bytes;
  private final List<Section> sections = new ArrayList<>();

  record Section(int type, int link, int offset, int size, long address) {}

  /**
   * @param section 0 for an undefined symbol
   */
  record Symbol(String name, int section, long value) {}

  Elf(byte[] content) {
    bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) != 0x464c457f || bytes.get(4) != 2 || bytes.get(5) != 1) {
      throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
    }
    int table = (int) bytes.getLong(40);
    for (int i = 0; i < bytes.getShort(60); i++) {
      int at = table + i * bytes.getShort(58);
      sections.add(
          new Section(
              bytes.getInt(at + 4),
              bytes.getInt(at + 40),
              (int) bytes.getLong(at + 24),
              (int) bytes.getLong(at + 32),
              bytes.getLong(at + 16)));
    }
  }

  /** The symbols that a dynamic loader sees, but for the first, which is always empty. */
  List<Symbol> dynamicSymbols() {
    Section table = section(DYNSYM);
    int names = sections.get(table.link()).offset();
    List<Symbol> symbols = new ArrayList<>();
    for (int at = table.offset() + 24; at < table.offset() + table.size(); at += 24) {
      symbols.add(
          new Symbol(
              string(names + bytes.getInt(at)), bytes.getShort(at + 6), bytes.getLong(at + 8)));
    }
    return symbols;
  }

  /** Names of the libraries that a dynamic loader would load too. */
  List<String> needed() {
    Section table = section(DYNAMIC);
    int names = sections.get(table.link()).offset();
    List<String> needed = new ArrayList<>();
    for (int at = table.offset(); at < table.offset() + table.size(); at += 16) {
      if (bytes.getLong(at) == 1) {
        needed.add(string(names + (int) bytes.getLong(at + 8)));
      }
    }
    return needed;
  }

  /** Where in the file the code or data of a symbol begins. */
  int fileOffset(String name) {
    long address =
        dynamicSymbols().stream().filter(s -> s.name().equals(name)).findFirst().get().value();
    return sections.stream()
        .filter(s -> s.type() == 1 && s.address() <= address && address < s.address() + s.size())
        .mapToInt(s -> s.offset() + (int) (address - s.address()))
        .findFirst()
        .getAsInt();
  }

  private Section section(int type) {
    return sections.stream().filter(s -> s.type() == type).findFirst().get();
  }

  private String string(int at) {
    int end = at;
    while (bytes.get(end) != 0) {
      end++;
    }
    return new String(bytes.array(), at, end - at, StandardCharsets.UTF_8);
  }
}
