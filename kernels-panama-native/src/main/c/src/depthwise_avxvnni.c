/* acc += four taps of a filter row, u8 x s8 by vpdpbusd: 32 lanes in four vectors. Exact as in gemm_avxvnni.c: no
 * saturation, |product| <= 255 * 128. With 16 registers a block is taken in halves. */
#include "avxvnni.h"
#include "simd_avx2.h"

enum { KR = 4, HALVES_3 = 2, HALVES_5 = 2, WIDE_RHS = 0 };

OCTAVO_INLINE void interleave(const uint8_t *const *p, int half, VI *q) {
  VI c0 = load_i((const int32_t *)p[0]), c1 = load_i((const int32_t *)p[1]);
  VI c2 = load_i((const int32_t *)p[2]), c3 = load_i((const int32_t *)p[3]);
  VI a = half ? _mm256_unpackhi_epi8(c0, c1) : _mm256_unpacklo_epi8(c0, c1);
  VI b = half ? _mm256_unpackhi_epi8(c2, c3) : _mm256_unpacklo_epi8(c2, c3);
  q[0] = _mm256_unpacklo_epi16(a, b), q[1] = _mm256_unpackhi_epi16(a, b);
}

OCTAVO_INLINE VI dot(VI acc, VI lhs, VI w, int lhs_signed) {
  return lhs_signed ? octavo_dpbusd(acc, w, lhs) : octavo_dpbusd(acc, lhs, w);
}

#define OCTAVO_DEPTHWISE_OPS octavo_depthwise_avxvnni
#include "depthwise_simd.inc"
