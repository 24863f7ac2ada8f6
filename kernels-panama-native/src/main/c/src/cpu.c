/* What this CPU and this operating system allow. CPUID says what the silicon has, XCR0 which registers the system saves
 * when it switches threads; only both together make an instruction usable. AMX state must be asked for besides. */
#include "cpu.h"

#include "../include/octavo.h"

#ifdef OCTAVO_X86

#include <cpuid.h>

enum { XCR0_AVX = 0x6, XCR0_AVX512 = 0xe6, XCR0_AMX = 0x60000 };

static uint64_t xcr0(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

/* arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA), for the whole process; Linux 5.16 and later. */
static int amx_granted(void) {
#ifdef __linux__
  long result;
  register long number __asm__("rax") = 158, option __asm__("rdi") = 0x1023, feature __asm__("rsi") = 18;
  __asm__ volatile("syscall" : "=a"(result) : "r"(number), "r"(option), "r"(feature) : "rcx", "r11", "memory");
  return result == 0;
#else
  return 0;
#endif
}

static const char *missing_avx2(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1)) return "no OSXSAVE (CPUID.1:ECX.27)";
  if (!(c >> 28 & 1)) return "no AVX (CPUID.1:ECX.28)";
  if ((xcr0() & XCR0_AVX) != XCR0_AVX) return "the operating system does not save AVX state (XCR0)";
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b >> 5 & 1)) return "no AVX2 (CPUID.7.0:EBX.5)";
  return 0;
}

static const char *missing_avxvnni(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid_count(7, 1, &a, &b, &c, &d) || !(a >> 4 & 1)) return "no AVX-VNNI (CPUID.7.1:EAX.4)";
  return 0;
}

static const char *missing_avx512vnni(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return "no extended features (CPUID.0:EAX)";
  if (!(b >> 16 & 1)) return "no AVX512F (CPUID.7.0:EBX.16)";
  if (!(b >> 17 & 1)) return "no AVX512DQ (CPUID.7.0:EBX.17)";
  if (!(b >> 30 & 1)) return "no AVX512BW (CPUID.7.0:EBX.30)";
  if (!(b >> 31 & 1)) return "no AVX512VL (CPUID.7.0:EBX.31)";
  if (!(c >> 11 & 1)) return "no AVX512_VNNI (CPUID.7.0:ECX.11)";
  if ((xcr0() & XCR0_AVX512) != XCR0_AVX512) return "the operating system does not save AVX-512 state (XCR0)";
  return 0;
}

static const char *missing_amx(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d >> 24 & 1)) return "no AMX-TILE (CPUID.7.0:EDX.24)";
  if (!(d >> 25 & 1)) return "no AMX-INT8 (CPUID.7.0:EDX.25)";
  if ((xcr0() & XCR0_AMX) != XCR0_AMX) return "the operating system does not save AMX state (XCR0)";
  if (!amx_granted()) return "the operating system refuses AMX state (arch_prctl)";
  return 0;
}

const char *octavo_cpu_missing(int32_t features, int64_t forbidden) {
  const char *missing = 0;
  if (features & forbidden) return "forbidden by the caller";
  if (!missing && features & OCTAVO_FEATURE_AVX2) missing = missing_avx2();
  if (!missing && features & OCTAVO_FEATURE_AVXVNNI) missing = missing_avxvnni();
  if (!missing && features & OCTAVO_FEATURE_AVX512VNNI) missing = missing_avx512vnni();
  if (!missing && features & OCTAVO_FEATURE_AMX) missing = missing_amx();
  return missing;
}

/* AMD's cores have four vector units, of which two multiply; Intel's have two for 512 bits, and both multiply. */
int octavo_cpu_has_idle_units(void) {
  uint32_t a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(0, &a, &b, &c, &d) && b == signature_AMD_ebx && c == signature_AMD_ecx && d == signature_AMD_edx;
}

#else

int octavo_cpu_has_idle_units(void) { return 0; }

const char *octavo_cpu_missing(int32_t features, int64_t forbidden) {
  (void)forbidden;
  return features ? "not an x86-64 build" : 0;
}

#endif
