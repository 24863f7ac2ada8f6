/* Groups side by side in 8 columns: tile 6 x 8, kr = 4. Multiply: vpdpbusd, exact as in gemm_avxvnni.c; the sign is the lhs's, which is
 * turned in the same cases as there. */
#include "avxvnni.h"
#include "gemm_avx2.h"

enum { MOST = 6, REACH = 3, KR = 4 };

OCTAVO_INLINE VI weights(const uint8_t *rhs, int sign) {
  (void)sign; /* x has it */
  return load_i((const int32_t *)rhs);
}

OCTAVO_INLINE VI dot(VI acc, VI x, VI w, int sign) { return sign ? octavo_dpbusd(acc, w, x) : octavo_dpbusd(acc, x, w); }

#include "grouped_simd.inc"

void octavo_grouped_u8s8_6x8x4_avxvnni(const struct octavo_tile *t) { tiles(t, 0); }
void octavo_grouped_s8u8_6x8x4_avxvnni(const struct octavo_tile *t) { tiles(t, 1); }
