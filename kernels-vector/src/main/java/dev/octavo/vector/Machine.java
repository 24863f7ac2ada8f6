package dev.octavo.vector;

import dev.octavo.Availability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Whether the Vector API is worth choosing here, and if not, why. Reads system properties and asks
 * the API for its preferred width; names no incubating type itself.
 */
final class Machine {
  private static final String MODULE = "jdk.incubator.vector";

  private Machine() {}

  /** The answer for vectors of so many bits. */
  static Availability availability(int bits) {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new Availability.Unusable(
          "the module " + MODULE + " is missing: start java with --add-modules " + MODULE);
    }
    return availability(
        bits,
        PreferredWidth.bits(),
        System.getProperty("java.vm.name", ""),
        System.getProperty("java.vm.info", ""),
        System.getProperty("os.arch", ""));
  }

  /** The answer for a machine with the module. */
  static Availability availability(int bits, int preferred, String vm, String mode, String arch) {
    if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) {
      return emulated("the VM is " + vm + "; only HotSpot turns the Vector API into instructions");
    }
    if (mode.contains("interpreted")) {
      return emulated("the JVM only interprets (-Xint); the Vector API needs the C2 compiler");
    }
    if (mode.contains("emulated-client")) {
      return emulated(
          "the C2 compiler is off (-XX:TieredStopAtLevel below 4); the Vector API needs it");
    }
    if (preferred < bits) {
      return emulated("this CPU, or -XX:UseAVX, gives the JVM only " + preferred + "-bit vectors");
    }
    boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
    if (x86 && preferred < 256) {
      return emulated(
          "integer vectors are slow here: without AVX2 (or with -XX:UseAVX below 2) the JVM has"
              + " neither 256-bit integers nor fused multiply-add");
    }
    return Availability.USABLE;
  }

  /**
   * Whether there are 32 vector registers, at any width: with AVX-512, and on Arm. Only where the
   * module is present.
   */
  static boolean has32Registers() {
    return PreferredWidth.bits() == 512 || System.getProperty("os.arch", "").equals("aarch64");
  }

  /**
   * Whether {@link Pairs} is faster than {@link Gemm}: on AMD's processors with AVX-512, which add
   * and shift integers in four units and multiply floats in two. Intel's have two for either, and
   * without AVX-512 its sums do not fit the registers. The property {@code octavo.vector.multiply},
   * int16 or float32, overrides this; it changes no bit of any result.
   */
  static boolean multipliesPairs() {
    return switch (System.getProperty("octavo.vector.multiply", "")) {
      case "int16" -> true;
      case "float32" -> false;
      default -> PreferredWidth.bits() == 512 && vendor().contains("AuthenticAMD");
    };
  }

  /** What the operating system says about the processor: on Linux a file, on Windows a variable. */
  private static String vendor() {
    String windows = System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", "");
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.filter(l -> l.startsWith("vendor_id")).findFirst().orElse(windows);
    } catch (IOException | UncheckedIOException e) {
      return windows; // nothing to be learnt
    }
  }

  private static Availability emulated(String reason) {
    return new Availability.Emulated(reason);
  }
}
