/* acc += two taps of a filter row, int16 x int16 by vpmaddwd: 32 lanes in four vectors. Exact: lhs values are unsigned bytes
 * widened (the kernel turns the sign bit of signed ones), weights are rhs minus its zero point (at most 383 in magnitude), a
 * pair of products stays below 2^18. Never vpmaddubsw, whose int16 sum saturates. */
#include "depthwise.h"
#include "simd_avx2.h"

enum { KR = 2, LINES = 8, HALVES_3 = 2, MOST_WEIGHTS = 12, HALVES_5 = 2 };

OCTAVO_INLINE VI pair(VI a, VI b, int half) { return half ? _mm256_unpackhi_epi8(a, b) : _mm256_unpacklo_epi8(a, b); }

OCTAVO_INLINE void widen(const VI *p, VI *q) {
  VI zero = _mm256_setzero_si256();
  q[0] = _mm256_unpacklo_epi8(p[0], zero), q[1] = _mm256_unpackhi_epi8(p[0], zero);
}

OCTAVO_INLINE VI dot(VI acc, VI lhs, VI w, int sign) {
  (void)sign;
  return _mm256_add_epi32(acc, _mm256_madd_epi16(lhs, w));
}

#define OCTAVO_DEPTHWISE_WIDE_RHS 1
#define OCTAVO_DEPTHWISE_OPS octavo_depthwise_avx2
#include "depthwise_simd.inc"
