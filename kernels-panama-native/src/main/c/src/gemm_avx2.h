/* What the 256-bit microkernels share. */
#ifndef OCTAVO_GEMM_AVX2_H
#define OCTAVO_GEMM_AVX2_H

#include "gemm.h"
#include "simd_avx2.h"

/* A tile goes to acc: MR rows of NV vectors of 8 columns. Where only the columns of the tile have room there, no others are written. */
OCTAVO_INLINE void octavo_store_avx2(const struct octavo_tile *t, int32_t *to, __m256i (*acc)[2], int MR, int NV) {
  if (!t->narrow) {
#pragma GCC unroll 6
    for (int i = 0; i < MR; i++, to += t->acc_stride) {
#pragma GCC unroll 2
      for (int v = 0; v < NV; v++) _mm256_storeu_si256((__m256i *)to + v, acc[i][v]);
    }
    return;
  }
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++, to += t->acc_stride) {
    if (NV > 1) _mm256_storeu_si256((__m256i *)to, acc[i][0]);
    store_narrow_words(acc[i][NV - 1], to + 8 * (NV - 1), t->columns - 8 * (NV - 1));
  }
}

/* Four bytes for each of 8 columns, of groups side by side: all are within 16 bytes (`near`), or within 32. */
OCTAVO_INLINE VI of_groups(const uint8_t *lhs, VI spread, int near) {
  if (!near) return _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)lhs), spread);
  __m256i bytes = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)lhs));
  return _mm256_castps_si256(_mm256_permutevar_ps(_mm256_castsi256_ps(bytes), spread));
}

#endif
