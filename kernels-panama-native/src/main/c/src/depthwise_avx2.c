/* acc += two columns of a filter row, int16 x int16 by vpmaddwd: 32 channels in four vectors. Exact: lhs values are 8 bits
 * widened, weights are rhs minus its zero point (at most 383 in magnitude), a pair of products stays below 2^18. */
#include <immintrin.h>

#include "freestanding.h"

enum { W = 8, KR = 2 };
typedef __m256i VI;

OCTAVO_INLINE VI load(const int32_t *p) { return _mm256_loadu_si256((const VI *)p); }
OCTAVO_INLINE void store(int32_t *p, VI v) { _mm256_storeu_si256((VI *)p, v); }

/* Sixteen channels from each half of the block, so that unpacking gives quad order. */
OCTAVO_INLINE VI halves(const uint8_t *p) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)p)),
                                 _mm_loadu_si128((const __m128i *)(p + 32)), 1);
}

OCTAVO_INLINE void gather(const uint8_t *const *columns, VI *q) {
  VI a0 = halves(columns[0]), a1 = halves(columns[1]), b0 = halves(columns[0] + 16), b1 = halves(columns[1] + 16);
  q[0] = _mm256_unpacklo_epi16(a0, a1), q[1] = _mm256_unpackhi_epi16(a0, a1);
  q[2] = _mm256_unpacklo_epi16(b0, b1), q[3] = _mm256_unpackhi_epi16(b0, b1);
}

OCTAVO_INLINE VI dot(VI acc, VI lhs, const VI *w, int lhs_signed) {
  (void)lhs_signed;
  return _mm256_add_epi32(acc, _mm256_madd_epi16(lhs, _mm256_loadu_si256(w)));
}

#include "depthwise_simd.inc"

static void run_3x3(const struct octavo_depthwise *d) { walk(d, 1, 2, 2, 3, 0); }
static void run_5x5(const struct octavo_depthwise *d) { walk(d, 1, 2, 3, 5, 0); }
static void run_any(const struct octavo_depthwise *d) {
  if (d->kh == 3 && d->groups == 2) walk(d, 1, 1, 2, 3, 0); else walk(d, 1, 1, d->groups, d->kh, 0);
}

const struct octavo_depthwise_ops octavo_depthwise_avx2 = {
    4 * W, {{{run_3x3, run_3x3}, 1, 2}, {{run_5x5, run_5x5}, 1, 2}, {{run_any, run_any}, 1, 1}}};
