package dev.octavo.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The machine and the JVM that a result belongs to.
 *
 * @param cpu the CPU's name for itself, with family and model where known
 * @param processors hardware threads that the JVM may use
 * @param features what of the CPU matters for int8 and float32 products
 * @param caches such as {@code L1d 32K, L2 1024K, L3 32768K}
 * @param memoryBytes physical memory
 * @param os name, release and architecture
 * @param jdk version and vendor
 * @param commit of the sources; empty where they are not under version control
 */
public record Machine(
    String cpu,
    int processors,
    List<String> features,
    String caches,
    long memoryBytes,
    String os,
    String jdk,
    String commit) {

  /** Flags of {@code /proc/cpuinfo}, x86 then Arm, worth telling. */
  private static final List<String> TELLING =
      List.of(
          "avx2",
          "fma",
          "avx_vnni",
          "avx512f",
          "avx512bw",
          "avx512_vnni",
          "avx512_bf16",
          "amx_tile",
          "amx_int8",
          "asimd",
          "asimddp",
          "i8mm",
          "sve",
          "sve2",
          "sme");

  public static Machine here() {
    return new Machine(
        findCpu(),
        Runtime.getRuntime().availableProcessors(),
        findFeatures(),
        findCaches(),
        findMemory(),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        "%s, %s"
            .formatted(System.getProperty("java.vm.version"), System.getProperty("java.vendor")),
        findCommit().orElse(""));
  }

  /** The commit these classes were built from, when they lie in a working copy. */
  private static Optional<String> findCommit() {
    String here = Machine.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String folder = Path.of(here).getParent().toString();
    return output("git", "-C", folder, "describe", "--always", "--dirty");
  }

  private static String findCpu() {
    String name =
        cpuinfo("model name")
            .or(() -> output("sysctl", "-n", "machdep.cpu.brand_string"))
            .orElse(System.getProperty("os.arch"));
    Optional<String> family = cpuinfo("cpu family");
    Optional<String> model = cpuinfo("model");
    return family.isPresent() && model.isPresent()
        ? "%s (family %s, model %s)".formatted(name, family.get(), model.get())
        : name;
  }

  private static List<String> findFeatures() {
    Set<String> flags =
        new TreeSet<>(
            List.of(cpuinfo("flags").or(() -> cpuinfo("Features")).orElse("").split("\\s+")));
    return TELLING.stream().filter(flags::contains).toList();
  }

  private static String findCaches() {
    StringBuilder caches = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      Path cache = Path.of("/sys/devices/system/cpu/cpu0/cache/index" + i);
      Optional<String> level = firstLine(cache.resolve("level"));
      Optional<String> type = firstLine(cache.resolve("type"));
      Optional<String> size = firstLine(cache.resolve("size"));
      if (level.isPresent() && size.isPresent() && !type.equals(Optional.of("Instruction"))) {
        caches.append(caches.isEmpty() ? "" : ", ").append('L').append(level.get());
        caches.append(type.equals(Optional.of("Data")) ? "d " : " ").append(size.get());
      }
    }
    return caches.toString();
  }

  private static long findMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getTotalMemorySize()
        : 0;
  }

  private static Optional<String> cpuinfo(String key) {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.split(":", 2)[0].strip().equals(key) && line.contains(":"))
          .map(line -> line.split(":", 2)[1].strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // not Linux
    }
  }

  private static Optional<String> firstLine(Path file) {
    try {
      return Files.readString(file).lines().findFirst();
    } catch (IOException e) {
      return Optional.empty(); // not Linux, or no such cache
    }
  }

  /** The first line a command prints, if there is such a command and it succeeds. */
  private static Optional<String> output(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      Optional<String> line = process.inputReader().lines().findFirst();
      return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0
          ? line
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no such command
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** A short name for file names. */
  public String slug() {
    return cpu.replaceFirst(" *\\(.*", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
