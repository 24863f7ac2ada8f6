/* Groups side by side in 8 columns: tile 6 x 8, kr = 2. Multiply: vpmaddwd of int16 pairs, exact as in gemm_avx2.c; the sign is the
 * rhs's. */
#include "gemm_avx2.h"

enum { MOST = 6, REACH = 3, KR = 2 };

OCTAVO_INLINE VI weights(const uint8_t *rhs, int sign) {
  __m128i bytes = _mm_loadu_si128((const __m128i *)rhs);
  return sign ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes);
}

OCTAVO_INLINE VI dot(VI acc, VI x, VI w, int sign) {
  (void)sign; /* w has it */
  return _mm256_add_epi32(acc, _mm256_madd_epi16(x, w));
}

#include "grouped_simd.inc"

void octavo_grouped_s16u8_6x8x2_avx2(const struct octavo_tile *t) { tiles(t, 0); }
void octavo_grouped_s16s8_6x8x2_avx2(const struct octavo_tile *t) { tiles(t, 1); }
