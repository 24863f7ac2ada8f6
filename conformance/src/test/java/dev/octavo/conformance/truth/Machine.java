package dev.octavo.conformance.truth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine makes of other people's libraries. */
public final class Machine {
  /**
   * Whether ONNX Runtime, FBGEMM and oneDNN multiply 8-bit numbers with vpmaddubsw here, which
   * saturates at 16 bits: x86 without VNNI.
   */
  public static final boolean SATURATES = saturates();

  private Machine() {}

  private static boolean saturates() {
    if (!NativeLibrary.platform().endsWith("x86_64")) {
      return false;
    }
    try {
      String cpu = Files.readString(Path.of("/proc/cpuinfo"));
      return !cpu.contains("avx512_vnni") && !cpu.contains("avx_vnni");
    } catch (IOException e) {
      return true; // another operating system: take no chance
    }
  }
}
