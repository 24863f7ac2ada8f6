package dev.octavo.panama;

import static dev.octavo.panama.Jvm.ALLOW;
import static dev.octavo.panama.Jvm.onClassPath;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a JVM of its own makes of file systems, users and permissions, and what it leaves behind.
 */
class UnpackingTest {
  private static final int NOBODY = 65534;

  @TempDir Path folder;

  @Test
  void noexec() throws Exception {
    Built.assumeLoaded();
    Jvm run = mounted("noexec,mode=700");
    run.assertSameReason("cannot load", "is the folder mounted noexec?", "-Doctavo.native.tmpdir=");
  }

  @Test
  void readOnly() throws Exception {
    Built.assumeLoaded();
    Jvm run = mounted("ro,mode=700");
    run.assertSameReason(
        "cannot unpack the native library in", "Read-only file system", "-Doctavo.native.tmpdir=");
  }

  @Test
  void anotherUserUnpacksInAFolderOfTheirOwn() throws Exception {
    Built.assumeLoaded();
    Files.setAttribute(folder, "unix:uid", NOBODY);
    Jvm run = asNobody("-Doctavo.native.tmpdir=" + folder);
    assertEquals("usable", run.of("native-scalar"));
    assertNothingIsLeft();
  }

  @Test
  void noPermissionToWrite() throws Exception {
    Built.library();
    Jvm run = asNobody("-Doctavo.native.tmpdir=" + folder);
    run.assertSameReason("cannot unpack the native library in", "AccessDeniedException");
  }

  @Test
  void noPermissionToRead() throws Exception {
    Path file = Files.write(folder.resolve("mine.so"), Built.library());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Jvm run = asNobody("-Doctavo.native.library=" + file);
    run.assertSameReason("cannot load", "Permission denied", "that this user may read");
  }

  /** A umask that takes away more than is good makes a folder that its owner cannot read. */
  @Test
  void notAsPrivateAsItShouldBe() throws Exception {
    Built.library();
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 0400 && exec \"$@\"", "sh"));
    command.addAll(Jvm.command(onClassPath(ALLOW, "-Doctavo.native.tmpdir=" + folder)));
    Jvm.run(command)
        .assertSameReason("is not private: -wx------ of", "with a file -w------- of", "tmpdir=");
    assertNothingIsLeft();
  }

  @Test
  void severalAtOnceInOneFolder() throws Exception {
    Built.assumeLoaded();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(
          new ProcessBuilder(Jvm.command(onClassPath(ALLOW, "-Doctavo.native.tmpdir=" + folder)))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    for (Process process : processes) {
      String lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(lines.contains("native-scalar usable"), lines);
    }
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count(), "files left behind");
    }
  }

  /** As a user who may do nothing; only root can become one. */
  private Jvm asNobody(String flag) throws Exception {
    List<String> become =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    List<String> command = new ArrayList<>(become);
    command.addAll(Jvm.command(onClassPath(ALLOW, flag)));
    List<String> reads = new ArrayList<>(become);
    reads.addAll(List.of("test", "-r", Jvm.ownClasses() + "/module-info.class"));
    assumeTrue(Jvm.works(reads), "cannot become nobody here, or nobody may not read this build");
    return Jvm.run(command);
  }

  /** Runs with a temporary folder of its own mounting, in a mount namespace of its own. */
  private Jvm mounted(String options) throws Exception {
    String mount = "mount -t tmpfs -o " + options + " tmpfs " + folder + " && exec \"$@\"";
    List<String> unshare =
        List.of("unshare", "--mount", "--map-root-user", "sh", "-c", mount, "sh");
    List<String> command = new ArrayList<>(unshare);
    command.add("true");
    assumeTrue(Jvm.works(command), "this machine does not let us mount a file system");
    command.removeLast();
    command.addAll(Jvm.command(onClassPath(ALLOW, "-Doctavo.native.tmpdir=" + folder)));
    return Jvm.run(command);
  }
}
