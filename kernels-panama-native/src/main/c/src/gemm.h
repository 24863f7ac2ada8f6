/* Every microkernel, declared from the one list. */
#ifndef OCTAVO_GEMM_H
#define OCTAVO_GEMM_H

#include "ukernel.h"

octavo_tile_fn octavo_gemm_s16u8_4x4x1_scalar, octavo_gemm_s16s8_4x4x1_scalar;
octavo_tile_fn octavo_gemm_s16u8_6x16x2_avx2, octavo_gemm_s16s8_6x16x2_avx2, octavo_gemm_s16s16_6x16x2_avx2;
octavo_tile_fn octavo_gemm_u8s8_6x16x4_avxvnni, octavo_gemm_s8u8_6x16x4_avxvnni, octavo_gemm_s8s8_6x16x4_avxvnni;
octavo_tile_fn octavo_gemm_u8s8_14x32x4_avx512vnni, octavo_gemm_s8u8_14x32x4_avx512vnni, octavo_gemm_s8s8_14x32x4_avx512vnni;
octavo_tile_fn octavo_gemm_u8u8_32x32x4_amx, octavo_gemm_u8s8_32x32x4_amx, octavo_gemm_s8u8_32x32x4_amx,
    octavo_gemm_s8s8_32x32x4_amx;
/* Of several groups side by side: half as many columns. */
octavo_tile_fn octavo_grouped_s16u8_6x8x2_avx2, octavo_grouped_s16s8_6x8x2_avx2;
octavo_tile_fn octavo_grouped_u8s8_6x8x4_avxvnni, octavo_grouped_s8u8_6x8x4_avxvnni;
octavo_tile_fn octavo_grouped_u8s8_14x16x4_avx512vnni, octavo_grouped_s8u8_14x16x4_avx512vnni;
octavo_tiles_begin_fn octavo_tiles_begin_amx;
octavo_tiles_end_fn octavo_tiles_end_amx;
octavo_gather_fn octavo_gather_amx;

/* Where a tile begins, of those that a call computes one below another. */
struct octavo_place {
  const uint8_t *lhs;
  int32_t *acc;
  const int32_t *pairs;
};

/* Rows of the tile before the last `left` ones; the place of the next. */
OCTAVO_INLINE int64_t octavo_tile_rows(const struct octavo_tile *t, int64_t left) { return left < t->others ? t->other : t->rows; }

OCTAVO_INLINE void octavo_next_tile(const struct octavo_tile *t, struct octavo_place *p, int64_t rows) {
  p->lhs += rows * t->lhs_stride;
  p->acc += rows * t->acc_stride;
  if (p->pairs) p->pairs += rows;
}

#endif
