/* acc[i][j] = init[j] + sum over fours of k: lhs[i, q .. q + 3] . rhs[j, q .. q + 3]
 *
 * Tile 6 x 16, kr = 4. Multiply: vpdpbusd, u8 times s8, four products summed into an s32 lane without saturation (the
 * saturating twin vpdpbusds is not used). Exact: |product| <= 255 * 128, and the sum wraps modulo 2^32. The instruction
 * wants one unsigned and one signed operand; which of them is the lhs is free, so u8 x s8 and s8 x u8 run as they are, and
 * where both signs agree the driver turns the sign bit of the lhs (and the column sums account for it). */
#include "avxvnni.h"
#include "gemm.h"

/* Bytes of the rhs asked for before they are needed: a hardware prefetcher ends at a page. Weights that come from memory pass up to
 * twice as fast (n = k = 4096, 6 rows, Zen 5: 178 -> 354 GOP/s), those that are in cache as fast as before. */
enum { AHEAD = 4096 };

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
                        int lhs_signed, int64_t left) {
  __m256i w0 = _mm256_loadu_si256((const __m256i *)rhs), w1 = _mm256_loadu_si256((const __m256i *)rhs + 1);
  __builtin_prefetch(rhs + AHEAD);
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) {
    const uint8_t *lhs = i < 3 ? low + i * stride : high + (i - 3) * stride;
    __m256i x = left ? rest(lhs, left) : four(lhs);
    acc[i][0] = dot(acc[i][0], x, w0, lhs_signed);
    acc[i][1] = dot(acc[i][1], x, w1, lhs_signed);
  }
}

/* MR rows by 16 columns, two fours of k a turn. */
OCTAVO_INLINE void tile(const struct octavo_tile *t, int MR, int lhs_signed) {
  __m256i acc[6][2];
  __m256i init0 = _mm256_loadu_si256((const __m256i *)t->init), init1 = _mm256_loadu_si256((const __m256i *)t->init + 1);
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) acc[i][0] = init0, acc[i][1] = init1;
  const uint8_t *rhs = t->rhs;
  int64_t s = t->lhs_stride, row = t->rhs_row;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run)) {
    const uint8_t *low = t->lhs + run.offset, *high = low + 3 * s;
    int64_t q = t->run_k;
    for (; q >= 8; q -= 8, low += 8, high += 8, rhs += 2 * row) {
      step(acc, low, high, s, rhs, MR, lhs_signed, 0);
      step(acc, low + 4, high + 4, s, rhs + row, MR, lhs_signed, 0);
    }
    if (q >= 4) {
      step(acc, low, high, s, rhs, MR, lhs_signed, 0);
      q -= 4, low += 4, high += 4, rhs += row;
    }
    if (q > 0) {
      step(acc, low, high, s, rhs, MR, lhs_signed, q);
      rhs += row;
    }
    rhs += t->rhs_skip;
  }
#pragma GCC unroll 6
  for (int i = 0; i < MR; i++) {
    _mm256_storeu_si256((__m256i *)(t->acc + t->acc_stride * i), acc[i][0]);
    _mm256_storeu_si256((__m256i *)(t->acc + t->acc_stride * i) + 1, acc[i][1]);
  }
}

OCTAVO_INLINE void tiles(const struct octavo_tile *t, int lhs_signed) {
  switch (t->rows) {
    case 1: tile(t, 1, lhs_signed); break;
    case 2: tile(t, 2, lhs_signed); break;
    case 3: tile(t, 3, lhs_signed); break;
    case 4: tile(t, 4, lhs_signed); break;
    case 5: tile(t, 5, lhs_signed); break;
    default: tile(t, 6, lhs_signed); break;
  }
}

void octavo_gemm_u8s8_6x16x4_avxvnni(const struct octavo_tile *t) { tiles(t, 0); }
void octavo_gemm_s8u8_6x16x4_avxvnni(const struct octavo_tile *t) { tiles(t, 1); }
