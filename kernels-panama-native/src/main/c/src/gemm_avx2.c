/* acc[i][j] = init[j] + sum over pairs of k: lhs[i, q] * rhs[j, q] + lhs[i, q + 1] * rhs[j, q + 1]
 *
 * Tile 6 x 16, kr = 2. Multiply: vpmaddwd of int16 pairs, both operands widened from 8 bits (the lhs in scratch, the rhs
 * in registers, or in scratch once per panel when many rows pass). Exact: a pair of products is at most 2 * 255 * 255 in
 * magnitude, at -128 * -128 it is 32768, and vpmaddwd keeps 32 bits of it (only -32768 * -32768 twice would wrap). Never
 * vpmaddubsw, whose int16 sum saturates.
 *
 * Where a panel is widened and rows bring their paired sums (t->pairs), products are made two at a time (S. Winograd, 1968):
 *   a0 b0 + a2 b2 = (a0 + b2)(a2 + b0) - a0 a2 - b0 b2
 * The last two terms are sums over a row alone (t->pairs) and over a column alone (in init). So four of k cost two 16-bit
 * additions, one multiply and one 32-bit addition instead of two multiplies and two additions. That is as many operations, but
 * a multiply runs on half of the vector ports and an addition on all: on Zen 5 the registers-only loop reaches 269 GOP/s at
 * 4.2 GHz instead of 239, as much as vpmaddubsw would, which saturates and is never used. Exact: |a + b| <= 510, so a pair of products is at most
 * 2 * 510 * 510, and all else is arithmetic modulo 2^32. */
#include "gemm_avx2.h"

enum rhs { U8, S8, S16, PAIRED };

/* Bytes of a packed rhs asked for before they are needed: a hardware prefetcher ends at a page. Weights that come from memory pass up
 * to twice as fast (n = k = 4096, 6 rows, Zen 5: 98 -> 199 GOP/s). */
enum { AHEAD = 4096 };

OCTAVO_INLINE __m256i rhs_vector(const uint8_t *rhs, int vector, enum rhs type) {
  if (type >= S16) return _mm256_loadu_si256((const __m256i *)rhs + vector);
  __m128i bytes = _mm_loadu_si128((const __m128i *)rhs + vector);
  return type == S8 ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes);
}

OCTAVO_INLINE __m256i pair(const uint8_t *lhs) {
  int32_t two;
  __builtin_memcpy(&two, lhs, 4);
  return _mm256_set1_epi32(two);
}

/* One k pair of MR rows. Rows are addressed from two bases so that few registers hold all of them. */
OCTAVO_INLINE void step(__m256i (*acc)[2], const uint8_t *low, const uint8_t *high, int64_t s, const uint8_t *rhs,
                        int MR, int NV, enum rhs type) {
  if (type < S16 && MR > 1) __builtin_prefetch(rhs + AHEAD);
  __m256i b[2];
#pragma GCC unroll 2
  for (int v = 0; v < NV; v++) b[v] = rhs_vector(rhs, v, type);
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) {
    __m256i a = pair(i < 3 ? low + i * s : high + (i - 3) * s);
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i][v] = _mm256_add_epi32(acc[i][v], _mm256_madd_epi16(a, b[v]));
  }
}

/* Two k pairs of MR rows, by paired products. The rhs comes from memory: that leaves registers for twelve sums. */
OCTAVO_INLINE void paired_step(__m256i (*acc)[2], const uint8_t *low, const uint8_t *high, int64_t s, const uint8_t *rhs,
                               int64_t row, int MR, int NV) {
  const __m256i *first = (const __m256i *)rhs, *second = (const __m256i *)(rhs + row);
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) {
    const uint8_t *lhs = i < 3 ? low + i * s : high + (i - 3) * s;
    __m256i x = pair(lhs), y = pair(lhs + 4);
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) {
      __m256i a = _mm256_add_epi16(x, _mm256_loadu_si256(second + v)), b = _mm256_add_epi16(y, _mm256_loadu_si256(first + v));
      acc[i][v] = _mm256_add_epi32(acc[i][v], _mm256_madd_epi16(a, b));
    }
  }
}

/* MR rows by NV vectors of 8 columns. */
OCTAVO_INLINE void tile(const struct octavo_tile *t, const struct octavo_place *place, int MR, int NV, enum rhs type) {
  __m256i acc[6][2], init[2];
#pragma GCC unroll 2
  for (int v = 0; v < NV; v++) init[v] = _mm256_loadu_si256((const __m256i *)t->init + v);
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) {
      acc[i][v] = type == PAIRED ? _mm256_sub_epi32(init[v], _mm256_set1_epi32(place->pairs[i])) : init[v];
    }
  }
  const uint8_t *rhs = t->rhs;
  int64_t stride = t->lhs_stride, row = t->rhs_row;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run)) {
    const uint8_t *low = place->lhs + run.offset, *high = low + 3 * stride;
    int64_t q = t->run_k;
    if (type == PAIRED) {
      for (; q >= 4; q -= 4, low += 8, high += 8, rhs += 2 * row) paired_step(acc, low, high, stride, rhs, row, MR, NV);
    }
    for (; q > 0; q -= 2, low += 4, high += 4, rhs += row) step(acc, low, high, stride, rhs, MR, NV, type);
    rhs += t->rhs_skip;
  }
  octavo_store_avx2(t, place->acc, acc, MR, NV);
}

#define ROWS(n) case n: if (t->columns > 8) tile(t, &place, n, 2, type); else tile(t, &place, n, 1, type); break;

OCTAVO_INLINE void tiles(const struct octavo_tile *t, enum rhs type) {
  struct octavo_place place = {t->lhs, t->acc, t->pairs};
  for (int64_t left = t->more; left >= 0; left--) {
    int64_t rows = octavo_tile_rows(t, left);
    switch (rows) {
      ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6)
    }
    octavo_next_tile(t, &place, rows);
  }
}

void octavo_gemm_s16u8_6x16x2_avx2(const struct octavo_tile *t) { tiles(t, U8); }
void octavo_gemm_s16s8_6x16x2_avx2(const struct octavo_tile *t) { tiles(t, S8); }
void octavo_gemm_s16s16_6x16x2_avx2(const struct octavo_tile *t) {
  if (t->pairs) tiles(t, PAIRED); else tiles(t, S16);
}
