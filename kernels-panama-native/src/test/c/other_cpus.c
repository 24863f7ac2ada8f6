/* What the library says on CPUs and operating systems that are not this one: cpu.c with answers of our own in place of CPUID,
 * XCR0 and the kernel's. Prints one reason a line, each that there is. */
#include <cpuid.h>
#include <stdint.h>
#include <stdio.h>

#include "octavo.h"

static struct {
  uint32_t leaves;                    /* the highest */
  uint32_t leaf1c, b70, c70, d70, a71;
  uint64_t xcr0;
  int amx;                            /* the kernel grants it */
} cpu;

static int cpuid(uint32_t leaf, uint32_t sub, uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d) {
  if (leaf > cpu.leaves) return 0;
  *a = leaf == 7 && sub == 1 ? cpu.a71 : 0;
  *b = leaf == 7 && sub == 0 ? cpu.b70 : 0;
  *c = leaf == 7 && sub == 0 ? cpu.c70 : leaf == 1 ? cpu.leaf1c : 0;
  *d = leaf == 7 && sub == 0 ? cpu.d70 : 0;
  return 1;
}

/* A call has no argument, a definition has the word void: that one gets another name, and nobody calls it. */
#define __get_cpuid(leaf, a, b, c, d) cpuid(leaf, 0, a, b, c, d)
#define __get_cpuid_count(leaf, sub, a, b, c, d) cpuid(leaf, sub, a, b, c, d)
#define xcr0(none) xcr0_##none
#define xcr0_ cpu.xcr0
#define xcr0_void __attribute__((unused)) real_xcr0(void)
#define amx_granted(none) amx_granted_##none
#define amx_granted_ cpu.amx
#define amx_granted_void __attribute__((unused)) real_amx_granted(void)
#include "../../main/c/src/cpu.c"
#undef xcr0

enum {
  AVX2 = OCTAVO_FEATURE_AVX2,
  AVXVNNI = AVX2 | OCTAVO_FEATURE_AVXVNNI,
  AVX512VNNI = AVX2 | OCTAVO_FEATURE_AVX512VNNI,
  AMX = AVX512VNNI | OCTAVO_FEATURE_AMX
};

static void everything(void) {
  cpu.leaves = 7;
  cpu.leaf1c = 1u << 27 | 1u << 28;
  cpu.b70 = 1u << 5 | 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
  cpu.c70 = 1u << 11;
  cpu.d70 = 1u << 24 | 1u << 25;
  cpu.a71 = 1u << 4;
  cpu.xcr0 = 0x600e7;
  cpu.amx = 1;
}

static int wrong;

/* Without some of it, these features are missing, and none that do not need it. */
static void without(int32_t needing, int32_t others) {
  const char *reason = octavo_cpu_missing(needing, 0), *other = octavo_cpu_missing(others, 0);
  if (!reason || other) wrong = 1;
  puts(reason ? reason : "nothing is missed");
  if (other) printf("%s, though nobody needs it\n", other);
  everything();
}

int main(void) {
  everything();
  if (octavo_cpu_missing(AMX | AVXVNNI, 0) || octavo_cpu_missing(0, 0)) wrong = 1;
  cpu.leaf1c &= ~(1u << 27);
  without(AVX2, 0);
  cpu.leaf1c &= ~(1u << 28);
  without(AVX2, 0);
  cpu.xcr0 &= ~(uint64_t)0x4;
  without(AVX2, 0);
  cpu.b70 &= ~(1u << 5);
  without(AVX2, 0);
  cpu.a71 = 0;
  without(AVXVNNI, AMX);
  cpu.leaves = 1;
  without(OCTAVO_FEATURE_AVX512VNNI, 0);
  static const int bits[] = {16, 17, 30, 31};
  for (int i = 0; i < 4; i++) {
    cpu.b70 &= ~(1u << bits[i]);
    without(AVX512VNNI, AVXVNNI);
  }
  cpu.c70 = 0;
  without(AVX512VNNI, AVXVNNI);
  cpu.xcr0 &= ~(uint64_t)0x80;
  without(AVX512VNNI, AVXVNNI);
  cpu.d70 &= ~(1u << 24);
  without(AMX, AVX512VNNI);
  cpu.d70 &= ~(1u << 25);
  without(AMX, AVX512VNNI);
  cpu.xcr0 &= ~(uint64_t)0x40000;
  without(AMX, AVX512VNNI);
  cpu.amx = 0;
  without(AMX, AVX512VNNI);
  return wrong;
}
