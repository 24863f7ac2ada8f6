/* acc[i][j] = init[j] + sum over runs, over fours of k: lhs[i, group of j, q .. q + 3] . rhs[j, q .. q + 3]
 *
 * Several groups of a convolution, of few channels each, side by side in one vector of 8 columns. Tile 6 x 8, kr = 4. Where a kernel of
 * one group broadcasts four values of the lhs to all columns, here each column gets the four of its own group, by a permutation. Multiply:
 * vpdpbusd, exact as in gemm_avxvnni.c, and the lhs comes with its sign turned in the same cases. */
#include "avxvnni.h"
#include "gemm_avx2.h"

/* Four values for each column; all are within 16 bytes (`near`), or within 32. */
OCTAVO_INLINE __m256i fours(const uint8_t *lhs, __m256i spread, int near) {
  if (!near) return _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)lhs), spread);
  __m256i bytes = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)lhs));
  return _mm256_castps_si256(_mm256_permutevar_ps(_mm256_castsi256_ps(bytes), spread));
}

OCTAVO_INLINE void tile(const struct octavo_tile *t, const struct octavo_place *place, int MR, int near, int lhs_signed) {
  __m256i acc[6], init = _mm256_loadu_si256((const __m256i *)t->init), spread = _mm256_loadu_si256((const __m256i *)t->spread);
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) acc[i] = init;
  const uint8_t *rhs = t->rhs;
  int64_t s = t->lhs_stride;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run)) {
    const uint8_t *a = place->lhs + run.offset;
    for (int64_t q = 0; q < t->run_k; q += 4, a += 4, rhs += t->rhs_row) {
      __m256i w = _mm256_loadu_si256((const __m256i *)rhs);
      const uint8_t *base[2] = {a, a + 3 * s};
#pragma GCC unroll 6
      for (int i = 0; i < MR; i++) {
        __m256i x = fours(base[i / 3] + i % 3 * s, spread, near);
        acc[i] = lhs_signed ? octavo_dpbusd(acc[i], w, x) : octavo_dpbusd(acc[i], x, w);
      }
    }
    rhs += t->rhs_skip;
  }
  int64_t columns = t->narrow ? t->columns : 8;
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) store_narrow_words(acc[i], place->acc + t->acc_stride * i, columns);
}

#define ROWS(n) case n: tile(t, &place, n, near, lhs_signed); break;

OCTAVO_INLINE void tiles(const struct octavo_tile *t, int near, int lhs_signed) {
  struct octavo_place place = {t->lhs, t->acc, NULL};
  for (int64_t left = t->more; left >= 0; left--) {
    int64_t rows = octavo_tile_rows(t, left);
    switch (rows) {
      ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6)
    }
    octavo_next_tile(t, &place, rows);
  }
}

void octavo_grouped_u8s8_6x8x4_avxvnni(const struct octavo_tile *t) {
  if (t->spread[7] < 4) tiles(t, 1, 0); else tiles(t, 0, 0);
}
void octavo_grouped_s8u8_6x8x4_avxvnni(const struct octavo_tile *t) {
  if (t->spread[7] < 4) tiles(t, 1, 1); else tiles(t, 0, 1);
}
