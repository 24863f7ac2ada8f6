/* The transforms of winograd.h, 16 lanes of int16 or 8 of int32 at a time. */
#include "winograd.h"

#include <immintrin.h>

/* Four values a stride apart: what of the products they go into. */
OCTAVO_INLINE void pixels4(__m256i *d, int stride) {
  __m256i a = d[0], b = d[stride], c = d[2 * stride], e = d[3 * stride];
  d[0] = _mm256_sub_epi16(a, c);
  d[stride] = _mm256_add_epi16(b, c);
  d[2 * stride] = _mm256_sub_epi16(c, b);
  d[3 * stride] = _mm256_sub_epi16(b, e);
}

static void pixels(uint8_t *to, int64_t plane, const uint8_t *from, int64_t pixel, int64_t row, int64_t channels) {
  for (int64_t c = 0; c < channels; c += 16) {
    int64_t at = 2 * octavo_min(c, channels - 16); /* the last ones may be done twice */
    __m256i d[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) d[i] = _mm256_loadu_si256((const __m256i *)(from + at + i / 4 * row + i % 4 * pixel));
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) pixels4(d + i, 4);
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) pixels4(d + 4 * i, 1);
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) _mm256_storeu_si256((__m256i *)(to + at + i * plane), d[i]);
  }
}

/* Three values a stride apart, and four out of them. */
OCTAVO_INLINE void weights3(const __m256i *g, int stride, __m256i *u, int to) {
  __m256i ends = _mm256_add_epi16(g[0], g[2 * stride]), middle = g[stride];
  u[0] = _mm256_add_epi16(g[0], g[0]);
  u[to] = _mm256_add_epi16(ends, middle);
  u[2 * to] = _mm256_sub_epi16(ends, middle);
  u[3 * to] = _mm256_add_epi16(g[2 * stride], g[2 * stride]);
}

OCTAVO_INLINE void weights_of(uint8_t *to, int64_t plane, const struct octavo_winograd_taps *taps, int64_t at, __m256i zero, int is_signed) {
  __m256i g[9], t[12], u[16];
#pragma GCC unroll 9
  for (int i = 0; i < 9; i++) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(taps->first + at + i / 3 * taps->row + i % 3 * taps->tap));
    g[i] = _mm256_sub_epi16(is_signed ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes), zero);
  }
#pragma GCC unroll 3
  for (int i = 0; i < 3; i++) weights3(g + i, 3, t + i, 3);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) weights3(t + 3 * i, 1, u + 4 * i, 1);
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) _mm256_storeu_si256((__m256i *)(to + i * plane), u[i]);
}

/* The zero points of eight columns, for two channels of each. */
OCTAVO_INLINE __m256i twice(const int32_t *zero) {
  __m256i z = _mm256_loadu_si256((const __m256i *)zero);
  return _mm256_or_si256(_mm256_slli_epi32(z, 16), _mm256_and_si256(z, _mm256_set1_epi32(0xffff)));
}

OCTAVO_INLINE void all_weights(uint8_t *to, int64_t plane, const struct octavo_winograd_taps *taps, int is_signed) {
  __m256i low = twice(taps->zero), high = twice(taps->zero + 8);
  for (int64_t c = 0, at = 0; c < taps->channels; c += 2, at += taps->step, to += 64) {
    weights_of(to, plane, taps, at, low, is_signed);
    weights_of(to + 32, plane, taps, at + 16, high, is_signed);
  }
}

static void weights(uint8_t *to, int64_t plane, const struct octavo_winograd_taps *taps) {
  if (taps->is_signed) all_weights(to, plane, taps, 1); else all_weights(to, plane, taps, 0);
}

static void pairs(int32_t *to, const uint8_t *panel, int64_t channels) {
  __m256i low = _mm256_loadu_si256((const __m256i *)to), high = _mm256_loadu_si256((const __m256i *)to + 1);
  for (int64_t c = 0; c + 4 <= channels; c += 4, panel += 128) {
    const __m256i *u = (const __m256i *)panel;
    low = _mm256_sub_epi32(low, _mm256_madd_epi16(_mm256_loadu_si256(u), _mm256_loadu_si256(u + 2)));
    high = _mm256_sub_epi32(high, _mm256_madd_epi16(_mm256_loadu_si256(u + 1), _mm256_loadu_si256(u + 3)));
  }
  _mm256_storeu_si256((__m256i *)to, low);
  _mm256_storeu_si256((__m256i *)to + 1, high);
}

/* Two outputs, twice too large, of four products a stride apart. */
OCTAVO_INLINE void outputs2(const __m256i *m, int stride, __m256i *y, int to) {
  y[0] = _mm256_add_epi32(m[0], _mm256_add_epi32(m[stride], m[2 * stride]));
  y[to] = _mm256_sub_epi32(_mm256_sub_epi32(m[stride], m[2 * stride]), m[3 * stride]);
}

static void outputs(int32_t *to, int64_t line, const int32_t *sums, int64_t plane, int64_t tiles, const int32_t *init) {
  for (int64_t t = 0; t < tiles; t++, to += 32, sums += 16) {
    for (int v = 0; v < 16; v += 8) {
      __m256i m[16], half[8], y[4], start = _mm256_loadu_si256((const __m256i *)(init + v));
#pragma GCC unroll 16
      for (int i = 0; i < 16; i++) m[i] = _mm256_loadu_si256((const __m256i *)(sums + v + i * plane));
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) outputs2(m + i, 4, half + i, 4);
#pragma GCC unroll 2
      for (int i = 0; i < 2; i++) outputs2(half + 4 * i, 1, y + 2 * i, 1);
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) {
        __m256i sum = _mm256_add_epi32(_mm256_srai_epi32(y[i], 2), start);
        _mm256_storeu_si256((__m256i *)(to + i / 2 * line + i % 2 * 16 + v), sum);
      }
    }
  }
}

const struct octavo_winograd_ops octavo_winograd_avx2 = {pixels, weights, pairs, outputs};
