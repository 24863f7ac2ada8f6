package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which loading can fail gives a reason that says what to do next. */
class NativeLibraryTest {
  private static final String LINUX = "linux-x86_64";
  private static final byte[] ANY = {1, 2, 3};

  @TempDir Path folder;

  @Test
  void aSoundJarIsUnpackedLoadedAndTidiedUp() throws IOException {
    NativeLibrary library = load(Built.jar(Built.library()));
    assertEquals("", library.reason());
    assertTrue(library.loaded());
    assertNothingIsLeft();
  }

  @Test
  void aLibraryCanBeNamed() throws IOException {
    Path file = Files.write(folder.resolve("mine.so"), Built.library());
    NativeLibrary library = named(file.toString());
    assertEquals("", library.reason());
    assertEquals("octavo.native.library=" + file, library.origin());
  }

  @Test
  void aBuildWithoutCompiler() {
    assertReason(
        load(Built.jar(null, null)),
        "this jar holds no native library: it was built without make or a C compiler;",
        "-Doctavo.native.library=");
  }

  @Test
  void anotherPlatform() {
    assertReason(
        NativeLibrary.load(key -> null, "Mac OS X aarch64", Built.jar(ANY)),
        "there is no native library for Mac OS X aarch64, only for linux-x86_64;",
        "-Doctavo.native.library=");
  }

  @Test
  void aDamagedLibrary() throws IOException {
    byte[] library = Built.library();
    String sum = Built.sha256(library);
    library[library.length / 2] ^= 1;
    assertReason(
        load(Built.jar(library, sum)),
        "the jar is damaged: the SHA-256 of its native library is",
        Built.sha256(library),
        "should be " + sum);
    assertNothingIsLeft();
  }

  @Test
  void aMissingSum() {
    assertReason(load(Built.jar(ANY, null)), "the jar is damaged", "without its SHA-256");
  }

  @Test
  void notALibraryAtAll() throws IOException {
    assertReason(load(Built.jar(ANY)), "cannot load", "file too short");
    assertNothingIsLeft();
  }

  @Test
  void aLibraryForAnotherCpu() throws IOException {
    byte[] library = Built.library();
    library[Elf.MACHINE] = (byte) 183; // AArch64
    assertReason(
        load(Built.jar(library)),
        "cannot load",
        "can't load AARCH64 .so",
        "it must be a shared library for linux-x86_64");
    assertNothingIsLeft();
  }

  @Test
  void aLibraryOfAnotherRelease() {
    byte[] library = Built.library();
    int code = new Elf(library).fileOffset("octavo_abi_version");
    int version = code;
    while (library[version] != Abi.VERSION || library[version - 1] != (byte) 0xb8) {
      version++; // mov eax, 1
    }
    assertTrue(version < code + 16, "octavo_abi_version() is no longer a plain constant");
    library[version] = 99;
    assertReason(
        load(Built.jar(library)), "has version 99 of the ABI, this jar needs " + Abi.VERSION + ":");
  }

  @Test
  void aLibraryOfSomebodyElse() {
    Path theirs = Path.of(System.getProperty("java.home"), "lib", "libzip.so");
    assertReason(named(theirs.toString()), "libzip.so is a library, but not Octavo's");
  }

  @Test
  void aNameThatLeadsNowhere() {
    assertReason(
        named("/nowhere/liboctavo.so"),
        "octavo.native.library names /nowhere/liboctavo.so, which is not a file");
    assertReason(named("\0"), "could not be loaded", "InvalidPathException");
  }

  @Test
  void aTemporaryFolderThatIsNotThere() {
    assertReason(
        load(Built.jar(ANY), folder.resolve("absent")),
        "cannot unpack the native library in",
        "NoSuchFileException",
        "-Doctavo.native.tmpdir=");
  }

  /** Nobody can create a folder there, root included. */
  @Test
  void aTemporaryFolderThatCannotBeWritten() {
    assertReason(
        load(Built.jar(ANY), Path.of("/proc/self")),
        "cannot unpack the native library in /proc/self",
        "-Doctavo.native.tmpdir=");
  }

  @Test
  void aTemporaryFolderWhereOthersCouldSwapOurs() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertReason(
        load(Built.jar(ANY), open),
        "is not safe to unpack in: everybody may write there, and it is not sticky",
        "-Doctavo.native.tmpdir=");
    Files.setAttribute(open, "unix:mode", 01777);
    assertReason(load(Built.jar(ANY), open), "cannot load");
  }

  @Test
  void aTemporaryFolderInsideOneWhereOthersCouldSwapIt() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Path inside = Files.createDirectory(open.resolve("inside"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertReason(
        load(Built.jar(ANY), inside), open + " is not safe to unpack in: everybody may write");
    try (Stream<Path> left = Files.list(inside)) {
      assertEquals(0, left.count(), "files left behind");
    }
  }

  @Test
  void aTemporaryFolderOfSomebodyElse() throws IOException {
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    try {
      Files.setAttribute(theirs, "unix:uid", 4242);
    } catch (IOException e) {
      assumeTrue(false, "only root may give a folder away");
    }
    assertReason(
        load(Built.jar(ANY), theirs),
        theirs + " is not safe to unpack in: it belongs to user 4242, and we are user 0",
        "-Doctavo.native.tmpdir=");
  }

  @Test
  void whatDeadProcessesLeftIsDeletedAndNothingElse() throws Exception {
    long dead = new ProcessBuilder("true").start().onExit().get().pid();
    long alive = ProcessHandle.current().pid();
    Path leftover = leftover("octavo-" + dead + "-1", true);
    List<Path> others =
        List.of(
            leftover("octavo-" + alive + "-1", true),
            leftover("octavo-" + dead + "-2", false),
            leftover("octavo-x" + dead + "-1", true),
            leftover("octavo-" + dead + "-1-mine", true),
            Files.createSymbolicLink(
                folder.resolve("octavo-" + dead + "-3"), leftover("elsewhere", true)));
    Path open = leftover("octavo-" + dead + "-4", true);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path full = leftover("octavo-" + dead + "-5", true);
    Files.createFile(full.resolve("diary"));
    age(full);
    assertEquals("", load(Built.jar(Built.library())).reason());
    assertFalse(Files.exists(leftover), "left where it was");
    for (Path other : others) {
      assertTrue(Files.exists(other.resolve("liboctavo.so")), other + " is gone");
    }
    assertTrue(Files.exists(open.resolve("liboctavo.so")));
    assertTrue(Files.exists(full.resolve("diary")));
  }

  private Path leftover(String name, boolean old) throws IOException {
    Path left =
        Files.createDirectory(
            folder.resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.write(left.resolve("liboctavo.so"), ANY);
    if (old) {
      age(left);
    }
    return left;
  }

  private static void age(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
  }

  /** The folder is created afresh under a random name, so planted names do not matter. */
  @Test
  void plantedNamesAreNotTakenOver() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    for (String name : new String[] {"octavo", "octavo-", "octavo-0", "liboctavo.so"}) {
      Files.createSymbolicLink(folder.resolve(name), elsewhere);
    }
    assertEquals("", load(Built.jar(Built.library())).reason());
    try (Stream<Path> inside = Files.list(elsewhere)) {
      assertEquals(0, inside.count());
    }
  }

  @Test
  void theFolderIsPrivateWhileItExists() throws Exception {
    try (PrivateFile file = PrivateFile.create(folder, "f", ANY, Built.sha256(ANY))) {
      assertEquals("rwx------", permissions(file.path().getParent()));
      assertEquals("rw-------", permissions(file.path()));
    }
    assertNothingIsLeft();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private NativeLibrary load(Function<String, InputStream> jar) {
    return load(jar, folder);
  }

  private static NativeLibrary load(Function<String, InputStream> jar, Path tmpdir) {
    Map<String, String> settings = new HashMap<>();
    settings.put("octavo.native.tmpdir", tmpdir.toString());
    return NativeLibrary.load(settings::get, LINUX, jar);
  }

  private static NativeLibrary named(String file) {
    return NativeLibrary.load(
        key -> key.equals("octavo.native.library") ? file : null, LINUX, name -> null);
  }

  private static void assertReason(NativeLibrary library, String... fragments) {
    assertFalse(library.loaded());
    Reasons.show(library.reason());
    for (String fragment : fragments) {
      assertTrue(library.reason().contains(fragment), library.reason());
    }
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count(), "files left behind");
    }
  }
}
