#include "backends.h"

#include "../include/octavo.h"
#include "gemm.h"

#define TILE(mr, nr, kr, isa) #mr "x" #nr "x" #kr "_" #isa
#define NAMES(op, tile) {op "_u8u8s32_" tile, op "_u8s8s32_" tile, op "_s8u8s32_" tile, op "_s8s8s32_" tile}

#define ELEMENTWISE_NAMES(isa)                                                                                 \
  {"requantize_u8u8_" isa,   "requantize_u8s8_" isa,  "requantize_s8u8_" isa,        "requantize_s8s8_" isa,   \
   "requantize_s32u8_" isa,  "requantize_s32s8_" isa, "quantize_f32u8_" isa,         "quantize_f32s8_" isa,    \
   "dequantize_u8f32_" isa,  "dequantize_s8f32_" isa, "dequantize_s32f32_" isa,      "dynamicquantize_f32u8_" isa, \
   "dynamicquantize_f32s8_" isa, "fakequantize_f32f32_" isa}

/* By way; mr = lines whose sums are in registers at once. */
#define WALKED(tile)                                                                                            \
  {NAMES("depthwise", "3x" tile), NAMES("depthwise", "2x" tile), NAMES("depthwise", "5x" tile), NAMES("depthwise", "3x" tile), \
   NAMES("depthwise", "7x" tile), NAMES("depthwise", "4x" tile), NAMES("depthwise", "4x" tile)}
#define LINE_BY_LINE(tile)                                                                                      \
  {NAMES("depthwise", "1x" tile), NAMES("depthwise", "1x" tile), NAMES("depthwise", "1x" tile), NAMES("depthwise", "1x" tile), \
   NAMES("depthwise", "1x" tile), NAMES("depthwise", "1x" tile), NAMES("depthwise", "1x" tile)}

/* By 2 * lhs_is_signed + rhs_is_signed. */
#define GROUPED(uu, us, su, ss) {uu, us, su, ss}
#define NOT_GROUPED {NULL, NULL, NULL, NULL}

#ifdef OCTAVO_EMULATE
#define OCTAVO_NEEDS(features, imitation) imitation
#define OCTAVO_EMULATED(why) why
#else
#define OCTAVO_NEEDS(features, imitation) features
#define OCTAVO_EMULATED(why) NULL
#endif

/* The order of the table. */
enum {
#define OCTAVO_KERNEL(isa, ...) AT_##isa,
#include "kernels.inc"
#undef OCTAVO_KERNEL
};

#ifdef OCTAVO_X86
/* Setting up tiles takes 204 cycles, the first product 45 and 52, the stores 16 each: about 300. Vectors multiply 128 in each. */
static const struct octavo_tile_unit amx = {16, 64, octavo_tiles_begin_amx, octavo_tiles_end_amx, octavo_gather_amx,
                                            &octavo_backends[AT_avx512vnni], 300 * 128};
#endif

#define OCTAVO_KERNEL(isa, rank, features, emulated, mr, nr, kr, full, wide, flips, strip_macs, uu, us, su, ss, grouped, tile_wide, winograd, unit, simd, \
                      lhs, lhs_bytes, dw, dw_names, dw_tile)                                                                          \
  {"native-" #isa, rank, features, emulated, mr, nr, kr, full, wide, flips, strip_macs, {uu, us, su, ss}, grouped, tile_wide, unit,      \
   &octavo_outputs_##simd, &octavo_quad_outputs_##simd, &octavo_lhs_##lhs, &octavo_lhs_##lhs_bytes, &octavo_spans_##simd, winograd, &octavo_depthwise_##dw,  \
   NAMES("gemm", TILE(mr, nr, kr, isa)), NAMES("gemv", TILE(1, nr, kr, isa)), NAMES("conv", TILE(mr, nr, kr, isa)),       \
   NAMES("grouped", TILE(mr, nr, kr, isa)), NAMES("winograd", TILE(mr, nr, kr, isa)), \
   dw_names(#dw_tile "_" #isa),                                                                                          \
   ELEMENTWISE_NAMES(#isa)},

const struct octavo_backend octavo_backends[] = {
#include "kernels.inc"
};

const int32_t octavo_backends_count = sizeof octavo_backends / sizeof octavo_backends[0];
