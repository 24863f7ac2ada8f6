/* Groups side by side in 16 columns: tile 14 x 16, kr = 4. Multiply: vpdpbusd, exact as in gemm_avx512vnni.c; the sign is the lhs's,
 * which is turned in the same cases as there. */
#include "gemm.h"
#include "simd_avx512.h"

enum { MOST = 14, REACH = 4, KR = 4 };

OCTAVO_INLINE VI of_groups(const uint8_t *lhs, VI spread, int near) {
  if (!near) return _mm512_permutexvar_epi32(spread, _mm512_loadu_si512(lhs));
  __m512i bytes = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)lhs));
  return _mm512_castps_si512(_mm512_permutevar_ps(_mm512_castsi512_ps(bytes), spread));
}

OCTAVO_INLINE VI weights(const uint8_t *rhs, int sign) {
  (void)sign; /* x has it */
  return load_i((const int32_t *)rhs);
}

OCTAVO_INLINE VI dot(VI acc, VI x, VI w, int sign) { return sign ? _mm512_dpbusd_epi32(acc, w, x) : _mm512_dpbusd_epi32(acc, x, w); }

#include "grouped_simd.inc"

void octavo_grouped_u8s8_14x16x4_avx512vnni(const struct octavo_tile *t) { tiles(t, 0); }
void octavo_grouped_s8u8_14x16x4_avx512vnni(const struct octavo_tile *t) { tiles(t, 1); }
