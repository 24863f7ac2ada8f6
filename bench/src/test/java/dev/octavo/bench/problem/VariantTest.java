package dev.octavo.bench.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariantTest {

  @ParameterizedTest
  @ValueSource(strings = {"u8s8s32", "s8s8s32", "u8s8u8", "s8s8s8", "u8u8s32", "u8s8f32", "f32"})
  void everyVariantIsReadBack(String text) {
    assertEquals(text, Variant.parse(text).toString());
  }

  @Test
  void theUsualOnesAreTheOnesOfTheCommandLine() {
    assertEquals("[u8s8s32, s8s8s32, u8s8u8, s8s8s8, f32]", Variant.USUAL.toString());
    assertEquals(Variant.U8S8U8, Variant.parse(" U8S8U8 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u8", "u8s8", "u8s8s16", "f32f32f32", "s32s8s8", "u8s8s32x"})
  void anythingElseIsRefusedWithTheGrammar(String text) {
    var error = assertThrows(IllegalArgumentException.class, () -> Variant.parse(text));
    assertTrue(error.getMessage().startsWith("variant \"" + text + "\" is unknown: expected f32"));
  }
}
