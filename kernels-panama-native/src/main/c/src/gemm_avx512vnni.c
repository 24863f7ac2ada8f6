/* acc[i][j] = init[j] + sum over fours of k: lhs[i, q .. q + 3] . rhs[j, q .. q + 3]
 *
 * Tile 14 x 32, kr = 4. Multiply: vpdpbusd, u8 times s8, four products summed into an s32 lane without saturation (the
 * saturating twin vpdpbusds is not used). Exact: |product| <= 255 * 128, and the sum wraps modulo 2^32. The instruction
 * wants one unsigned and one signed operand; which of them is the lhs is free, so u8 x s8 and s8 x u8 run as they are, and
 * where both signs agree the sign bit of the lhs is turned (and the column sums account for it): by the driver, when it packs rows, or
 * here, in registers, by the kernel of s8 x s8. */
#include "gemm.h"

#include <immintrin.h>

/* Fewer rows stream the rhs as fast as asking lets them, or faster. */
enum { ASKING_ROWS = 7 };

enum form { LHS_SIGNED = 1, ASKS = 2, TURNS = 4 };

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
                        int NV, int form, int64_t ahead, int64_t left) {
  __m512i w[2];
#pragma GCC unroll 2
  for (int v = 0; v < NV; v++) {
    w[v] = _mm512_loadu_si512(rhs + 64 * v);
    if (MR > 1 && MR <= 4) __asm__("" : "+v"(w[v])); /* else GCC loads it again for each row */
  }
  if (form & ASKS) {
    _mm_prefetch(rhs + ahead, _MM_HINT_T0);
    _mm_prefetch(rhs + ahead + 64, _MM_HINT_T0);
  }
#pragma GCC unroll 14
  for (int i = 0; i < MR; i++) {
    const uint8_t *lhs = base[i / 4] + i % 4 * stride + at;
    __m512i x = left ? rest(lhs, left) : four(lhs);
    if (form & TURNS) x = _mm512_xor_si512(x, _mm512_set1_epi8((char)0x80));
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i][v] = dot(acc[i][v], x, w[v], form & LHS_SIGNED);
  }
}

/* Sums to each element of a tile: a sum's next product waits for its last one, some four or five cycles, in which a core starts eight
 * or ten. So few rows are summed as several sums over every second or fourth step, added up in the end. */
OCTAVO_INLINE int sums_each(int MR, int NV) { return MR * NV <= 2 ? 4 : MR * NV <= 8 && MR <= 7 ? 2 : 1; }

/* MR rows by NV vectors of 16 columns. Two fours of k a turn: against one, a tile of k = 256 gains 3 % and one of k = 64 9 %;
 * four or eight gain no more (Zen 5). */
OCTAVO_INLINE void tile(const struct octavo_tile *t, const struct octavo_place *place, int MR, int NV, int form) {
  int sums = sums_each(MR, NV), turn = sums > 2 ? sums : 2;
  __m512i acc[14][2];
  __m512i init[2];
#pragma GCC unroll 2
  for (int v = 0; v < NV; v++) init[v] = _mm512_loadu_si512(t->init + 16 * v);
#pragma GCC unroll 14
  for (int i = 0; i < MR * sums; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i][v] = i < MR ? init[v] : _mm512_setzero_si512();
  }
  const uint8_t *rhs = t->rhs;
  int64_t ahead = t->ahead;
  int64_t s = t->lhs_stride, row = t->rhs_row;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run)) {
    const uint8_t *a = place->lhs + run.offset;
    const uint8_t *base[4] = {a, a + 4 * s, a + 8 * s, a + 12 * s};
    int64_t q = t->run_k;
    for (; q >= 4 * turn; q -= 4 * turn, rhs += turn * row) {
#pragma GCC unroll 4
      for (int n = 0; n < turn; n++) step(acc + n % sums * MR, base, 4 * n, s, rhs + n * row, MR, NV, form, ahead, 0);
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) base[i] += 4 * turn;
    }
    for (; q >= 4; q -= 4, rhs += row) {
      step(acc, base, 0, s, rhs, MR, NV, form, ahead, 0);
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) base[i] += 4;
    }
    if (q > 0) {
      step(acc, base, 0, s, rhs, MR, NV, form, ahead, q);
      rhs += row;
    }
    rhs += t->rhs_skip;
  }
#pragma GCC unroll 14
  for (int i = MR; i < MR * sums; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < NV; v++) acc[i % MR][v] = _mm512_add_epi32(acc[i % MR][v], acc[i][v]);
  }
  /* A masked store of whole vectors would do for both, but GCC then keeps sums in memory. */
  int64_t last = t->narrow ? t->columns - 16 * (NV - 1) : 16;
  __mmask16 mask = (__mmask16)((UINT32_C(1) << last) - 1);
#pragma GCC unroll 14
  for (int i = 0; i < MR; i++) {
    int32_t *to = place->acc + t->acc_stride * i;
    if (NV > 1) _mm512_storeu_si512(to, acc[i][0]);
    if (last == 16) _mm512_storeu_si512(to + 16 * (NV - 1), acc[i][NV - 1]);
    else _mm512_mask_storeu_epi32(to + 16 * (NV - 1), mask, acc[i][NV - 1]);
  }
}

#define ONE(n, NV, form) case n: tile(t, &place, n, NV, form); break;
#define FEW(NV, form) ONE(1, NV, form) ONE(2, NV, form) ONE(3, NV, form) ONE(4, NV, form) ONE(5, NV, form) ONE(6, NV, form)
#define MANY(NV, form) ONE(7, NV, form) ONE(8, NV, form) ONE(9, NV, form) ONE(10, NV, form) ONE(11, NV, form) ONE(12, NV, form) ONE(13, NV, form) ONE(14, NV, form)

OCTAVO_INLINE void tiles(const struct octavo_tile *t, int form) {
  struct octavo_place place = {t->lhs, t->acc, NULL};
  for (int64_t left = t->more; left >= 0; left--) {
    int64_t rows = octavo_tile_rows(t, left);
    if (t->columns <= 16) {
      switch (rows) { FEW(1, form) MANY(1, form) }
    } else if (rows >= ASKING_ROWS && t->ahead > 0 && left == t->more) {
      switch (rows) { MANY(2, form | ASKS) }
    } else {
      switch (rows) { FEW(2, form) MANY(2, form) }
    }
    octavo_next_tile(t, &place, rows);
  }
}

void octavo_gemm_u8s8_14x32x4_avx512vnni(const struct octavo_tile *t) { tiles(t, 0); }
void octavo_gemm_s8u8_14x32x4_avx512vnni(const struct octavo_tile *t) { tiles(t, LHS_SIGNED); }
void octavo_gemm_s8s8_14x32x4_avx512vnni(const struct octavo_tile *t) { tiles(t, TURNS); }
