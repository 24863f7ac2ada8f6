/* acc[i][j] = init[i][j] + sum over fours of k: lhs[i, q .. q + 3] . rhs[j, q .. q + 3]
 *
 * Tile 14 x 32, kr = 4. Multiply: vpdpbusd, u8 times s8, four products summed into an s32 lane without saturation (the
 * saturating twin vpdpbusds is not used). Exact: |product| <= 255 * 128, and the sum wraps modulo 2^32. The instruction
 * wants one unsigned and one signed operand; which of them is the lhs is free, so u8 x s8 and s8 x u8 run as they are, and
 * where both signs agree the driver turns the sign bit of the lhs (and the column sums account for it). */
#include "gemm.h"

#include <immintrin.h>

OCTAVO_INLINE __m512i dot(__m512i acc, __m512i lhs, __m512i rhs, int lhs_signed) {
  return lhs_signed ? _mm512_dpbusd_epi32(acc, rhs, lhs) : _mm512_dpbusd_epi32(acc, lhs, rhs);
}

OCTAVO_INLINE __m512i four(const uint8_t *lhs) {
  int32_t bytes;
  __builtin_memcpy(&bytes, lhs, 4);
  return _mm512_set1_epi32(bytes);
}

/* MR rows by NV vectors of 16 columns. Rows are addressed from a few bases so that registers hold all of them. */
OCTAVO_INLINE void tile(const struct octavo_tile *t, int MR, int NV, int lhs_signed) {
  __m512i acc[14][2];
#pragma GCC unroll 14
  for (int i = 0; i < MR; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i][v] = _mm512_loadu_si512(t->init + i * t->init_stride + 16 * v);
  }
  const uint8_t *rhs = t->rhs;
  int64_t s = t->lhs_stride, row = t->rhs_row;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run)) {
    const uint8_t *a = t->lhs + run.offset, *b = a + 4 * s, *c = b + 4 * s, *d = c + 4 * s;
    for (int64_t q = t->run_k; q > 0; q -= 4, a += 4, b += 4, c += 4, d += 4, rhs += row) {
      __m512i w[2];
#pragma GCC unroll 2
      for (int v = 0; v < NV; v++) w[v] = _mm512_loadu_si512(rhs + 64 * v);
#pragma GCC unroll 14
      for (int i = 0; i < MR; i++) {
        const uint8_t *base = i < 4 ? a : i < 8 ? b : i < 12 ? c : d;
        __m512i x = four(base + (i & 3) * s);
#pragma GCC unroll 2
        for (int v = 0; v < NV; v++) acc[i][v] = dot(acc[i][v], x, w[v], lhs_signed);
      }
    }
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
