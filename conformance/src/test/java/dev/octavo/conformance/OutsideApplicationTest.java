package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that is no part of this build, in a JVM of its own: with the flags the README
 * promises, on the module path and on the class path, it meets the backends and gets right answers.
 */
class OutsideApplicationTest {
  private static final String MODULE =
      """
      module outside {
        requires dev.octavo.api;
      }
      """;

  private static final String APPLICATION =
      """
      package outside;

      import dev.octavo.Availability;
      import dev.octavo.Backend;
      import dev.octavo.Backends;
      import dev.octavo.GemmSpec;
      import dev.octavo.Weights;
      import java.lang.foreign.Arena;
      import java.lang.foreign.MemorySegment;
      import java.util.Arrays;

      public final class Main {
        public static void main(String[] args) {
          MemorySegment lhs = MemorySegment.ofArray(new byte[] {(byte) 200, 1, 2, 3, 4, (byte) 255});
          MemorySegment rhs = MemorySegment.ofArray(new byte[] {-128, 127, 5, 1, -1, -128});
          GemmSpec spec = GemmSpec.of(2, 3);
          System.out.println("module " + Backends.class.getModule().getName());
          for (Backend backend : Backends.list()) {
            if (backend.availability() instanceof Availability.Unusable unusable) {
              System.out.println(backend.id() + " unusable: " + unusable.reason());
              continue;
            }
            int[] dst = new int[4];
            try (Arena arena = Arena.ofConfined()) {
              backend
                  .prepare(spec, Weights.rowsOfK(rhs, 3), arena)
                  .run(spec.rows(2), lhs, MemorySegment.ofArray(dst));
            }
            System.out.println(backend.id() + " " + Arrays.toString(dst));
          }
          System.out.println("best " + Backends.best(spec).id());
        }
      }
      """;

  private static final String PRODUCT =
      List.of(
              200 * -128 + 1 * 127 + 2 * 5,
              200 * 1 + 1 * -1 + 2 * -128,
              3 * -128 + 4 * 127 + 255 * 5,
              3 * 1 + 4 * -1 + 255 * -128)
          .toString();

  /** Folder of the build, and the module in it. */
  private static final Map<String, String> MODULES =
      Map.of(
          "kernels-api", "dev.octavo.api",
          "kernels-scalar", "dev.octavo.scalar",
          "kernels-vector", "dev.octavo.vector",
          "kernels-panama-native", "dev.octavo.panama");

  private static final Set<String> ALL = MODULES.keySet();

  @TempDir static Path temporary;

  /** The application's classes, and nothing else. */
  private static Path folder;

  private record Run(int status, List<String> lines, String errors) {
    /** The lines of the backends whose id begins so. */
    List<String> of(String prefix) {
      return lines.stream().filter(line -> line.startsWith(prefix)).toList();
    }
  }

  @BeforeAll
  static void compile() throws IOException {
    folder = Files.createDirectory(temporary.resolve("application"));
    Path moduleInfo = Files.writeString(temporary.resolve("module-info.java"), MODULE);
    Path main = Files.writeString(temporary.resolve("Main.java"), APPLICATION);
    StringWriter messages = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var files = compiler.getStandardFileManager(null, null, null);
    boolean compiled =
        compiler
            .getTask(
                messages,
                files,
                null,
                List.of("-d", folder.toString(), "--module-path", path(Set.of("kernels-api"))),
                null,
                files.getJavaFileObjects(moduleInfo, main))
            .call();
    assertTrue(compiled, messages.toString());
  }

  @Test
  void onTheModulePathNoFlagIsNeededButNativeAccess() throws Exception {
    Run run =
        java(
            "--module-path=" + folder + File.pathSeparator + path(ALL),
            "--enable-native-access=dev.octavo.panama",
            "--illegal-native-access=deny",
            "--module=outside/outside.Main");
    assertEquals(List.of("module dev.octavo.api"), run.of("module "));
    checkAnswers(run);
  }

  @Test
  void onTheClassPathWithTheTwoFlags() throws Exception {
    Run run =
        java(
            "--class-path=" + folder + File.pathSeparator + path(ALL),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--illegal-native-access=deny",
            "outside.Main");
    assertEquals(List.of("module null"), run.of("module "));
    checkAnswers(run);
  }

  @Test
  void withoutTheVectorApiItFallsBackAndNamesTheFlag() throws Exception {
    Set<String> pureJava = Set.of("kernels-api", "kernels-scalar", "kernels-vector");
    Run run = java("--class-path=" + folder + File.pathSeparator + path(pureJava), "outside.Main");
    assertEquals(List.of("scalar " + PRODUCT), run.of("scalar"));
    assertEquals(List.of("best scalar"), run.of("best "));
    assertTrue(!run.of("vector-").isEmpty(), "no vector backend in " + run);
    for (String line : run.of("vector-")) {
      assertTrue(line.contains("--add-modules jdk.incubator.vector"), line);
    }
    assertTrue(
        Pattern.compile("WARNING: .*--add-modules jdk\\.incubator\\.vector")
            .matcher(run.errors())
            .find(),
        run.errors());
  }

  /** Each jar may be left out: what is left goes on, and nothing is said of what is not there. */
  @Test
  void withoutTheVectorOrTheNativeJar() throws Exception {
    for (Set<String> jars :
        List.of(
            Set.of("kernels-api", "kernels-scalar"),
            Set.of("kernels-api", "kernels-scalar", "kernels-vector"),
            Set.of("kernels-api", "kernels-scalar", "kernels-panama-native"))) {
      String path = folder + File.pathSeparator + path(jars);
      boolean isNative = jars.contains("kernels-panama-native");
      boolean isVector = jars.contains("kernels-vector");
      Run classes =
          java(
              "--class-path=" + path,
              "--add-modules=jdk.incubator.vector",
              "--enable-native-access=ALL-UNNAMED",
              "outside.Main");
      Run modules =
          isNative
              ? java(
                  "--module-path=" + path,
                  "--enable-native-access=dev.octavo.panama",
                  "--module=outside/outside.Main")
              : java("--module-path=" + path, "--module=outside/outside.Main");
      for (Run run : List.of(classes, modules)) {
        assertEquals(List.of("scalar " + PRODUCT), run.of("scalar"), () -> jars + " " + run);
        assertEquals(isNative, !run.of("native-").isEmpty(), () -> jars + " " + run);
        assertEquals(isVector, !run.of("vector-").isEmpty(), () -> jars + " " + run);
        assertEquals(1, run.of("best ").size(), () -> jars + " " + run);
      }
    }
  }

  @Test
  void inAnImageOfItsOwn() throws Exception {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    assumeTrue(Files.isExecutable(jlink), "this JDK has no jlink");
    checkAnswers(image("whole", jlink, ALL));
    Run small = image("small", jlink, Set.of("kernels-api", "kernels-scalar"));
    assertEquals(List.of("scalar " + PRODUCT), small.of("scalar"));
    assertEquals(List.of("best scalar"), small.of("best "));
  }

  /** The application and these modules, with the providers that they bring, run from an image. */
  private static Run image(String name, Path jlink, Set<String> jars) throws Exception {
    Path image = temporary.resolve(name);
    Process linking =
        new ProcessBuilder(
                jlink.toString(),
                "--module-path=" + folder + File.pathSeparator + path(jars),
                "--add-modules=outside,"
                    + jars.stream().map(MODULES::get).sorted().collect(Collectors.joining(",")),
                "--output=" + image)
            .inheritIO()
            .start();
    assertEquals(0, linking.waitFor(), "jlink");
    String access = jars.contains("kernels-panama-native") ? "dev.octavo.panama" : "outside";
    return execute(
        List.of(
            image.resolve("bin").resolve("java").toString(),
            "--enable-native-access=" + access,
            "--illegal-native-access=deny",
            "--module=outside/outside.Main"));
  }

  private static void checkAnswers(Run run) {
    assertEquals(List.of("scalar " + PRODUCT), run.of("scalar"));
    for (String family : List.of("vector-", "native-")) {
      assertTrue(!run.of(family).isEmpty(), "no " + family + " backend in " + run);
      for (String line : run.of(family)) {
        assertTrue(line.endsWith(PRODUCT) || line.contains(" unusable: "), line);
        assertTrue(!line.contains("--add-modules"), line);
        assertTrue(!line.contains("--enable-native-access"), line);
      }
    }
  }

  private static Run java(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return execute(command);
  }

  private static Run execute(List<String> command) throws Exception {
    Path out = Files.createTempFile(temporary, "out", ".txt");
    Path errors = Files.createTempFile(temporary, "errors", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("OCTAVO_"));
    Process process = builder.start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    assertTrue(ended, "still running after two minutes: " + command);
    Run run = new Run(process.exitValue(), Files.readAllLines(out), Files.readString(errors));
    assertEquals(0, run.status(), () -> command + "\n" + run.errors());
    return run;
  }

  /** Where these modules of the build lie: jars after "package", folders of classes before. */
  private static String path(Set<String> modules) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> modules.stream().anyMatch(module -> isOf(module, entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isOf(String module, String entry) {
    return Path.of(entry).toUri().getPath().contains("/" + module + "/target/");
  }
}
