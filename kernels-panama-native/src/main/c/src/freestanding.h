/* What a freestanding object needs of a libc, and a few helpers used everywhere. */
#ifndef OCTAVO_FREESTANDING_H
#define OCTAVO_FREESTANDING_H

#include <stddef.h>
#include <stdint.h>

#define OCTAVO_INLINE static inline __attribute__((always_inline))

void *memcpy(void *dst, const void *src, size_t bytes);
void *memset(void *dst, int value, size_t bytes);

OCTAVO_INLINE int64_t octavo_min(int64_t a, int64_t b) { return a < b ? a : b; }
OCTAVO_INLINE int64_t octavo_max(int64_t a, int64_t b) { return a > b ? a : b; }
OCTAVO_INLINE int64_t octavo_div_up(int64_t a, int64_t b) { return (a + b - 1) / b; }
OCTAVO_INLINE int64_t octavo_round_up(int64_t a, int64_t b) { return octavo_div_up(a, b) * b; }

/* The greatest common divisor of two positive numbers. */
OCTAVO_INLINE int64_t octavo_common(int64_t a, int64_t b) {
  while (b != 0) {
    int64_t rest = a % b;
    a = b, b = rest;
  }
  return a;
}

/* Lays out memory: so many bytes from a multiple of 64 on, and what follows begins at the next. Returns where they are. */
OCTAVO_INLINE int64_t octavo_take(int64_t *end, int64_t bytes) {
  int64_t at = *end;
  *end = octavo_round_up(at + bytes, 64);
  return at;
}

/* Products and sums of accumulators wrap modulo 2^32; only unsigned arithmetic says so in C. */
OCTAVO_INLINE int32_t octavo_wrap_add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
OCTAVO_INLINE int32_t octavo_wrap_mul(int32_t a, int32_t b) { return (int32_t)((uint32_t)a * (uint32_t)b); }

OCTAVO_INLINE uint8_t *octavo_align64(void *p) { return (uint8_t *)(((uintptr_t)p + 63) & ~(uintptr_t)63); }

#endif
