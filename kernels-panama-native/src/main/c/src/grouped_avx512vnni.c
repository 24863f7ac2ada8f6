/* acc[i][j] = init[j] + sum over runs, over fours of k: lhs[i, group of j, q .. q + 3] . rhs[j, q .. q + 3]
 *
 * Several groups of a convolution, of few channels each, side by side in one vector of 16 columns. Tile 14 x 16, kr = 4. Where a kernel of
 * one group broadcasts four values of the lhs to all columns, here each column gets the four of its own group, by a permutation. Multiply:
 * vpdpbusd, exact as in gemm_avx512vnni.c, and the lhs comes with its sign turned in the same cases. */
#include "gemm.h"

#include <immintrin.h>

/* Four values for each column; all are within 16 bytes (`near`), or within 64. */
OCTAVO_INLINE __m512i fours(const uint8_t *lhs, __m512i spread, int near) {
  if (!near) return _mm512_permutexvar_epi32(spread, _mm512_loadu_si512(lhs));
  __m512i bytes = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)lhs));
  return _mm512_castps_si512(_mm512_permutevar_ps(_mm512_castsi512_ps(bytes), spread));
}

OCTAVO_INLINE void tile(const struct octavo_tile *t, const struct octavo_place *place, int MR, int near, int lhs_signed) {
  __m512i acc[14], init = _mm512_loadu_si512(t->init), spread = _mm512_loadu_si512(t->spread);
#pragma GCC unroll 14
  for (int i = 0; i < MR; i++) acc[i] = init;
  const uint8_t *rhs = t->rhs;
  int64_t s = t->lhs_stride;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run)) {
    const uint8_t *a = place->lhs + run.offset;
    for (int64_t q = 0; q < t->run_k; q += 4, a += 4, rhs += t->rhs_row) {
      __m512i w = _mm512_loadu_si512(rhs);
      const uint8_t *base[4] = {a, a + 4 * s, a + 8 * s, a + 12 * s};
#pragma GCC unroll 14
      for (int i = 0; i < MR; i++) {
        __m512i x = fours(base[i / 4] + i % 4 * s, spread, near);
        acc[i] = lhs_signed ? _mm512_dpbusd_epi32(acc[i], w, x) : _mm512_dpbusd_epi32(acc[i], x, w);
      }
    }
    rhs += t->rhs_skip;
  }
  __mmask16 mask = t->narrow ? (__mmask16)((UINT32_C(1) << t->columns) - 1) : 0xffff;
#pragma GCC unroll 14
  for (int i = 0; i < MR; i++) _mm512_mask_storeu_epi32(place->acc + t->acc_stride * i, mask, acc[i]);
}

#define ROWS(n) case n: tile(t, &place, n, near, lhs_signed); break;

OCTAVO_INLINE void tiles(const struct octavo_tile *t, int near, int lhs_signed) {
  struct octavo_place place = {t->lhs, t->acc, NULL};
  for (int64_t left = t->more; left >= 0; left--) {
    int64_t rows = octavo_tile_rows(t, left);
    switch (rows) {
      ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6) ROWS(7)
      ROWS(8) ROWS(9) ROWS(10) ROWS(11) ROWS(12) ROWS(13) ROWS(14)
    }
    octavo_next_tile(t, &place, rows);
  }
}

void octavo_grouped_u8s8_14x16x4_avx512vnni(const struct octavo_tile *t) {
  if (t->spread[15] < 4) tiles(t, 1, 0); else tiles(t, 0, 0);
}
void octavo_grouped_s8u8_14x16x4_avx512vnni(const struct octavo_tile *t) {
  if (t->spread[15] < 4) tiles(t, 1, 1); else tiles(t, 0, 1);
}
