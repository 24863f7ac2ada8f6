package dev.octavo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the settings say. */
class SelectionTest {
  @Test
  void settingsAreTrimmedAndBlankOnesAreNone() {
    assertEquals(
        new Selection(Optional.of("scalar"), Optional.empty(), List.of("a", "b-*")),
        BackendListTest.selection(
            "octavo.backend", " scalar ", "octavo.max", "  ", "octavo.exclude", " a,, b-* ,"));
    assertEquals(Selection.NONE, BackendListTest.selection());
  }

  @Test
  void exclusionIsByNameOrByPrefix() {
    Selection s = BackendListTest.selection("octavo.exclude", "native-*,scalar");
    assertTrue(s.excludes("native-avx2"));
    assertTrue(s.excludes("native-"));
    assertTrue(s.excludes("scalar"));
    assertFalse(s.excludes("scalar-2"));
    assertFalse(s.excludes("native"));
    assertFalse(Selection.NONE.excludes("scalar"));
  }

  @Test
  void systemPropertiesAreRead() {
    System.setProperty("octavo.max", "vector-256");
    try {
      assertEquals(Optional.of("vector-256"), Selection.fromSystem().max());
    } finally {
      System.clearProperty("octavo.max");
    }
    assertEquals(
        Optional.ofNullable(System.getenv("OCTAVO_MAX")).filter(s -> !s.isBlank()),
        Selection.fromSystem().max());
  }
}
