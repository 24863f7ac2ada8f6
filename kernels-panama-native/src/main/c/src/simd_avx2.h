/* The vocabulary of output_simd.inc and elementwise_simd.inc in AVX2: W lanes of int32 or float32. */
#ifndef OCTAVO_SIMD_AVX2_H
#define OCTAVO_SIMD_AVX2_H

#include <immintrin.h>

#include "freestanding.h"

enum { W = 8 };
typedef __m256i VI;
typedef __m256 VF;

OCTAVO_INLINE VI load_i(const int32_t *p) { return _mm256_loadu_si256((const VI *)p); }
OCTAVO_INLINE VF load_f(const float *p) { return _mm256_loadu_ps(p); }
OCTAVO_INLINE void store_i(int32_t *p, VI v) { _mm256_storeu_si256((VI *)p, v); }
OCTAVO_INLINE VI set_i(int32_t x) { return _mm256_set1_epi32(x); }
OCTAVO_INLINE VF set_f(float x) { return _mm256_set1_ps(x); }
OCTAVO_INLINE VI sub_i(VI a, VI b) { return _mm256_sub_epi32(a, b); }
OCTAVO_INLINE VI mul_i(VI a, VI b) { return _mm256_mullo_epi32(a, b); }
OCTAVO_INLINE VI and_i(VI a, VI b) { return _mm256_and_si256(a, b); }
OCTAVO_INLINE VI xor_i(VI a, VI b) { return _mm256_xor_si256(a, b); }
OCTAVO_INLINE VI set_bytes(uint8_t x) { return _mm256_set1_epi8((char)x); }
OCTAVO_INLINE VI min_i(VI a, VI b) { return _mm256_min_epi32(a, b); }
OCTAVO_INLINE VI max_i(VI a, VI b) { return _mm256_max_epi32(a, b); }
OCTAVO_INLINE VI shift_left(VI a, VI n) { return _mm256_sllv_epi32(a, n); }
OCTAVO_INLINE VI shift_right(VI a, VI n) { return _mm256_srav_epi32(a, n); }
OCTAVO_INLINE VF add_f(VF a, VF b) { return _mm256_add_ps(a, b); }
OCTAVO_INLINE VF mul_f(VF a, VF b) { return _mm256_mul_ps(a, b); }
OCTAVO_INLINE VF min_f(VF a, VF b) { return _mm256_min_ps(a, b); }
OCTAVO_INLINE VF to_float(VI a) { return _mm256_cvtepi32_ps(a); }
OCTAVO_INLINE VI bits_of(VF a) { return _mm256_castps_si256(a); }
OCTAVO_INLINE VF float_of(VI a) { return _mm256_castsi256_ps(a); }
OCTAVO_INLINE VI convert_even(VF a) {
  return _mm256_cvttps_epi32(_mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

OCTAVO_INLINE VI increment_where_greater(VI r, VI a, VI b) { return _mm256_sub_epi32(r, _mm256_cmpgt_epi32(a, b)); }

/* floor((a * m + 2^30) / 2^31), even lanes in place, odd lanes moved down and back. */
OCTAVO_INLINE VI doubling_high(VI a, VI m) {
  VI half = _mm256_set1_epi64x(INT64_C(1) << 30);
  VI even = _mm256_add_epi64(_mm256_mul_epi32(a, m), half);
  VI odd = _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(m, 32)), half);
  return _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xaa);
}

/* floor((x + 2^(n - 1)) / 2^n) of int64 lanes, n in [1, 62]. AVX2 shifts 64-bit lanes right only logically: lifted by 2^62
 * (x is at least -2^62, so the sum is not negative) the shift is exact, and 2^62 / 2^n comes off again. */
OCTAVO_INLINE VI round_shift4(VI x, VI n) {
  VI lift = _mm256_set1_epi64x(INT64_C(1) << 62);
  VI half = _mm256_srli_epi64(_mm256_sllv_epi64(_mm256_set1_epi64x(1), n), 1);
  return _mm256_sub_epi64(_mm256_srlv_epi64(_mm256_add_epi64(_mm256_add_epi64(x, half), lift), n),
                          _mm256_srlv_epi64(lift, n));
}

/* floor((a * m + 2^(n - 1)) / 2^n), for results that fit 32 bits. */
OCTAVO_INLINE VI round_shift(VI a, VI m, VI n) {
  VI even = round_shift4(_mm256_mul_epi32(a, m), _mm256_and_si256(n, _mm256_set1_epi64x(0xff)));
  VI odd = round_shift4(_mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(m, 32)), _mm256_srli_epi64(n, 32));
  return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
}

/* Round half away from zero: truncate after adding the largest double below 1/2 with the sign of v; exact for |v| < 2^52. */
OCTAVO_INLINE __m128i half_away4(__m128i acc, const double *m) {
  __m256d v = _mm256_mul_pd(_mm256_cvtepi32_pd(acc), _mm256_loadu_pd(m));
  v = _mm256_min_pd(_mm256_max_pd(v, _mm256_set1_pd(-32767.0)), _mm256_set1_pd(32767.0));
  __m256d sign = _mm256_and_pd(v, _mm256_set1_pd(-0.0));
  return _mm256_cvttpd_epi32(_mm256_add_pd(v, _mm256_or_pd(sign, _mm256_set1_pd(0x1.fffffffffffffp-2))));
}

OCTAVO_INLINE VI half_away(VI acc, const double *m) {
  return _mm256_set_m128i(half_away4(_mm256_extracti128_si256(acc, 1), m + 4), half_away4(_mm256_castsi256_si128(acc), m));
}

struct narrowing {
  VI zero, min, max, order;
  int32_t is_unsigned, clamps; /* clamps: [min, max] is less than the type's range */
};

OCTAVO_INLINE struct narrowing narrowing_to(int32_t zero, int32_t min, int32_t max, int32_t is_unsigned) {
  struct narrowing n = {_mm256_set1_epi16((int16_t)zero), _mm256_set1_epi8((char)min), _mm256_set1_epi8((char)max),
                        _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7), is_unsigned,
                        max - min != 255};
  return n;
}

/* Two vectors to int16, the zero point added; ... */
OCTAVO_INLINE VI narrow_half(VI r0, VI r1, const struct narrowing *n) { return _mm256_adds_epi16(_mm256_packs_epi32(r0, r1), n->zero); }

/* ... two such to bytes, ... */
OCTAVO_INLINE VI narrow_join(VI a, VI b, const struct narrowing *n) {
  if (n->is_unsigned) {
    VI q = _mm256_packus_epi16(a, b);
    return n->clamps ? _mm256_min_epu8(_mm256_max_epu8(q, n->min), n->max) : q;
  }
  VI q = _mm256_packs_epi16(a, b);
  return n->clamps ? _mm256_min_epi8(_mm256_max_epi8(q, n->min), n->max) : q;
}

/* ... so that 4 W bytes of four vectors are in the order in which packs leave them (quad order becomes natural), ... */
OCTAVO_INLINE VI narrow_quad(VI r0, VI r1, VI r2, VI r3, const struct narrowing *n) {
  return narrow_join(narrow_half(r0, r1, n), narrow_half(r2, r3, n), n);
}

/* ... and in the order of the vectors. */
OCTAVO_INLINE VI narrow(VI r0, VI r1, VI r2, VI r3, const struct narrowing *n) {
  return _mm256_permutevar8x32_epi32(narrow_quad(r0, r1, r2, r3, n), n->order);
}

/* The first columns, fewer than 16, of a row: one store for every bit of their number. */
OCTAVO_INLINE void store_bytes(__m128i row, uint8_t *dst, int64_t columns) {
  if (columns & 8) {
    _mm_storel_epi64((__m128i *)dst, row);
    row = _mm_srli_si128(row, 8);
    dst += 8;
  }
  uint64_t rest = (uint64_t)_mm_cvtsi128_si64(row);
  if (columns & 4) {
    __builtin_memcpy(dst, &rest, 4);
    rest >>= 32;
    dst += 4;
  }
  if (columns & 2) {
    __builtin_memcpy(dst, &rest, 2);
    rest >>= 16;
    dst += 2;
  }
  if (columns & 1) *dst = (uint8_t)rest;
}

/* The second row may be the first one again; it is written first, so the first wins. */
OCTAVO_INLINE void store_rows(VI rows, uint8_t *first, uint8_t *second, int64_t columns) {
  __m128i low = _mm256_castsi256_si128(rows), high = _mm256_extracti128_si256(rows, 1);
  if (columns >= 16) {
    _mm_storeu_si128((__m128i *)second, high);
    _mm_storeu_si128((__m128i *)first, low);
  } else {
    store_bytes(high, second, columns);
    store_bytes(low, first, columns);
  }
}

/* The first columns, at most W: a store by mask takes AMD's cores as long as a dozen others. */
OCTAVO_INLINE void store_narrow_words(VI a, void *dst, int64_t columns) {
  if (columns == W) {
    _mm256_storeu_si256(dst, a);
    return;
  }
  __m128i rest = _mm256_castsi256_si128(a);
  int32_t *to = dst;
  if (columns & 4) {
    _mm_storeu_si128((__m128i *)to, rest);
    rest = _mm256_extracti128_si256(a, 1);
    to += 4;
  }
  if (columns & 2) {
    _mm_storel_epi64((__m128i *)to, rest);
    rest = _mm_srli_si128(rest, 8);
    to += 2;
  }
  if (columns & 1) *to = _mm_cvtsi128_si32(rest);
}

OCTAVO_INLINE void store_words(VI a, VI b, void *dst, int64_t columns) {
  if (columns < W) {
    store_narrow_words(a, dst, columns);
    return;
  }
  _mm256_storeu_si256(dst, a);
  store_narrow_words(b, (int32_t *)dst + W, octavo_min(columns - W, W));
}

/* Four rows of at most 8 bytes. */
OCTAVO_INLINE void store_narrow_rows(VI rows, uint8_t *const *dst, int64_t columns) {
  __m128i low = _mm256_castsi256_si128(rows), high = _mm256_extracti128_si256(rows, 1);
  if (columns == W) {
    _mm_storel_epi64((__m128i *)dst[0], low);
    _mm_storel_epi64((__m128i *)dst[1], _mm_unpackhi_epi64(low, low));
    _mm_storel_epi64((__m128i *)dst[2], high);
    _mm_storel_epi64((__m128i *)dst[3], _mm_unpackhi_epi64(high, high));
  } else {
    store_bytes(low, dst[0], columns);
    store_bytes(_mm_srli_si128(low, 8), dst[1], columns);
    store_bytes(high, dst[2], columns);
    store_bytes(_mm_srli_si128(high, 8), dst[3], columns);
  }
}

OCTAVO_INLINE void store_f(float *p, VF v) { _mm256_storeu_ps(p, v); }
OCTAVO_INLINE VI add_i(VI a, VI b) { return _mm256_add_epi32(a, b); }
OCTAVO_INLINE VF sub_f(VF a, VF b) { return _mm256_sub_ps(a, b); }
OCTAVO_INLINE VF div_f(VF a, VF b) { return _mm256_div_ps(a, b); }
OCTAVO_INLINE VF max_f(VF a, VF b) { return _mm256_max_ps(a, b); }
OCTAVO_INLINE VF round_f(VF a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
OCTAVO_INLINE VI truncate(VF a) { return _mm256_cvttps_epi32(a); }
OCTAVO_INLINE VF with_sign_of(VF a, VF sign) {
  return _mm256_or_ps(a, _mm256_and_ps(sign, _mm256_set1_ps(-0.0f)));
}

/* a > b ? x : y, a <= b ? x : y; false where a is NaN. */
OCTAVO_INLINE VF where_greater(VF a, VF b, VF x, VF y) {
  return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_GT_OQ));
}
OCTAVO_INLINE VF where_at_most(VF a, VF b, VF x, VF y) {
  return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_LE_OQ));
}

OCTAVO_INLINE VI load_bytes(const uint8_t *p, int32_t is_signed) {
  __m128i bytes = _mm_loadl_epi64((const __m128i *)p);
  return is_signed ? _mm256_cvtepi8_epi32(bytes) : _mm256_cvtepu8_epi32(bytes);
}

OCTAVO_INLINE float lowest(VF v) {
  __m128 x = _mm_min_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  x = _mm_min_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_min_ss(x, _mm_movehdup_ps(x)));
}
OCTAVO_INLINE float highest(VF v) {
  __m128 x = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  x = _mm_max_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_max_ss(x, _mm_movehdup_ps(x)));
}
OCTAVO_INLINE void store_all(uint8_t *p, VI v) { _mm256_storeu_si256((VI *)p, v); }

/* Columns of a row of 32 bytes, or of 32 words in quad order. */
OCTAVO_INLINE void store_row(VI row, uint8_t *dst, int64_t columns) {
  if (columns >= 32) {
    _mm256_storeu_si256((VI *)dst, row);
  } else if (columns & 16) {
    _mm_storeu_si128((__m128i *)dst, _mm256_castsi256_si128(row));
    store_bytes(_mm256_extracti128_si256(row, 1), dst + 16, columns - 16);
  } else {
    store_bytes(_mm256_castsi256_si128(row), dst, columns);
  }
}

OCTAVO_INLINE void store_quad(const VI *q, void *dst, int64_t columns) {
  store_words(_mm256_permute2x128_si256(q[0], q[1], 0x20), _mm256_permute2x128_si256(q[2], q[3], 0x20), dst, columns);
  if (columns <= 16) return;
  store_words(_mm256_permute2x128_si256(q[0], q[1], 0x31), _mm256_permute2x128_si256(q[2], q[3], 0x31),
              (int32_t *)dst + 16, columns - 16);
}

#endif
