/* acc += four taps of a filter row, u8 x s8 by vpdpbusd: 64 lanes in four vectors. Exact as in gemm_avx512vnni.c: no
 * saturation, |product| <= 255 * 128. 3x3: all weights and the sums of three lines stay in registers; a row is interleaved
 * by 8 unpacks for the 12 products that use it. */
#include "simd_avx512.h"

enum { KR = 4, HALVES_3 = 1, HALVES_5 = 1, WIDE_RHS = 0 };

OCTAVO_INLINE void interleave(const uint8_t *const *p, int half, VI *q) {
  VI c0 = _mm512_loadu_si512(p[0]), c1 = _mm512_loadu_si512(p[1]), c2 = _mm512_loadu_si512(p[2]), c3 = _mm512_loadu_si512(p[3]);
  VI a = half ? _mm512_unpackhi_epi8(c0, c1) : _mm512_unpacklo_epi8(c0, c1);
  VI b = half ? _mm512_unpackhi_epi8(c2, c3) : _mm512_unpacklo_epi8(c2, c3);
  q[0] = _mm512_unpacklo_epi16(a, b), q[1] = _mm512_unpackhi_epi16(a, b);
}

OCTAVO_INLINE VI dot(VI acc, VI lhs, VI w, int lhs_signed) {
  return lhs_signed ? _mm512_dpbusd_epi32(acc, w, lhs) : _mm512_dpbusd_epi32(acc, lhs, w);
}

#define OCTAVO_DEPTHWISE_OPS octavo_depthwise_avx512vnni
#include "depthwise_simd.inc"
