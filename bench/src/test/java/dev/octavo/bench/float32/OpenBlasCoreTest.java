package dev.octavo.bench.float32;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenBlasCoreTest {

  private static String cpu(String vendor, String flags) {
    return "vendor_id\t: %s\ncpu family\t: 26\nflags\t\t: fpu %s sse2\nbugs\t: none\n"
        .formatted(vendor, flags);
  }

  @Test
  void onlyAmdWithWholeAvx512IsTold() {
    String all = "avx2 avx512f avx512dq avx512cd avx512bw avx512vl";
    assertEquals(Optional.of("SkylakeX"), OpenBlasCore.core(cpu("AuthenticAMD", all)));
    assertEquals(Optional.empty(), OpenBlasCore.core(cpu("GenuineIntel", all)));
    assertEquals(Optional.empty(), OpenBlasCore.core(cpu("AuthenticAMD", "avx2 avx512f")));
    assertEquals(Optional.empty(), OpenBlasCore.core(""));
  }
}
