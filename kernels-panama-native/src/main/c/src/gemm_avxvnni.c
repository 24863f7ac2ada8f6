/* acc[i][j] = init[j] + sum over fours of k: lhs[i, q .. q + 3] . rhs[j, q .. q + 3]
 *
 * Tile 6 x 16, kr = 4. Multiply: vpdpbusd, u8 times s8, four products summed into an s32 lane without saturation (the
 * saturating twin vpdpbusds is not used). Exact: |product| <= 255 * 128, and the sum wraps modulo 2^32. The instruction
 * wants one unsigned and one signed operand; which of them is the lhs is free, so u8 x s8 and s8 x u8 run as they are, and
 * where both signs agree the sign bit of the lhs is turned (and the column sums account for it): by the driver, when it packs rows, or
 * here, in registers, by the kernel of s8 x s8. */
#include "avxvnni.h"
#include "gemm_avx2.h"

enum form { LHS_SIGNED = 1, ASKS = 2, TURNS = 4 };

OCTAVO_INLINE __m256i dot(__m256i acc, __m256i lhs, __m256i rhs, int lhs_signed) {
  return lhs_signed ? octavo_dpbusd(acc, rhs, lhs) : octavo_dpbusd(acc, lhs, rhs);
}

OCTAVO_INLINE __m256i four(const uint8_t *lhs) {
  int32_t bytes;
  __builtin_memcpy(&bytes, lhs, 4);
  return _mm256_set1_epi32(bytes);
}

/* What is left of a run that is no whole number of fours: its last four bytes, less those that were multiplied already. Reads
 * nothing outside of the run; the rhs has zeros there. */
OCTAVO_INLINE __m256i rest(const uint8_t *lhs, int64_t left) {
  uint32_t bytes;
  __builtin_memcpy(&bytes, lhs + left - 4, 4);
  return _mm256_set1_epi32((int32_t)(bytes >> (32 - 8 * left)));
}

/* One four of k (`left` = 0), or the rest of a run. Rows are addressed from two bases so that few registers hold all of them. */
OCTAVO_INLINE void step(__m256i (*acc)[2], const uint8_t *low, const uint8_t *high, int64_t stride, const uint8_t *rhs, int MR,
                        int NV, int form, int64_t ahead, int64_t left) {
  __m256i w[2];
#pragma GCC unroll 2
  for (int v = 0; v < NV; v++) {
    w[v] = _mm256_loadu_si256((const __m256i *)rhs + v);
    if (MR <= 3) __asm__("" : "+x"(w[v])); /* else GCC loads it again for each row */
  }
  if (form & ASKS) _mm_prefetch(rhs + ahead, _MM_HINT_T0);
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) {
    const uint8_t *lhs = i < 3 ? low + i * stride : high + (i - 3) * stride;
    __m256i x = left ? rest(lhs, left) : four(lhs);
    if (form & TURNS) x = _mm256_xor_si256(x, _mm256_set1_epi8((char)0x80));
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i][v] = dot(acc[i][v], x, w[v], form & LHS_SIGNED);
  }
}

/* Sums to each element of a tile: a sum's next product waits for its last one, some four or five cycles, in which a core starts eight
 * or ten. So few rows are summed as several sums over every second or fourth step, added up in the end. */
OCTAVO_INLINE int sums_each(int MR, int NV) { return MR * NV <= 3 ? 4 : 12 / (MR * NV); }

/* MR rows by NV vectors of 8 columns, two fours of k a turn. */
OCTAVO_INLINE void tile(const struct octavo_tile *t, const struct octavo_place *place, int MR, int NV, int form) {
  int sums = sums_each(MR, NV), turn = sums > 2 ? sums : 2;
  __m256i acc[12][2], init[2];
#pragma GCC unroll 2
  for (int v = 0; v < NV; v++) init[v] = _mm256_loadu_si256((const __m256i *)t->init + v);
#pragma GCC unroll 12
  for (int i = 0; i < MR * sums; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i][v] = i < MR ? init[v] : _mm256_setzero_si256();
  }
  const uint8_t *rhs = t->rhs;
  int64_t ahead = t->ahead;
  int64_t s = t->lhs_stride, row = t->rhs_row;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run)) {
    const uint8_t *low = place->lhs + run.offset, *high = low + 3 * s;
    int64_t q = t->run_k;
    for (; q >= 4 * turn; q -= 4 * turn, low += 4 * turn, high += 4 * turn, rhs += turn * row) {
#pragma GCC unroll 4
      for (int n = 0; n < turn; n++) step(acc + n % sums * MR, low + 4 * n, high + 4 * n, s, rhs + n * row, MR, NV, form, ahead, 0);
    }
    for (; q >= 4; q -= 4, low += 4, high += 4, rhs += row) step(acc, low, high, s, rhs, MR, NV, form, ahead, 0);
    if (q > 0) {
      step(acc, low, high, s, rhs, MR, NV, form, ahead, q);
      rhs += row;
    }
    rhs += t->rhs_skip;
  }
#pragma GCC unroll 12
  for (int i = MR; i < MR * sums; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i % MR][v] = _mm256_add_epi32(acc[i % MR][v], acc[i][v]);
  }
  octavo_store_avx2(t, place->acc, acc, MR, NV);
}

#define ONE(n, NV, form) case n: tile(t, &place, n, NV, form); break;
#define ROWS(NV, form) ONE(1, NV, form) ONE(2, NV, form) ONE(3, NV, form) ONE(4, NV, form) ONE(5, NV, form) ONE(6, NV, form)

OCTAVO_INLINE void tiles(const struct octavo_tile *t, int form) {
  struct octavo_place place = {t->lhs, t->acc, NULL};
  for (int64_t left = t->more; left >= 0; left--) {
    int64_t rows = octavo_tile_rows(t, left);
    if (t->columns <= 8) {
      switch (rows) { ROWS(1, form) }
    } else if (t->ahead > 0 && left == t->more) {
      switch (rows) { ROWS(2, form | ASKS) }
    } else {
      switch (rows) { ROWS(2, form) }
    }
    octavo_next_tile(t, &place, rows);
  }
}

void octavo_gemm_u8s8_6x16x4_avxvnni(const struct octavo_tile *t) { tiles(t, 0); }
void octavo_gemm_s8u8_6x16x4_avxvnni(const struct octavo_tile *t) { tiles(t, LHS_SIGNED); }
void octavo_gemm_s8s8_6x16x4_avxvnni(const struct octavo_tile *t) { tiles(t, TURNS); }
