/* acc += four taps of a filter row, u8 x s8 by vpdpbusd: 32 lanes in four vectors. Exact as in gemm_avxvnni.c: no
 * saturation, |product| <= 255 * 128. With 16 registers a block is taken in halves. */
#include "avxvnni.h"
#include "depthwise.h"
#include "simd_avx2.h"

enum { KR = 4, LINES = 8, HALVES_3 = 2, MOST_WEIGHTS = 12, HALVES_5 = 2 };

OCTAVO_INLINE VI pair(VI a, VI b, int half) { return half ? _mm256_unpackhi_epi8(a, b) : _mm256_unpacklo_epi8(a, b); }

OCTAVO_INLINE void widen(const VI *p, VI *q) { q[0] = _mm256_unpacklo_epi16(p[0], p[1]), q[1] = _mm256_unpackhi_epi16(p[0], p[1]); }

OCTAVO_INLINE VI dot(VI acc, VI lhs, VI w, int sign) {
  return sign == OCTAVO_DEPTHWISE_S ? octavo_dpbusd(acc, w, lhs) : octavo_dpbusd(acc, lhs, w);
}

#define OCTAVO_DEPTHWISE_WIDE_RHS 0
#define OCTAVO_DEPTHWISE_OPS octavo_depthwise_avxvnni
#include "depthwise_simd.inc"
