/* Every microkernel, declared from the one list. */
#ifndef OCTAVO_GEMM_H
#define OCTAVO_GEMM_H

#include "ukernel.h"

octavo_tile_fn octavo_gemm_s16u8_4x4x1_scalar, octavo_gemm_s16s8_4x4x1_scalar;
octavo_tile_fn octavo_gemm_s16u8_6x16x2_avx2, octavo_gemm_s16s8_6x16x2_avx2, octavo_gemm_s16s16_6x16x2_avx2;
octavo_tile_fn octavo_gemm_u8s8_6x16x4_avxvnni, octavo_gemm_s8u8_6x16x4_avxvnni;
octavo_tile_fn octavo_gemm_u8s8_14x32x4_avx512vnni, octavo_gemm_s8u8_14x32x4_avx512vnni;
octavo_tile_fn octavo_gemm_u8u8_32x32x4_amx, octavo_gemm_u8s8_32x32x4_amx, octavo_gemm_s8u8_32x32x4_amx,
    octavo_gemm_s8s8_32x32x4_amx;
octavo_tiles_begin_fn octavo_tiles_begin_amx;
octavo_tiles_end_fn octavo_tiles_end_amx;
octavo_gather_fn octavo_gather_amx;

#endif
