package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private static final Set<String> ALL =
      Set.of("kernels-api", "kernels-scalar", "kernels-vector", "kernels-panama-native");

  @TempDir static Path folder;

  private record Run(int status, List<String> lines, String errors) {
    /** The lines of the backends whose id begins so. */
    List<String> of(String prefix) {
      return lines.stream().filter(line -> line.startsWith(prefix)).toList();
    }
  }

  @BeforeAll
  static void compile() throws IOException {
    Path moduleInfo = Files.writeString(folder.resolve("module-info.java"), MODULE);
    Path main = Files.writeString(folder.resolve("Main.java"), APPLICATION);
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
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path errors = Files.createTempFile(folder, "errors", ".txt");
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
