package dev.octavo.bench.float32;

import dev.octavo.bench.engines.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The processor that OpenBLAS takes this one for. It knows processors by their family, and takes an
 * AMD one that is newer than itself for Haswell, with half the speed of its AVX-512 kernels (Zen 5
 * by OpenBLAS 0.3.31). A float32 baseline at half its speed would flatter us, so on such a CPU it
 * is told; the environment variable {@code OPENBLAS_CORETYPE}, its own, has precedence.
 */
final class OpenBlasCore {

  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final Set<String> SKYLAKE_X =
      Set.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl");

  private OpenBlasCore() {}

  /** Tells OpenBLAS, which must not be loaded yet. */
  static void prefer() {
    if (System.getenv(VARIABLE) == null) {
      Path cpu = Path.of("/proc/cpuinfo");
      try {
        core(Files.isReadable(cpu) ? Files.readString(cpu) : "")
            .ifPresent(core -> Environment.set(VARIABLE, core));
      } catch (IOException e) {
        return; // then it chooses by itself
      }
    }
  }

  /** The core to ask for, given what Linux says of the CPU; empty to let OpenBLAS choose. */
  static Optional<String> core(String cpuInfo) {
    boolean amd = cpuInfo.contains("AuthenticAMD");
    Optional<Set<String>> flags =
        cpuInfo
            .lines()
            .filter(l -> l.startsWith("flags"))
            .findFirst()
            .map(
                l ->
                    Set.copyOf(
                        Arrays.asList(l.substring(l.indexOf(':') + 1).strip().split("\\s+"))));
    return amd && flags.isPresent() && flags.get().containsAll(SKYLAKE_X)
        ? Optional.of("SkylakeX")
        : Optional.empty();
  }
}
