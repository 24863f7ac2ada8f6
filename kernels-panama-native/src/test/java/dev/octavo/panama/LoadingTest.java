package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octavo.Backends;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM of its own makes of its flags, its paths and its file systems. */
class LoadingTest {
  private static final List<String> IDS =
      List.of("native-amx", "native-avx512vnni", "native-avxvnni", "native-avx2", "native-scalar");
  private static final int NOBODY = 65534;
  private static final String ALLOW = "--enable-native-access=ALL-UNNAMED";

  @TempDir Path folder;

  private record Run(List<String> lines, String errors) {
    String of(String id) {
      return lines.stream()
          .filter(line -> line.startsWith(id + " "))
          .map(line -> line.substring(id.length() + 1))
          .findFirst()
          .orElseThrow(() -> new AssertionError(this.toString()));
    }
  }

  @Test
  void onTheClassPath() throws Exception {
    Built.assumeLoaded();
    Run run = java(onClassPath(ALLOW));
    assertEquals("usable", run.of("native-scalar"));
    assertEquals("", run.errors());
  }

  @Test
  void onTheModulePath() throws Exception {
    Built.assumeLoaded();
    Run run =
        java(
            List.of(
                "--enable-native-access=dev.octavo.panama",
                "--module-path=" + place(Backends.class) + File.pathSeparator + ownClasses(),
                "--patch-module=dev.octavo.panama=" + place(Report.class),
                "--module=dev.octavo.panama/dev.octavo.panama.Report"));
    assertEquals("usable", run.of("native-scalar"));
    assertEquals("", run.errors());
  }

  @Test
  void inAnImageMadeByJlink() throws Exception {
    Built.assumeLoaded();
    Path image = folder.resolve("image");
    String modules = place(Backends.class) + File.pathSeparator + ownClasses();
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    assumeTrue(Files.isExecutable(jlink), "this JDK has no jlink");
    run(
        List.of(
            jlink.toString(),
            "--module-path=" + modules,
            "--add-modules=dev.octavo.panama",
            "--output=" + image));
    Run run =
        run(
            List.of(
                image.resolve("bin").resolve("java").toString(),
                "--enable-native-access=dev.octavo.panama",
                "--patch-module=dev.octavo.panama=" + place(Report.class),
                "--module=dev.octavo.panama/dev.octavo.panama.Report"));
    assertEquals("usable", run.of("native-scalar"));
    assertEquals("", run.errors());
  }

  @Test
  void withoutTheFlagTheJvmWarnsAndItWorks() throws Exception {
    Built.assumeLoaded();
    Run run = java(onClassPath());
    assertEquals("usable", run.of("native-scalar"));
    assertTrue(run.errors().contains("WARNING: A restricted method"), run::errors);
  }

  @Test
  void nativeAccessDenied() throws Exception {
    Built.library();
    Run run = java(onClassPath("--illegal-native-access=deny"));
    assertSameReason(
        run, "this JVM denies native access: start it with --enable-native-access=ALL-UNNAMED");
    assertEquals("", run.errors());
  }

  @Test
  void nativeAccessDeniedToTheModule() throws Exception {
    Built.library();
    Run run =
        java(
            List.of(
                "--illegal-native-access=deny",
                "--module-path=" + place(Backends.class) + File.pathSeparator + ownClasses(),
                "--patch-module=dev.octavo.panama=" + place(Report.class),
                "--module=dev.octavo.panama/dev.octavo.panama.Report"));
    assertSameReason(
        run,
        "this JVM denies native access: start it with --enable-native-access=dev.octavo.panama");
  }

  @Test
  void aPropertyThatLeadsNowhere() throws Exception {
    Run run = java(onClassPath(ALLOW, "-Doctavo.native.library=/nowhere/at/all.so"));
    assertSameReason(run, "octavo.native.library names /nowhere/at/all.so, which is not a file");
  }

  @Test
  void forbiddenFeatures() throws Exception {
    Built.assumeLoaded();
    Run run = java(onClassPath(ALLOW, "-Doctavo.native.forbid=avx512vnni, AMX"));
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
    String reason = java(onClassPath(ALLOW, "-Doctavo.native.forbid=sse9")).of("native-scalar");
    Reasons.show(reason);
    assertEquals(
        "octavo.native.forbid=sse9 names no CPU feature: there are avx2, avxvnni, avx512vnni, amx",
        reason);
  }

  @Test
  void noexec() throws Exception {
    Built.assumeLoaded();
    Run run = mounted("noexec,mode=700");
    assertSameReason(
        run, "cannot load", "is the folder mounted noexec?", "-Doctavo.native.tmpdir=");
  }

  @Test
  void readOnly() throws Exception {
    Built.assumeLoaded();
    Run run = mounted("ro,mode=700");
    assertSameReason(
        run,
        "cannot unpack the native library in",
        "Read-only file system",
        "-Doctavo.native.tmpdir=");
  }

  @Test
  void anotherUserUnpacksInAFolderOfTheirOwn() throws Exception {
    Built.assumeLoaded();
    Files.setAttribute(folder, "unix:uid", NOBODY);
    Run run = asNobody("-Doctavo.native.tmpdir=" + folder);
    assertEquals("usable", run.of("native-scalar"));
    assertNothingIsLeft();
  }

  @Test
  void noPermissionToWrite() throws Exception {
    Built.library();
    Run run = asNobody("-Doctavo.native.tmpdir=" + folder);
    assertSameReason(run, "cannot unpack the native library in", "AccessDeniedException");
  }

  @Test
  void noPermissionToRead() throws Exception {
    Path file = Files.write(folder.resolve("mine.so"), Built.library());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Run run = asNobody("-Doctavo.native.library=" + file);
    assertSameReason(run, "cannot load", "Permission denied", "that this user may read");
  }

  /** An ELF file of another machine, by a compiler for it; NativeLibraryTest patches one. */
  @Test
  void aRealLibraryForAnotherCpu() throws Exception {
    Path file = folder.resolve("liboctavo.so");
    List<String> compile =
        List.of("aarch64-linux-gnu-gcc", "-shared", "-nostdlib", "-x", "c", "-o");
    List<String> command = new ArrayList<>(compile);
    command.addAll(List.of(file.toString(), "/dev/null"));
    assumeTrue(works(command), "no aarch64-linux-gnu-gcc here");
    Run run = java(onClassPath(ALLOW, "-Doctavo.native.library=" + file));
    assertSameReason(run, "can't load AARCH64 .so", "it must be a shared library for linux-x86_64");
  }

  /** A umask that takes away more than is good makes a folder that its owner cannot read. */
  @Test
  void notAsPrivateAsItShouldBe() throws Exception {
    Built.library();
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 0400 && exec \"$@\"", "sh"));
    command.addAll(command(onClassPath(ALLOW, "-Doctavo.native.tmpdir=" + folder)));
    assertSameReason(
        run(command), "is not private: -wx------ of", "with a file -w------- of", "tmpdir=");
    assertNothingIsLeft();
  }

  @Test
  void aLibraryWithoutOneOfTheBackends() throws Exception {
    Built.assumeLoaded();
    Path file = changed("native-avx2\0", "native-avx9\0");
    Run run = java(onClassPath(ALLOW, "-Doctavo.native.library=" + file));
    String reason = run.of("native-avx2");
    assertEquals("octavo.native.library=" + file + " was built without it", reason);
    assertEquals("usable", run.of("native-scalar"));
    Reasons.show(reason);
  }

  @Test
  void aLibraryWithoutOneOfTheFunctions() throws Exception {
    Built.assumeLoaded();
    Path file = changed("\0octavo_strips\0", "\0octavo_stripe\0");
    Run run = java(onClassPath(ALLOW, "-Doctavo.native.library=" + file));
    assertSameReason(run, "octavo.native.library=" + file + " cannot be linked: ");
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

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count(), "files left behind");
    }
  }

  @Test
  void severalAtOnceInOneFolder() throws Exception {
    Built.assumeLoaded();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(
          new ProcessBuilder(command(onClassPath(ALLOW, "-Doctavo.native.tmpdir=" + folder)))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    for (Process process : processes) {
      String lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(lines.contains("native-scalar usable"), lines);
    }
    assertNothingIsLeft();
  }

  /** As a user who may do nothing; only root can become one. */
  private Run asNobody(String flag) throws Exception {
    List<String> become =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    List<String> command = new ArrayList<>(become);
    command.addAll(command(onClassPath(ALLOW, flag)));
    List<String> reads = new ArrayList<>(become);
    reads.addAll(List.of("test", "-r", ownClasses() + "/module-info.class"));
    assumeTrue(works(reads), "cannot become nobody here, or nobody may not read this build");
    return run(command);
  }

  /** Runs with a temporary folder of its own mounting, in a mount namespace of its own. */
  private Run mounted(String options) throws Exception {
    String mount = "mount -t tmpfs -o " + options + " tmpfs " + folder + " && exec \"$@\"";
    List<String> unshare =
        List.of("unshare", "--mount", "--map-root-user", "sh", "-c", mount, "sh");
    List<String> command = new ArrayList<>(unshare);
    command.add("true");
    assumeTrue(works(command), "this machine does not let us mount a file system");
    command.removeLast();
    command.addAll(command(onClassPath(ALLOW, "-Doctavo.native.tmpdir=" + folder)));
    return run(command);
  }

  private static boolean works(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** All ids are there, each unusable for the same reason. */
  private static void assertSameReason(Run run, String... fragments) {
    assertEquals(IDS, run.lines().stream().map(line -> line.split(" ", 2)[0]).toList());
    for (String line : run.lines()) {
      for (String fragment : fragments) {
        assertTrue(line.contains(fragment), line);
      }
    }
    Reasons.show(run.of(IDS.getFirst()));
  }

  private static List<String> onClassPath(String... flags) {
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.add("--class-path");
    arguments.add(
        String.join(
            File.pathSeparator,
            place(Backends.class).toString(),
            ownClasses().toString(),
            place(Report.class).toString()));
    arguments.add(Report.class.getName());
    return arguments;
  }

  private static Path ownClasses() {
    return place(NativeProvider.class).resolveSibling("classes");
  }

  private static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private Run java(List<String> arguments) throws Exception {
    return run(command(arguments));
  }

  private static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xshare:auto");
    command.addAll(arguments);
    return command;
  }

  private Run run(List<String> command) throws Exception {
    Path out = Files.createTempFile("octavo-out", ".txt");
    Path err = Files.createTempFile("octavo-err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the JVM hangs");
    Run run = new Run(Files.readAllLines(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    assertEquals(0, process.exitValue(), run::toString);
    return run;
  }
}
