/* The vocabulary of output_simd.inc and elementwise_simd.inc in AVX-512 (F, BW, DQ, VL): W lanes of int32 or float32. */
#ifndef OCTAVO_SIMD_AVX512_H
#define OCTAVO_SIMD_AVX512_H

#include <immintrin.h>

#include "freestanding.h"

enum { W = 16 };
typedef __m512i VI;
typedef __m512 VF;

OCTAVO_INLINE VI load_i(const int32_t *p) { return _mm512_loadu_si512(p); }
OCTAVO_INLINE VF load_f(const float *p) { return _mm512_loadu_ps(p); }
OCTAVO_INLINE void store_i(int32_t *p, VI v) { _mm512_storeu_si512(p, v); }
OCTAVO_INLINE VI set_i(int32_t x) { return _mm512_set1_epi32(x); }
OCTAVO_INLINE VF set_f(float x) { return _mm512_set1_ps(x); }
OCTAVO_INLINE VI sub_i(VI a, VI b) { return _mm512_sub_epi32(a, b); }
OCTAVO_INLINE VI mul_i(VI a, VI b) { return _mm512_mullo_epi32(a, b); }
OCTAVO_INLINE VI and_i(VI a, VI b) { return _mm512_and_si512(a, b); }
OCTAVO_INLINE VI xor_i(VI a, VI b) { return _mm512_xor_si512(a, b); }
OCTAVO_INLINE VI set_bytes(uint8_t x) { return _mm512_set1_epi8((char)x); }
OCTAVO_INLINE VI min_i(VI a, VI b) { return _mm512_min_epi32(a, b); }
OCTAVO_INLINE VI max_i(VI a, VI b) { return _mm512_max_epi32(a, b); }
OCTAVO_INLINE VI shift_left(VI a, VI n) { return _mm512_sllv_epi32(a, n); }
OCTAVO_INLINE VI shift_right(VI a, VI n) { return _mm512_srav_epi32(a, n); }
OCTAVO_INLINE VF add_f(VF a, VF b) { return _mm512_add_ps(a, b); }
OCTAVO_INLINE VF mul_f(VF a, VF b) { return _mm512_mul_ps(a, b); }
OCTAVO_INLINE VF min_f(VF a, VF b) { return _mm512_min_ps(a, b); }
OCTAVO_INLINE VF to_float(VI a) { return _mm512_cvtepi32_ps(a); }
OCTAVO_INLINE VI bits_of(VF a) { return _mm512_castps_si512(a); }
OCTAVO_INLINE VF float_of(VI a) { return _mm512_castsi512_ps(a); }
OCTAVO_INLINE VI convert_even(VF a) {
  return _mm512_cvt_roundps_epi32(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

OCTAVO_INLINE VI increment_where_greater(VI r, VI a, VI b) {
  return _mm512_mask_add_epi32(r, _mm512_cmpgt_epi32_mask(a, b), r, _mm512_set1_epi32(1));
}

/* floor((a * m + 2^30) / 2^31), even lanes in place, odd lanes moved down and back. */
OCTAVO_INLINE VI doubling_high(VI a, VI m) {
  VI half = _mm512_set1_epi64(INT64_C(1) << 30);
  VI even = _mm512_add_epi64(_mm512_mul_epi32(a, m), half);
  VI odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(m, 32)), half);
  return _mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 31), _mm512_slli_epi64(odd, 1));
}

/* floor((a * m + 2^(n - 1)) / 2^n), n in [1, 62], for results that fit 32 bits. */
OCTAVO_INLINE VI round_shift(VI a, VI m, VI n) {
  VI one = _mm512_set1_epi64(1);
  VI even_n = _mm512_and_si512(n, _mm512_set1_epi64(0xff)), odd_n = _mm512_srli_epi64(n, 32);
  VI even = _mm512_mul_epi32(a, m), odd = _mm512_mul_epi32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(m, 32));
  even = _mm512_add_epi64(even, _mm512_srli_epi64(_mm512_sllv_epi64(one, even_n), 1));
  odd = _mm512_add_epi64(odd, _mm512_srli_epi64(_mm512_sllv_epi64(one, odd_n), 1));
  even = _mm512_srav_epi64(even, even_n);
  odd = _mm512_srav_epi64(odd, odd_n);
  return _mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
}

/* Round half away from zero: truncate after adding the largest double below 1/2 with the sign of v; exact for |v| < 2^52. */
OCTAVO_INLINE __m256i half_away8(__m256i acc, const double *m) {
  __m512d v = _mm512_mul_pd(_mm512_cvtepi32_pd(acc), _mm512_loadu_pd(m));
  v = _mm512_min_pd(_mm512_max_pd(v, _mm512_set1_pd(-32767.0)), _mm512_set1_pd(32767.0));
  __m512d sign = _mm512_and_pd(v, _mm512_set1_pd(-0.0));
  return _mm512_cvttpd_epi32(_mm512_add_pd(v, _mm512_or_pd(sign, _mm512_set1_pd(0x1.fffffffffffffp-2))));
}

OCTAVO_INLINE VI half_away(VI acc, const double *m) {
  __m256i low = half_away8(_mm512_castsi512_si256(acc), m), high = half_away8(_mm512_extracti64x4_epi64(acc, 1), m + 8);
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

struct narrowing {
  VI zero, min, max, order;
  int32_t is_unsigned, clamps; /* clamps: [min, max] is less than the type's range */
};

OCTAVO_INLINE struct narrowing narrowing_to(int32_t zero, int32_t min, int32_t max, int32_t is_unsigned) {
  struct narrowing n = {_mm512_set1_epi16((int16_t)zero), _mm512_set1_epi8((char)min), _mm512_set1_epi8((char)max),
                        _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), is_unsigned,
                        max - min != 255};
  return n;
}

/* Two vectors to int16, the zero point added; ... */
OCTAVO_INLINE VI narrow_half(VI r0, VI r1, const struct narrowing *n) { return _mm512_adds_epi16(_mm512_packs_epi32(r0, r1), n->zero); }

/* ... two such to bytes, ... */
OCTAVO_INLINE VI narrow_join(VI a, VI b, const struct narrowing *n) {
  if (n->is_unsigned) {
    VI q = _mm512_packus_epi16(a, b);
    return n->clamps ? _mm512_min_epu8(_mm512_max_epu8(q, n->min), n->max) : q;
  }
  VI q = _mm512_packs_epi16(a, b);
  return n->clamps ? _mm512_min_epi8(_mm512_max_epi8(q, n->min), n->max) : q;
}

/* ... so that 4 W bytes of four vectors are in the order in which packs leave them (quad order becomes natural), ... */
OCTAVO_INLINE VI narrow_quad(VI r0, VI r1, VI r2, VI r3, const struct narrowing *n) {
  return narrow_join(narrow_half(r0, r1, n), narrow_half(r2, r3, n), n);
}

/* ... and in the order of the vectors. */
OCTAVO_INLINE VI narrow(VI r0, VI r1, VI r2, VI r3, const struct narrowing *n) {
  return _mm512_permutexvar_epi32(n->order, narrow_quad(r0, r1, r2, r3, n));
}

/* The second row may be the first one again; it is written first, so the first wins. */
OCTAVO_INLINE void store_rows(VI rows, uint8_t *first, uint8_t *second, int64_t columns) {
  __m256i low = _mm512_castsi512_si256(rows), high = _mm512_extracti64x4_epi64(rows, 1);
  if (columns >= 32) {
    _mm256_storeu_si256((__m256i *)second, high);
    _mm256_storeu_si256((__m256i *)first, low);
  } else {
    __mmask32 mask = (__mmask32)((UINT32_C(1) << columns) - 1);
    _mm256_mask_storeu_epi8(second, mask, high);
    _mm256_mask_storeu_epi8(first, mask, low);
  }
}

OCTAVO_INLINE void store_words(VI a, VI b, void *dst, int64_t columns) {
  uint32_t mask = columns >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << columns) - 1;
  _mm512_mask_storeu_epi32(dst, (__mmask16)mask, a);
  _mm512_mask_storeu_epi32((int32_t *)dst + 16, (__mmask16)(mask >> 16), b);
}

/* The same for at most W columns: one vector a row, four rows in one. */
OCTAVO_INLINE void store_narrow_words(VI a, void *dst, int64_t columns) {
  _mm512_mask_storeu_epi32(dst, (__mmask16)((UINT32_C(1) << columns) - 1), a);
}

OCTAVO_INLINE void store_narrow_rows(VI rows, uint8_t *const *dst, int64_t columns) {
  __mmask16 mask = (__mmask16)((UINT32_C(1) << columns) - 1);
  _mm_mask_storeu_epi8(dst[0], mask, _mm512_castsi512_si128(rows));
  _mm_mask_storeu_epi8(dst[1], mask, _mm512_extracti32x4_epi32(rows, 1));
  _mm_mask_storeu_epi8(dst[2], mask, _mm512_extracti32x4_epi32(rows, 2));
  _mm_mask_storeu_epi8(dst[3], mask, _mm512_extracti32x4_epi32(rows, 3));
}

OCTAVO_INLINE void store_f(float *p, VF v) { _mm512_storeu_ps(p, v); }
OCTAVO_INLINE VI add_i(VI a, VI b) { return _mm512_add_epi32(a, b); }
OCTAVO_INLINE VF sub_f(VF a, VF b) { return _mm512_sub_ps(a, b); }
OCTAVO_INLINE VF div_f(VF a, VF b) { return _mm512_div_ps(a, b); }
OCTAVO_INLINE VF max_f(VF a, VF b) { return _mm512_max_ps(a, b); }
OCTAVO_INLINE VF round_f(VF a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
OCTAVO_INLINE VI truncate(VF a) { return _mm512_cvttps_epi32(a); }
OCTAVO_INLINE VF with_sign_of(VF a, VF sign) {
  return _mm512_or_ps(a, _mm512_and_ps(sign, _mm512_set1_ps(-0.0f)));
}

/* a > b ? x : y, a <= b ? x : y; false where a is NaN. */
OCTAVO_INLINE VF where_greater(VF a, VF b, VF x, VF y) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_GT_OQ), y, x);
}
OCTAVO_INLINE VF where_at_most(VF a, VF b, VF x, VF y) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LE_OQ), y, x);
}

OCTAVO_INLINE VI load_bytes(const uint8_t *p, int32_t is_signed) {
  __m128i bytes = _mm_loadu_si128((const __m128i *)p);
  return is_signed ? _mm512_cvtepi8_epi32(bytes) : _mm512_cvtepu8_epi32(bytes);
}

OCTAVO_INLINE float lowest(VF v) { return _mm512_reduce_min_ps(v); }
OCTAVO_INLINE float highest(VF v) { return _mm512_reduce_max_ps(v); }
OCTAVO_INLINE void store_all(uint8_t *p, VI v) { _mm512_storeu_si512(p, v); }

/* Columns of a row of 64 bytes, or of 64 words in quad order. */
OCTAVO_INLINE void store_row(VI row, uint8_t *dst, int64_t columns) {
  _mm512_mask_storeu_epi8(dst, columns >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << columns) - 1, row);
}

OCTAVO_INLINE void store_quad(const VI *q, void *dst, int64_t columns) {
  VI a = _mm512_shuffle_i32x4(q[0], q[1], 0x44), b = _mm512_shuffle_i32x4(q[2], q[3], 0x44);
  VI c = _mm512_shuffle_i32x4(q[0], q[1], 0xee), d = _mm512_shuffle_i32x4(q[2], q[3], 0xee);
  VI rows[4] = {_mm512_shuffle_i32x4(a, b, 0x88), _mm512_shuffle_i32x4(a, b, 0xdd), _mm512_shuffle_i32x4(c, d, 0x88),
                _mm512_shuffle_i32x4(c, d, 0xdd)};
  store_words(rows[0], rows[1], dst, columns);
  if (columns > 32) store_words(rows[2], rows[3], (int32_t *)dst + 32, columns - 32);
}

#endif
