/* acc += four taps of a filter row, u8 x s8 by vpdpbusd: 32 lanes in four vectors. Exact as in gemm_avxvnni.c: no
 * saturation, |product| <= 255 * 128. With 16 registers a block is taken in halves. */
#include "avxvnni.h"
#include "depthwise.h"
#include "simd_avx2.h"

enum { KR = 4, LINES = 8, HALVES_3 = 2, HALVES_5 = 2 };

OCTAVO_INLINE void interleave(const VI *c, int half, VI *q) {
  VI a = half ? _mm256_unpackhi_epi8(c[0], c[1]) : _mm256_unpacklo_epi8(c[0], c[1]);
  VI b = half ? _mm256_unpackhi_epi8(c[2], c[3]) : _mm256_unpacklo_epi8(c[2], c[3]);
  q[0] = _mm256_unpacklo_epi16(a, b), q[1] = _mm256_unpackhi_epi16(a, b);
}

OCTAVO_INLINE VI dot(VI acc, VI lhs, VI w, int sign) {
  return sign == OCTAVO_DEPTHWISE_S ? octavo_dpbusd(acc, w, lhs) : octavo_dpbusd(acc, lhs, w);
}

#define OCTAVO_DEPTHWISE_WIDE_RHS 0
#define OCTAVO_DEPTHWISE_OPS octavo_depthwise_avxvnni
#include "depthwise_simd.inc"
