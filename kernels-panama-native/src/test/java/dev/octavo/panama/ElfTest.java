package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The library needs nobody, so that one file serves glibc and musl, and shows nothing but its ABI.
 */
class ElfTest {
  @Test
  void needsNoLibraryAndNoSymbol() {
    Elf elf = new Elf(Built.library());
    assertEquals(List.of(), elf.needed(), "libraries");
    assertEquals(
        List.of(),
        elf.dynamicSymbols().stream().filter(s -> s.section() == 0).toList(),
        "symbols that another library would have to bring");
  }

  @Test
  void exportsTheAbiAndNothingElse() {
    List<String> exported =
        new Elf(Built.library())
            .dynamicSymbols().stream().filter(s -> s.section() != 0).map(Elf.Symbol::name).toList();
    assertEquals(new TreeSet<>(AbiTest.declaredNames()), new TreeSet<>(exported));
  }
}
