package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The walls between the modules, read from the sources themselves: who may name whom.
 *
 * <p>Each wall comes with a source that breaks it, so that a wall which stopped seeing anything is
 * noticed too.
 */
class ArchitectureTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..");

  /** Module folder → the one package (with its subpackages) that lives there. */
  private static final Map<String, String> ROOMS =
      Map.of(
          "kernels-api", "dev.octavo",
          "kernels-scalar", "dev.octavo.scalar",
          "kernels-vector", "dev.octavo.vector",
          "kernels-panama-native", "dev.octavo.panama",
          "conformance", "dev.octavo.conformance",
          "bench", "dev.octavo.bench");

  /** Module folder → everything its module-info may require. */
  private static final Map<String, List<String>> REQUIRES =
      Map.of(
          "kernels-api", List.of(),
          "kernels-scalar", List.of("dev.octavo.api"),
          "kernels-vector", List.of("dev.octavo.api", "jdk.incubator.vector"),
          "kernels-panama-native", List.of("dev.octavo.api"));

  /** The guard pages around operands, and the loaders of the engines we are compared with. */
  private static final Set<String> LINKER_IN_TESTS =
      Set.of(
          "bench/src/main/java/dev/octavo/bench/engines/NativeLibrary.java",
          "conformance/src/main/java/dev/octavo/conformance/Pages.java",
          "conformance/src/test/java/dev/octavo/conformance/truth/NativeLibrary.java");

  /** One compilation unit, without its comments and literals. */
  private record Source(String module, String file, String code) {
    private static final Pattern PROSE =
        Pattern.compile(
            "\"\"\"[\\s\\S]*?\"\"\""
                + "|\"(?:\\\\.|[^\"\\\\\n])*+\""
                + "|'(?:\\\\.|[^'\\\\\n])*+'"
                + "|//[^\n]*+|/\\*[\\s\\S]*?\\*/");

    static Source of(String module, String file, String text) {
      return new Source(module, file, PROSE.matcher(text).replaceAll(" "));
    }

    boolean names(String regex) {
      return Pattern.compile("(?<![\\w.])" + regex + "\\b").matcher(code).find();
    }

    String packageName() {
      Matcher matcher = Pattern.compile("\\bpackage ([\\w.]+);").matcher(code);
      return matcher.find() ? matcher.group(1) : "";
    }

    boolean isModuleInfo() {
      return file.endsWith("module-info.java");
    }
  }

  /** A rule, the sources that break it, and one source that must be seen to break it. */
  private record Wall(String rule, Predicate<Source> broken, Source example) {}

  private static final List<Wall> WALLS =
      List.of(
          new Wall(
              "a provider is named by nobody but itself",
              source ->
                  ROOMS.entrySet().stream()
                      .filter(room -> isProvider(room.getKey()))
                      .filter(room -> !room.getKey().equals(source.module()))
                      .anyMatch(room -> source.names(Pattern.quote(room.getValue()))),
              Source.of("bench", "A.java", "import dev.octavo.scalar.ScalarBackend;")),
          new Wall(
              "only kernels-panama-native names Linker; and three helpers of tests and benchmarks",
              source ->
                  source.names("(java\\.lang\\.foreign\\.)?Linker")
                      && !source.module().equals("kernels-panama-native")
                      && !LINKER_IN_TESTS.contains(source.file()),
              Source.of("kernels-vector", "A.java", "Linker linker = Linker.nativeLinker();")),
          new Wall(
              "only kernels-vector names jdk.incubator (and the bench's float32 baselines and peaks)",
              source ->
                  source.names("jdk\\.incubator")
                      && !source.module().equals("kernels-vector")
                      && !Set.of("dev.octavo.bench.float32", "dev.octavo.bench.peaks")
                          .contains(source.packageName()),
              Source.of("bench", "A.java", "import module jdk.incubator.vector;")),
          new Wall(
              "an oracle shares no code: it names nothing of Octavo outside its own package",
              source ->
                  source.packageName().equals("dev.octavo.conformance.oracle")
                      && source.file().contains("src/main")
                      && source.names("dev\\.octavo\\.(?!conformance\\.oracle\\b)\\w+"),
              Source.of(
                  "conformance",
                  "src/main/A.java",
                  "package dev.octavo.conformance.oracle; import static dev.octavo.Norm.clamp;")),
          new Wall(
              "a module holds only its own package",
              source ->
                  !source.isModuleInfo()
                      && !(source.packageName() + ".").startsWith(ROOMS.get(source.module()) + "."),
              Source.of("kernels-scalar", "A.java", "package dev.octavo.scalars;")),
          new Wall(
              "a kernels module requires the contract and nothing more",
              source ->
                  source.isModuleInfo()
                      && !REQUIRES.get(source.module()).containsAll(required(source)),
              Source.of(
                  "kernels-api",
                  "module-info.java",
                  "module dev.octavo.api { requires transitive java.logging; }")),
          new Wall(
              "a provider exports nothing",
              source ->
                  source.isModuleInfo()
                      && isProvider(source.module())
                      && source.names("(exports|opens|open)"),
              Source.of(
                  "kernels-scalar",
                  "module-info.java",
                  "module dev.octavo.scalar { exports dev.octavo.scalar; }")));

  private static boolean isProvider(String module) {
    return module.startsWith("kernels-") && !module.equals("kernels-api");
  }

  private static List<String> required(Source moduleInfo) {
    return Pattern.compile("\\brequires\\s+(?:transitive\\s+|static\\s+)*([\\w.]+)")
        .matcher(moduleInfo.code())
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  @TestFactory
  List<DynamicTest> walls() throws IOException {
    List<Source> sources = sources();
    assertTrue(sources.stream().anyMatch(Source::isModuleInfo), "no sources below " + ROOT);
    return WALLS.stream()
        .map(
            wall ->
                DynamicTest.dynamicTest(
                    wall.rule(),
                    () -> {
                      assertTrue(wall.broken().test(wall.example()), "the wall sees nothing");
                      List<String> intruders =
                          sources.stream().filter(wall.broken()).map(Source::file).toList();
                      assertEquals(List.of(), intruders, wall.rule());
                    }))
        .toList();
  }

  @Test
  void commentsAndLiteralsAreNotCode() {
    Source source =
        Source.of(
            "bench", "A.java", "/* Linker */ char c = '\"'; String s = \"Linker\"; // Linker");
    assertFalse(source.names("Linker"), source.code());
    assertTrue(source.names("String"), source.code());
  }

  @Test
  void kernelsHaveNoDependencies() throws Exception {
    for (String module : REQUIRES.keySet()) {
      List<String> expected = isProvider(module) ? List.of("kernels-api") : List.of();
      assertEquals(expected, dependencies(ROOT.resolve(module, "pom.xml")), module);
    }
    assertEquals(List.of(), dependencies(ROOT.resolve("pom.xml")), "the parent");
  }

  /** The artifacts a pom hands on to whoever depends on it: all but those of scope test. */
  private static List<String> dependencies(Path pom) throws Exception {
    Element project =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getDocumentElement();
    List<String> handedOn = new ArrayList<>();
    for (Element dependencies : children(project, "dependencies")) {
      for (Element dependency : children(dependencies, "dependency")) {
        if (children(dependency, "scope").stream()
            .noneMatch(scope -> scope.getTextContent().strip().equals("test"))) {
          handedOn.add(children(dependency, "artifactId").getFirst().getTextContent().strip());
        }
      }
    }
    return handedOn;
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }

  private static List<Source> sources() throws IOException {
    List<Source> sources = new ArrayList<>();
    for (String module : new TreeSet<>(ROOMS.keySet())) {
      Path folder = ROOT.resolve(module, "src");
      if (!Files.isDirectory(folder)) {
        continue;
      }
      List<Path> files;
      try (var walk = Files.walk(folder)) {
        files = walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
      }
      for (Path file : files) {
        String name = ROOT.relativize(file).toString().replace('\\', '/');
        sources.add(Source.of(module, name, Files.readString(file)));
      }
    }
    return sources;
  }
}
