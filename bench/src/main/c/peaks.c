/* octavo-peaks TIER: prints the most int8 operations per nanosecond that one core can do with the multiply of that
 * tier, two for each multiply-add, all operands in registers.
 *
 * A program of its own rather than a library: it needs no binding, and an instruction that the CPU lacks ends this
 * process and no other. Each loop is the tier's instruction and nothing else, in asm so that no compiler can see that
 * the sums are all alike. Enough independent sums to hide a latency of five cycles at two instructions a cycle. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ALL10(STEP) STEP(0) STEP(1) STEP(2) STEP(3) STEP(4) STEP(5) STEP(6) STEP(7) STEP(8) STEP(9)

/* The exact multiply without VNNI: pairs of int16 to int32, and an addition. 16 multiply-adds each. */
__attribute__((target("avx2"))) static void avx2(long steps) {
  __m256i a = _mm256_set1_epi16(3), b = _mm256_set1_epi16(-5), acc[10], product;
  for (int i = 0; i < 10; i++) acc[i] = _mm256_setzero_si256();
  while (steps-- > 0) {
#define STEP(i)                                                          \
  __asm__ volatile("vpmaddwd %2, %3, %1\n\tvpaddd %1, %0, %0"            \
                   : "+x"(acc[i]), "=&x"(product) : "x"(a), "x"(b));
    ALL10(STEP)
#undef STEP
  }
}

/* vpdpbusd on 256 bits, in its VEX encoding: 32 multiply-adds each. */
__attribute__((target("avx2"))) static void avxvnni(long steps) {
  __m256i a = _mm256_set1_epi8(3), b = _mm256_set1_epi8(-5), acc[10];
  for (int i = 0; i < 10; i++) acc[i] = _mm256_setzero_si256();
  while (steps-- > 0) {
#define STEP(i) __asm__ volatile("%{vex%} vpdpbusd %1, %2, %0" : "+x"(acc[i]) : "x"(b), "x"(a));
    ALL10(STEP)
#undef STEP
  }
}

/* vpdpbusd on 512 bits: 64 multiply-adds each. */
__attribute__((target("avx512f"))) static void avx512vnni(long steps) {
  __m512i a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(-5), acc[10];
  for (int i = 0; i < 10; i++) acc[i] = _mm512_setzero_si512();
  while (steps-- > 0) {
#define STEP(i) __asm__ volatile("vpdpbusd %1, %2, %0" : "+v"(acc[i]) : "v"(b), "v"(a));
    ALL10(STEP)
#undef STEP
  }
}

/* tdpbusd on full tiles: 16 x 16 x 64 multiply-adds each. The kernel must be asked for the tiles' state first. */
static void amx(long steps) {
  struct {
    uint8_t palette, start_row, reserved[14];
    uint16_t bytes[16];
    uint8_t rows[16];
  } config = {.palette = 1};
  for (int i = 0; i < 8; i++) config.bytes[i] = 64, config.rows[i] = 16;
  if (syscall(SYS_arch_prctl, 0x1023 /* ARCH_REQ_XCOMP_PERM */, 18 /* tile data */)) _exit(3);
  __asm__ volatile("ldtilecfg %0\n\ttilezero %%tmm0\n\ttilezero %%tmm1\n\ttilezero %%tmm2\n\ttilezero %%tmm3\n\t"
                   "tilezero %%tmm4\n\ttilezero %%tmm5\n\ttilezero %%tmm6\n\ttilezero %%tmm7" : : "m"(config));
  while (steps-- > 0)
    __asm__ volatile("tdpbusd %tmm6, %tmm4, %tmm0\n\ttdpbusd %tmm7, %tmm4, %tmm1\n\t"
                     "tdpbusd %tmm6, %tmm5, %tmm2\n\ttdpbusd %tmm7, %tmm5, %tmm3");
  __asm__ volatile("tilerelease");
}

static const struct tier {
  const char *name;
  void (*run)(long steps);
  double operations; /* of a step */
} tiers[] = {
    {"native-avx2", avx2, 2.0 * 10 * 16},
    {"native-avxvnni", avxvnni, 2.0 * 10 * 32},
    {"native-avx512vnni", avx512vnni, 2.0 * 10 * 64},
    {"native-amx", amx, 2.0 * 4 * 16 * 16 * 64},
};
static const int tier_count = sizeof tiers / sizeof *tiers;

static double nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

/* The best of 40 times 5 ms: whatever else the machine does only slows it. */
static double peak(const struct tier *tier) {
  long steps = 1000;
  double best = 0;
  for (int i = 0; i < 40; i++) {
    double begin = nanoseconds();
    tier->run(steps);
    double took = nanoseconds() - begin;
    if (tier->operations * steps / took > best) best = tier->operations * steps / took;
    steps = steps * 5e6 / (took > 1 ? took : 1) + 1;
  }
  return best;
}

int main(int count, char **arguments) {
  for (int i = 0; count == 2 && i < tier_count; i++) {
    if (strcmp(arguments[1], tiers[i].name) == 0) {
      printf("%.1f\n", peak(&tiers[i]));
      return 0;
    }
  }
  return 2;
}
#else
int main(void) { return 2; }
#endif
