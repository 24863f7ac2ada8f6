/* acc[i][j] = init[j] + sum over fours of k: lhs[i, q .. q + 3] . rhs[j, q .. q + 3]
 *
 * Tile 14 x 32, kr = 4. Multiply: vpdpbusd, u8 times s8, four products summed into an s32 lane without saturation (the
 * saturating twin vpdpbusds is not used). Exact: |product| <= 255 * 128, and the sum wraps modulo 2^32. The instruction
 * wants one unsigned and one signed operand; which of them is the lhs is free, so u8 x s8 and s8 x u8 run as they are, and
 * where both signs agree the driver turns the sign bit of the lhs (and the column sums account for it). */
#include "gemm.h"

#include <immintrin.h>

/* Bytes of the rhs asked for before they are needed: a hardware prefetcher ends at a page. Few rows stream the weights from memory, and
 * 8 to 13 of them gained 15 to 40 % (n = k = 4096, Zen 5); with 7, in the 7 x 7 maps of networks, and with 14, where panels stay in
 * cache, asking costs 2 to 5 %; with 1 to 3 it costs more than it brings. */
enum { AHEAD = 4096 };

OCTAVO_INLINE __m512i dot(__m512i acc, __m512i lhs, __m512i rhs, int lhs_signed) {
  return lhs_signed ? _mm512_dpbusd_epi32(acc, rhs, lhs) : _mm512_dpbusd_epi32(acc, lhs, rhs);
}

OCTAVO_INLINE __m512i four(const uint8_t *lhs) {
  int32_t bytes;
  __builtin_memcpy(&bytes, lhs, 4);
  return _mm512_set1_epi32(bytes);
}

/* What is left of a run that is no whole number of fours: its last four bytes, less those that were multiplied already. Reads
 * nothing outside of the run; the rhs has zeros there. */
OCTAVO_INLINE __m512i rest(const uint8_t *lhs, int64_t left) {
  uint32_t bytes;
  __builtin_memcpy(&bytes, lhs + left - 4, 4);
  return _mm512_set1_epi32((int32_t)(bytes >> (32 - 8 * left)));
}

/* One four of k (`left` = 0), or the rest of a run. Rows are addressed from a few bases so that registers hold all of them. */
OCTAVO_INLINE void step(__m512i (*acc)[2], const uint8_t *const *base, int64_t at, int64_t stride, const uint8_t *rhs, int MR,
                        int NV, int lhs_signed, int64_t left) {
  __m512i w[2];
#pragma GCC unroll 2
  for (int v = 0; v < NV; v++) w[v] = _mm512_loadu_si512(rhs + 64 * v);
  if (MR >= 8 && MR < 14) {
    __builtin_prefetch(rhs + AHEAD);
    if (NV > 1) __builtin_prefetch(rhs + 64 + AHEAD);
  }
#pragma GCC unroll 14
  for (int i = 0; i < MR; i++) {
    const uint8_t *lhs = base[i / 4] + i % 4 * stride + at;
    __m512i x = left ? rest(lhs, left) : four(lhs);
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i][v] = dot(acc[i][v], x, w[v], lhs_signed);
  }
}

/* MR rows by NV vectors of 16 columns. Two fours of k a turn: against one, a tile of k = 256 gains 3 % and one of k = 64 9 %;
 * four or eight gain no more (Zen 5). */
OCTAVO_INLINE void tile(const struct octavo_tile *t, int MR, int NV, int lhs_signed) {
  __m512i acc[14][2];
  __m512i init[2];
#pragma GCC unroll 2
  for (int v = 0; v < NV; v++) init[v] = _mm512_loadu_si512(t->init + 16 * v);
#pragma GCC unroll 14
  for (int i = 0; i < MR; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i][v] = init[v];
  }
  const uint8_t *rhs = t->rhs;
  int64_t s = t->lhs_stride, row = t->rhs_row;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run)) {
    const uint8_t *a = t->lhs + run.offset;
    const uint8_t *base[4] = {a, a + 4 * s, a + 8 * s, a + 12 * s};
    int64_t q = t->run_k;
    for (; q >= 8; q -= 8, rhs += 2 * row) {
      step(acc, base, 0, s, rhs, MR, NV, lhs_signed, 0);
      step(acc, base, 4, s, rhs + row, MR, NV, lhs_signed, 0);
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) base[i] += 8;
    }
    if (q >= 4) {
      step(acc, base, 0, s, rhs, MR, NV, lhs_signed, 0);
      q -= 4;
      rhs += row;
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) base[i] += 4;
    }
    if (q > 0) {
      step(acc, base, 0, s, rhs, MR, NV, lhs_signed, q);
      rhs += row;
    }
    rhs += t->rhs_skip;
  }
#pragma GCC unroll 14
  for (int i = 0; i < MR; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) _mm512_storeu_si512(t->acc + t->acc_stride * i + 16 * v, acc[i][v]);
  }
}

#define ROWS(n) case n: if (t->columns > 16) tile(t, n, 2, lhs_signed); else tile(t, n, 1, lhs_signed); break;

OCTAVO_INLINE void tiles(const struct octavo_tile *t, int lhs_signed) {
  switch (t->rows) {
    ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6) ROWS(7)
    ROWS(8) ROWS(9) ROWS(10) ROWS(11) ROWS(12) ROWS(13) ROWS(14)
  }
}

void octavo_gemm_u8s8_14x32x4_avx512vnni(const struct octavo_tile *t) { tiles(t, 0); }
void octavo_gemm_s8u8_14x32x4_avx512vnni(const struct octavo_tile *t) { tiles(t, 1); }
