package dev.octavo.panama;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;

/** The library of this build, for tests; they are skipped where there was no compiler. */
final class Built {
  private Built() {}

  /** Skips the test that calls it unless the library of this build runs here. */
  static void assumeLoaded() {
    assumeTrue(NativeLibrary.get().loaded(), NativeLibrary.get().reason());
  }

  /** The bytes of the library; skips the test if it was not built. */
  static byte[] library() {
    try (InputStream in = NativeLibrary.class.getResourceAsStream("linux-x86_64/liboctavo.so")) {
      assumeTrue(in != null, "no native library was built here");
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resources of a jar that holds this library and this text beside it; null for none. */
  static Function<String, InputStream> jar(byte[] library, String sum) {
    return name -> {
      if (name.equals("linux-x86_64/liboctavo.so")) {
        return library == null ? null : new ByteArrayInputStream(library);
      }
      if (name.equals("linux-x86_64/liboctavo.so.sha256")) {
        return sum == null
            ? null
            : new ByteArrayInputStream(sum.getBytes(StandardCharsets.US_ASCII));
      }
      throw new AssertionError("no such resource is known: " + name);
    };
  }

  /** Resources of a sound jar. */
  static Function<String, InputStream> jar(byte[] library) {
    return jar(library, sha256(library) + "\n");
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
