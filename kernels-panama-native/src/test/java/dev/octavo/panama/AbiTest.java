package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.QuantizeRule;
import dev.octavo.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** octavo.h and the Java side, read side by side: functions, words and enumerations. */
class AbiTest {
  private static final Path BASE = Path.of(System.getProperty("basedir", "."));

  private static final String HEADER =
      read("src/main/c/include/octavo.h").replaceAll("(?s)/\\*.*?\\*/", "");

  private static final String BINDING =
      read("src/main/java/dev/octavo/panama/Abi.java").replaceAll("(?s)/\\*.*?\\*/", "");

  /** Name, then the types of the result and of the parameters. */
  private record Function(String name, List<String> types) {}

  @Test
  void everyFunctionIsBoundInHeaderOrderWithItsTypes() {
    List<Function> declared = declared();
    List<Function> bound =
        matches("(\\w+) =\\s*bind\\(\\s*\\w+,\\s*\"(\\w+)\",([^)]*)\\)", BINDING)
            .filter(m -> !m.group(1).endsWith("_CRITICAL"))
            .peek(m -> assertEquals("octavo_" + m.group(1).toLowerCase(), m.group(2)))
            .map(m -> new Function(m.group(2), List.of(m.group(3).strip().split(",\\s*"))))
            .toList();
    assertFalse(declared.isEmpty(), "the header was not understood");
    assertEquals(declared, bound);
  }

  @Test
  void aCriticalHandleHasTheTypesOfItsOrdinaryOne() {
    List<List<String>> runs =
        matches("bind\\(\\s*\\w+,\\s*\"octavo_run\",([^)]*)\\)", BINDING)
            .map(m -> List.of(m.group(1).strip().split(",\\s*")))
            .toList();
    assertEquals(2, runs.size());
    assertEquals(runs.get(0), runs.get(1));
  }

  @Test
  void versionAndSizesAreThoseOfTheHeader() {
    assertEquals(Abi.VERSION, Integer.parseInt(defined("OCTAVO_ABI_VERSION")));
    assertEquals(ShapeWords.COUNT, Integer.parseInt(defined("OCTAVO_SHAPE_WORDS")));
  }

  @Test
  void wordsAreThoseOfTheHeader() {
    assertEquals(constants("octavo_spec"), prefixed("OCTAVO_SPEC_", SpecWord.values(), "WORDS"));
    assertEquals(
        constants("octavo_layout"), prefixed("OCTAVO_LAYOUT_", LayoutWord.values(), "WORDS"));
    assertEquals(
        List.of("OCTAVO_ROWS_M", "OCTAVO_ROWS_LHS_STRIDE", "OCTAVO_ROWS_DST_STRIDE"),
        constants("octavo_rows"));
    assertEquals(
        List.of(
            "OCTAVO_IMAGE_BATCH",
            "OCTAVO_IMAGE_HEIGHT",
            "OCTAVO_IMAGE_WIDTH",
            "OCTAVO_IMAGE_IN_STRIDE_N",
            "OCTAVO_IMAGE_IN_STRIDE_H",
            "OCTAVO_IMAGE_IN_STRIDE_W",
            "OCTAVO_IMAGE_IN_STRIDE_C",
            "OCTAVO_IMAGE_OUT_STRIDE_N",
            "OCTAVO_IMAGE_OUT_STRIDE_H",
            "OCTAVO_IMAGE_OUT_STRIDE_W",
            "OCTAVO_IMAGE_OUT_STRIDE_C"),
        constants("octavo_image"));
    assertEquals(
        List.of(
            "OCTAVO_ELEMENTS_OUTER",
            "OCTAVO_ELEMENTS_INNER",
            "OCTAVO_ELEMENTS_IN_STRIDE",
            "OCTAVO_ELEMENTS_OUT_STRIDE"),
        constants("octavo_elements"));
  }

  @Test
  void enumerationsAreThoseOfTheHeader() {
    assertEquals(constants("octavo_op"), prefixed("OCTAVO_", SpecWords.Op.values()));
    assertEquals(constants("octavo_type"), prefixed("OCTAVO_", ElementType.values()));
    assertEquals(constants("octavo_lhs_quantization"), prefixed("OCTAVO_", SpecWords.Lhs.values()));
    assertEquals(constants("octavo_output"), prefixed("OCTAVO_", SpecWords.Out.values()));
    assertEquals(constants("octavo_bias"), prefixed("OCTAVO_BIAS_", SpecWords.BiasKind.values()));
    assertEquals(constants("octavo_recipe"), prefixed("OCTAVO_", Recipe.values()));
    assertEquals(constants("octavo_rule"), prefixed("OCTAVO_", QuantizeRule.values(), "LEVELS"));
    assertEquals(
        constants("octavo_dynamic_rule"), prefixed("OCTAVO_", DynamicQuantizeSpec.Range.values()));
    assertEquals(
        constants("octavo_feature"),
        Arrays.stream(NativeProvider.Feature.values())
            .map(f -> "OCTAVO_FEATURE_" + f + " = " + f.bit)
            .toList());
  }

  private static List<Function> declared() {
    return matches("OCTAVO_API\\s+([^;(]*?)(octavo_\\w+)\\(([^)]*)\\);", HEADER)
        .map(m -> new Function(m.group(2), types(m.group(1), m.group(3))))
        .toList();
  }

  /** The functions of the header, in its order. */
  static List<String> declaredNames() {
    return declared().stream().map(Function::name).toList();
  }

  private static List<String> constants(String name) {
    String body =
        matches("enum " + name + " \\{([^}]*)\\}", HEADER).findFirst().get().group(1).strip();
    return Arrays.stream(body.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static List<String> prefixed(String prefix, Enum<?>[] values, String... more) {
    List<String> names = new ArrayList<>();
    for (Enum<?> value : values) {
      names.add(prefix + value.name());
    }
    for (String name : more) {
      names.add(prefix + name);
    }
    return names;
  }

  private static String defined(String name) {
    return matches("#define " + name + " (\\d+)", HEADER).findFirst().get().group(1);
  }

  private static List<String> types(String result, String parameters) {
    List<String> types = new ArrayList<>();
    types.add(type(result));
    for (String parameter : parameters.split(",")) {
      if (!parameter.strip().equals("void")) {
        types.add(type(parameter));
      }
    }
    return types;
  }

  private static String type(String c) {
    if (c.contains("*")) {
      return "POINTER";
    }
    String word = c.strip().split("\\s")[0];
    return switch (word) {
      case "void" -> "VOID";
      case "int32_t" -> "INT";
      case "int64_t" -> "LONG";
      case "struct" -> "SHAPE";
      default -> throw new AssertionError("a type that is not bound: " + c);
    };
  }

  private static Stream<MatchResult> matches(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results();
  }

  private static String read(String file) {
    try {
      return Files.readString(BASE.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
