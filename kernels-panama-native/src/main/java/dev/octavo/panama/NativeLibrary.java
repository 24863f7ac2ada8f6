package dev.octavo.panama;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;

/**
 * The loaded C library, or the reason why there is none. Finding, checking and loading never throw.
 *
 * <p>The library of the jar is unpacked to a private folder, checked against its SHA-256, loaded
 * and deleted: the mapping outlives the file. It stays loaded for the life of the process.
 * Settings, each a system property or else an environment variable:
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><td>{@code octavo.native.library}</td><td>{@code OCTAVO_NATIVE_LIBRARY}</td>
 *     <td>a library to load where it lies, unchecked, instead of the jar's</td></tr>
 * <tr><td>{@code octavo.native.tmpdir}</td><td>{@code OCTAVO_NATIVE_TMPDIR}</td>
 *     <td>where to unpack, instead of {@code java.io.tmpdir}</td></tr>
 * </table>
 *
 * @param symbols of the library; null if it is not loaded
 * @param origin what was loaded, for people
 * @param reason why nothing was loaded and what to do about it; empty if it was
 */
record NativeLibrary(SymbolLookup symbols, String origin, String reason) {
  private static final String FILE = "liboctavo.so";
  private static final String OWN_BUILD =
      "-Doctavo.native.library=<path> takes a library built elsewhere";

  /** Loaded on first use. */
  private static final class Loaded {
    static final NativeLibrary LIBRARY =
        load(NativeLibrary::setting, platform(), NativeLibrary.class::getResourceAsStream);
  }

  /** A reason on its way to the record: never leaves this package. */
  static final class Unloadable extends Exception {
    private static final long serialVersionUID = 1;

    Unloadable(String reason) {
      super(reason, null, false, false);
    }
  }

  /** The library of this process. */
  static NativeLibrary get() {
    return Loaded.LIBRARY;
  }

  /** Whether there are symbols. */
  boolean loaded() {
    return symbols != null;
  }

  /** A system property, or else the environment variable of that name; null if neither is set. */
  static String setting(String key) {
    String value =
        System.getProperty(key, System.getenv(key.toUpperCase(Locale.ROOT).replace('.', '_')));
    return value == null || value.isBlank() ? null : value.trim();
  }

  /** {@code linux-x86_64} where the jar may hold a library, otherwise the system's own words. */
  static String platform() {
    String os = System.getProperty("os.name");
    String cpu = System.getProperty("os.arch");
    return os.equals("Linux") && cpu.equals("amd64") ? "linux-x86_64" : os + " " + cpu;
  }

  /**
   * Loads as settings say; separate from {@link #get()} so that tests can bring about every
   * failure.
   */
  static NativeLibrary load(
      Function<String, String> settings, String platform, Function<String, InputStream> resources) {
    try {
      String named = settings.apply("octavo.native.library");
      return named != null ? loadNamed(named) : loadPacked(settings, platform, resources);
    } catch (Unloadable e) {
      return new NativeLibrary(null, "", e.getMessage());
    } catch (IOException | RuntimeException e) {
      return new NativeLibrary(null, "", "the native library could not be loaded: " + e);
    }
  }

  private static NativeLibrary loadNamed(String named) throws Unloadable {
    Path file = Path.of(named).toAbsolutePath();
    if (!Files.isRegularFile(file)) {
      throw new Unloadable(
          "octavo.native.library names " + named + ", which is not a file: correct it or unset it");
    }
    requirePermission();
    return open(file, "octavo.native.library=" + named);
  }

  private static NativeLibrary loadPacked(
      Function<String, String> settings, String platform, Function<String, InputStream> resources)
      throws IOException, Unloadable {
    if (!platform.equals("linux-x86_64")) {
      throw new Unloadable(
          "there is no native library for " + platform + ", only for linux-x86_64; " + OWN_BUILD);
    }
    byte[] library = read(resources, platform + "/" + FILE);
    byte[] sum = read(resources, platform + "/" + FILE + ".sha256");
    if (library == null) {
      throw new Unloadable(
          "this jar holds no native library: it was built without make or a C compiler; build it"
              + " where both are installed, or "
              + OWN_BUILD);
    }
    if (sum == null) {
      throw new Unloadable(
          "the jar is damaged: " + FILE + " is there without its SHA-256; get the jar again");
    }
    requirePermission();
    String folder = settings.apply("octavo.native.tmpdir");
    Path parent = Path.of(folder != null ? folder : System.getProperty("java.io.tmpdir"));
    String expected = new String(sum, StandardCharsets.US_ASCII).strip().split("\\s", 2)[0];
    try (PrivateFile file = PrivateFile.create(parent, FILE, library, expected)) {
      return open(file.path(), "the jar's library for " + platform);
    }
  }

  private static byte[] read(Function<String, InputStream> resources, String name)
      throws IOException {
    try (InputStream in = resources.apply(name)) {
      return in == null ? null : in.readAllBytes();
    }
  }

  /** Asks the JVM before anything is written: it throws, warns or agrees, as it was started. */
  @SuppressWarnings("restricted")
  private static void requirePermission() throws Unloadable {
    try {
      MemorySegment.NULL.reinterpret(0);
    } catch (IllegalCallerException e) {
      Module module = NativeLibrary.class.getModule();
      throw new Unloadable(
          "this JVM denies native access: start it with --enable-native-access="
              + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
    }
  }

  @SuppressWarnings("restricted")
  private static NativeLibrary open(Path file, String origin) throws Unloadable {
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new Unloadable("cannot load " + file + ": " + loaderMessage(file));
    }
    int version = abiVersion(symbols, file);
    if (version != Abi.VERSION) {
      throw new Unloadable(
          String.format(
              "%s has version %d of the ABI, this jar needs %d: take both from one release",
              file, version, Abi.VERSION));
    }
    return new NativeLibrary(symbols, origin, "");
  }

  /** What the system's loader says, which libraryLookup does not pass on. */
  @SuppressWarnings("restricted")
  private static String loaderMessage(Path file) {
    String message = "the system's loader took it only at the second try";
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      // The JVM and the loader each put the path before it; so do we.
      message = String.valueOf(e.getMessage()).replace(file + ": ", "");
    }
    return message
        + (message.contains("failed to map segment")
            ? " (is the folder mounted noexec? -Doctavo.native.tmpdir=<folder> names another)"
            : " (it must be a shared library for " + platform() + " that this user may read)");
  }

  @SuppressWarnings("restricted")
  private static int abiVersion(SymbolLookup symbols, Path file) throws Unloadable {
    MemorySegment function =
        symbols
            .find("octavo_abi_version")
            .orElseThrow(
                () ->
                    new Unloadable(
                        file + " is a library, but not Octavo's: correct octavo.native.library"));
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT))
              .invokeExact();
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }
}
