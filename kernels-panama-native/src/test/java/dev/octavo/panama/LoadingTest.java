package dev.octavo.panama;

import static dev.octavo.panama.Jvm.ALLOW;
import static dev.octavo.panama.Jvm.onClassPath;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octavo.Backends;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM of its own makes of its flags, its paths and the libraries it is given. */
class LoadingTest {
  @TempDir Path folder;

  @Test
  void onTheClassPath() throws Exception {
    Built.assumeLoaded();
    Jvm run = Jvm.java(onClassPath(ALLOW));
    assertEquals("usable", run.of("native-scalar"));
    assertEquals("", run.errors());
  }

  @Test
  void onTheModulePath() throws Exception {
    Built.assumeLoaded();
    Jvm run =
        Jvm.java(
            List.of(
                "--enable-native-access=dev.octavo.panama",
                "--module-path="
                    + Jvm.place(Backends.class)
                    + File.pathSeparator
                    + Jvm.ownClasses(),
                "--patch-module=dev.octavo.panama=" + Jvm.place(Report.class),
                "--module=dev.octavo.panama/dev.octavo.panama.Report"));
    assertEquals("usable", run.of("native-scalar"));
    assertEquals("", run.errors());
  }

  @Test
  void inAnImageMadeByJlink() throws Exception {
    Built.assumeLoaded();
    Path image = folder.resolve("image");
    String modules = Jvm.place(Backends.class) + File.pathSeparator + Jvm.ownClasses();
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    assumeTrue(Files.isExecutable(jlink), "this JDK has no jlink");
    Jvm.run(
        List.of(
            jlink.toString(),
            "--module-path=" + modules,
            "--add-modules=dev.octavo.panama",
            "--output=" + image));
    Jvm run =
        Jvm.run(
            List.of(
                image.resolve("bin").resolve("java").toString(),
                "--enable-native-access=dev.octavo.panama",
                "--patch-module=dev.octavo.panama=" + Jvm.place(Report.class),
                "--module=dev.octavo.panama/dev.octavo.panama.Report"));
    assertEquals("usable", run.of("native-scalar"));
    assertEquals("", run.errors());
  }

  @Test
  void withoutTheFlagTheJvmWarnsAndItWorks() throws Exception {
    Built.assumeLoaded();
    Jvm run = Jvm.java(onClassPath());
    assertEquals("usable", run.of("native-scalar"));
    assertTrue(run.errors().contains("WARNING: A restricted method"), run::errors);
  }

  @Test
  void nativeAccessDenied() throws Exception {
    Built.library();
    Jvm run = Jvm.java(onClassPath("--illegal-native-access=deny"));
    run.assertSameReason(
        "this JVM denies native access: start it with --enable-native-access=ALL-UNNAMED");
    assertEquals("", run.errors());
  }

  @Test
  void nativeAccessDeniedToTheModule() throws Exception {
    Built.library();
    Jvm run =
        Jvm.java(
            List.of(
                "--illegal-native-access=deny",
                "--module-path="
                    + Jvm.place(Backends.class)
                    + File.pathSeparator
                    + Jvm.ownClasses(),
                "--patch-module=dev.octavo.panama=" + Jvm.place(Report.class),
                "--module=dev.octavo.panama/dev.octavo.panama.Report"));
    run.assertSameReason(
        "this JVM denies native access: start it with --enable-native-access=dev.octavo.panama");
  }

  @Test
  void aPropertyThatLeadsNowhere() throws Exception {
    Jvm run = Jvm.java(onClassPath(ALLOW, "-Doctavo.native.library=/nowhere/at/all.so"));
    run.assertSameReason("octavo.native.library names /nowhere/at/all.so, which is not a file");
  }

  @Test
  void forbiddenFeatures() throws Exception {
    Built.assumeLoaded();
    Jvm run = Jvm.java(onClassPath(ALLOW, "-Doctavo.native.forbid=avx512vnni, AMX"));
    assertEquals("usable", run.of("native-scalar"));
    assertEquals(
        Backends.named("native-avx2").availability().reason().isEmpty(),
        run.of("native-avx2").equals("usable"));
    String reason = run.of("native-avx512vnni");
    assertEquals("forbidden by the caller: octavo.native.forbid=avx512vnni, AMX", reason);
    Reasons.show(reason);
  }

  @Test
  void aFeatureThatIsNone() throws Exception {
    Built.assumeLoaded();
    String reason = Jvm.java(onClassPath(ALLOW, "-Doctavo.native.forbid=sse9")).of("native-scalar");
    Reasons.show(reason);
    assertEquals(
        "octavo.native.forbid=sse9 names no CPU feature: there are avx2, avxvnni, avx512vnni, amx",
        reason);
  }

  /** An ELF file of another machine, by a compiler for it; NativeLibraryTest patches one. */
  @Test
  void aRealLibraryForAnotherCpu() throws Exception {
    Path file = folder.resolve("liboctavo.so");
    List<String> compile =
        List.of("aarch64-linux-gnu-gcc", "-shared", "-nostdlib", "-x", "c", "-o");
    List<String> command = new ArrayList<>(compile);
    command.addAll(List.of(file.toString(), "/dev/null"));
    assumeTrue(Jvm.works(command), "no aarch64-linux-gnu-gcc here");
    Jvm run = Jvm.java(onClassPath(ALLOW, "-Doctavo.native.library=" + file));
    run.assertSameReason("can't load AARCH64 .so", "it must be a shared library for linux-x86_64");
  }

  @Test
  void aLibraryWithoutOneOfTheBackends() throws Exception {
    Built.assumeLoaded();
    Path file = changed("native-avx2\0", "native-avx9\0");
    Jvm run = Jvm.java(onClassPath(ALLOW, "-Doctavo.native.library=" + file));
    String reason = run.of("native-avx2");
    assertEquals("octavo.native.library=" + file + " was built without it", reason);
    assertEquals("usable", run.of("native-scalar"));
    Reasons.show(reason);
  }

  @Test
  void aLibraryWithoutOneOfTheFunctions() throws Exception {
    Built.assumeLoaded();
    Path file = changed("\0octavo_strips\0", "\0octavo_stripe\0");
    Jvm run = Jvm.java(onClassPath(ALLOW, "-Doctavo.native.library=" + file));
    run.assertSameReason("octavo.native.library=" + file + " cannot be linked: ");
  }

  /** The library of this build with a text in it changed, once. */
  private Path changed(String text, String other) throws IOException {
    String content = new String(Built.library(), StandardCharsets.ISO_8859_1);
    int at = content.indexOf(text);
    assertTrue(at >= 0 && content.indexOf(text, at + 1) < 0, "not once in the library: " + text);
    return Files.write(
        folder.resolve("changed.so"),
        content.replace(text, other).getBytes(StandardCharsets.ISO_8859_1));
  }
}
