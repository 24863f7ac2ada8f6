#include <immintrin.h>

#include "lhs.h"

/* First and second halves of the fours in x and y are brought side by side, in the same order. */
OCTAVO_INLINE __m256i products(__m256i x, __m256i y) {
  __m256 a = _mm256_castsi256_ps(x), b = _mm256_castsi256_ps(y);
  return _mm256_madd_epi16(_mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88)), _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xdd)));
}

OCTAVO_INLINE __m256i run_pairs(__m256i total, const int16_t *a, int64_t count) {
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(a + i)), y = _mm256_loadu_si256((const __m256i *)(a + i + 16));
    total = _mm256_add_epi32(total, products(x, y));
  }
  if (i + 16 <= count) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(a + i));
    total = _mm256_add_epi32(total, products(x, _mm256_setzero_si256()));
    i += 16;
  }
  for (; i + 4 <= count; i += 4) {
    __m256i x = _mm256_zextsi128_si256(_mm_loadl_epi64((const __m128i *)(a + i)));
    total = _mm256_add_epi32(total, products(x, _mm256_setzero_si256()));
  }
  return total;
}

static int32_t pairs(const uint8_t *row, const struct octavo_runs *runs, int64_t run_count, int64_t count) {
  __m256i total = _mm256_setzero_si256();
  struct octavo_run run = {0};
  for (; run_count > 0; run_count--, octavo_next_run(runs, &run)) {
    total = run_pairs(total, (const int16_t *)(row + run.offset), count);
  }
  __m128i half = _mm_add_epi32(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
  return _mm_cvtsi128_si32(half);
}

#define OCTAVO_LHS octavo_lhs_wide_avx2
#define OCTAVO_LHS_PAIRS pairs
#include "lhs_wide.inc"
