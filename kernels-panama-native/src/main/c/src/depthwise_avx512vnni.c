/* acc += four taps of a filter row, u8 x s8 by vpdpbusd: 64 lanes in four vectors. Exact as in gemm_avx512vnni.c: no
 * saturation, |product| <= 255 * 128. 3x3: all weights and the sums of three lines stay in registers; a row is interleaved
 * by 8 unpacks for the 12 products that use it. */
#include "depthwise.h"
#include "simd_avx512.h"

#ifdef __clang__ /* which takes minutes over sixteen */
enum { LINES = 8 };
#else
enum { LINES = 16 };
#endif
enum { KR = 4, HALVES_3 = 1, MOST_WEIGHTS = 14, HALVES_5 = 2 };

OCTAVO_INLINE VI pair(VI a, VI b, int half) { return half ? _mm512_unpackhi_epi8(a, b) : _mm512_unpacklo_epi8(a, b); }

OCTAVO_INLINE void widen(const VI *p, VI *q) { q[0] = _mm512_unpacklo_epi16(p[0], p[1]), q[1] = _mm512_unpackhi_epi16(p[0], p[1]); }

OCTAVO_INLINE VI dot(VI acc, VI lhs, VI w, int sign) {
  return sign == OCTAVO_DEPTHWISE_S ? _mm512_dpbusd_epi32(acc, w, lhs) : _mm512_dpbusd_epi32(acc, lhs, w);
}

#define OCTAVO_DEPTHWISE_WIDE_RHS 0
#define OCTAVO_DEPTHWISE_OPS octavo_depthwise_avx512vnni
#include "depthwise_simd.inc"
