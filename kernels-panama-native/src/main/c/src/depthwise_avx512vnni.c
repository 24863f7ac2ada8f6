/* acc += four columns of a filter row, u8 x s8 by vpdpbusd: 64 channels in four vectors. Exact as in gemm_avx512vnni.c: no
 * saturation, |product| <= 255 * 128. 3x3 with stride 1: 2 lines x 2 pixels per step, 16 accumulators, each interleaving of
 * four columns used by up to 2 x 2 outputs. */
#include <immintrin.h>

#include "freestanding.h"

enum { W = 16, KR = 4 };
typedef __m512i VI;

OCTAVO_INLINE VI load(const int32_t *p) { return _mm512_loadu_si512(p); }
OCTAVO_INLINE void store(int32_t *p, VI v) { _mm512_storeu_si512(p, v); }

OCTAVO_INLINE void gather(const uint8_t *const *columns, VI *q) {
  VI c0 = _mm512_loadu_si512(columns[0]), c1 = _mm512_loadu_si512(columns[1]);
  VI c2 = _mm512_loadu_si512(columns[2]), c3 = _mm512_loadu_si512(columns[3]);
  VI a = _mm512_unpacklo_epi8(c0, c1), b = _mm512_unpackhi_epi8(c0, c1);
  VI c = _mm512_unpacklo_epi8(c2, c3), d = _mm512_unpackhi_epi8(c2, c3);
  q[0] = _mm512_unpacklo_epi16(a, c), q[1] = _mm512_unpackhi_epi16(a, c);
  q[2] = _mm512_unpacklo_epi16(b, d), q[3] = _mm512_unpackhi_epi16(b, d);
}

OCTAVO_INLINE VI dot(VI acc, VI lhs, const VI *w, int lhs_signed) {
  VI weights = _mm512_loadu_si512(w);
  return lhs_signed ? _mm512_dpbusd_epi32(acc, weights, lhs) : _mm512_dpbusd_epi32(acc, lhs, weights);
}

#include "depthwise_simd.inc"

static void u_3x3(const struct octavo_depthwise *d) { walk(d, 2, 2, 1, 3, 0); }
static void s_3x3(const struct octavo_depthwise *d) { walk(d, 2, 2, 1, 3, 1); }
static void u_5x5(const struct octavo_depthwise *d) { walk(d, 1, 4, 2, 5, 0); }
static void s_5x5(const struct octavo_depthwise *d) { walk(d, 1, 4, 2, 5, 1); }
static void u_any(const struct octavo_depthwise *d) {
  if (d->kh == 3 && d->groups == 1) walk(d, 1, 1, 1, 3, 0); else walk(d, 1, 1, d->groups, d->kh, 0);
}
static void s_any(const struct octavo_depthwise *d) {
  if (d->kh == 3 && d->groups == 1) walk(d, 1, 1, 1, 3, 1); else walk(d, 1, 1, d->groups, d->kh, 1);
}

const struct octavo_depthwise_ops octavo_depthwise_avx512vnni = {
    4 * W, {{{u_3x3, s_3x3}, 2, 2}, {{u_5x5, s_5x5}, 1, 4}, {{u_any, s_any}, 1, 1}}};
