package dev.octavo.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The machine and the JVM that a result belongs to.
 *
 * @param cpu the CPU's name for itself, with family and model where known
 * @param processors hardware threads that the JVM may use
 * @param features what of the CPU matters for int8 and float32 products
 * @param flags all that the CPU says it can do
 * @param caches for data, of the first core, from the smallest
 * @param memoryBytes physical memory
 * @param os name, release and architecture
 * @param jdk version and vendor
 * @param jvmOptions those of this JVM
 * @param commit of the sources; empty where they are not under version control
 * @param dirty whether sources differed from that commit
 */
public record Machine(
    String cpu,
    int processors,
    List<String> features,
    List<String> flags,
    List<Cache> caches,
    long memoryBytes,
    String os,
    String jdk,
    List<String> jvmOptions,
    String commit,
    boolean dirty) {

  /**
   * A cache.
   *
   * @param name {@code L1d}, {@code L2}, …
   */
  public record Cache(String name, long bytes) {}

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
    Optional<String> commit = findCommit();
    List<String> flags = findFlags();
    return new Machine(
        findCpu(),
        Runtime.getRuntime().availableProcessors(),
        TELLING.stream().filter(flags::contains).toList(),
        flags,
        findCaches(),
        findMemory(),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        "%s, %s"
            .formatted(System.getProperty("java.vm.version"), System.getProperty("java.vendor")),
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(o -> !o.startsWith("-Doctavo.peers=")) // a folder, which says nothing of speed
            .toList(),
        commit.map(c -> c.replace("-dirty", "")).orElse(""),
        commit.map(c -> c.endsWith("-dirty")).orElse(false));
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

  private static List<String> findFlags() {
    String flags = cpuinfo("flags").or(() -> cpuinfo("Features")).orElse("");
    return flags.isEmpty() ? List.of() : List.of(flags.split("\\s+"));
  }

  private static List<Cache> findCaches() {
    List<Cache> caches = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Path cache = Path.of("/sys/devices/system/cpu/cpu0/cache/index" + i);
      Optional<String> level = firstLine(cache.resolve("level"));
      Optional<String> type = firstLine(cache.resolve("type"));
      Optional<String> size = firstLine(cache.resolve("size"));
      if (level.isPresent() && size.isPresent() && !type.equals(Optional.of("Instruction"))) {
        String name = "L" + level.get() + (type.equals(Optional.of("Data")) ? "d" : "");
        caches.add(new Cache(name, kibibytes(size.get())));
      }
    }
    return caches;
  }

  /** {@code 48K}, as Linux writes sizes. */
  private static long kibibytes(String size) {
    return Long.parseLong(size.replaceAll("[^0-9]", "")) * (size.endsWith("M") ? 1 << 20 : 1 << 10);
  }

  /** Such as {@code L1d 48 KiB, L2 1 MiB, L3 32 MiB}. */
  public String cachesText() {
    return caches.stream()
        .map(c -> c.name() + " " + Numbers.binary(c.bytes()))
        .collect(Collectors.joining(", "));
  }

  /** The commit, and whether there was more; or {@code unknown}. */
  public String commitText() {
    return commit.isEmpty() ? "unknown" : commit + (dirty ? " with changes" : "");
  }

  /** The JDK's version without its vendor. */
  public String jdkVersion() {
    return jdk.replaceFirst(",.*", "");
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
