#include "backends.h"

#include "../include/octavo.h"
#include "gemm.h"

#define TILE(mr, nr, kr, isa) #mr "x" #nr "x" #kr "_" #isa
#define NAMES(op, tile) {op "_u8u8s32_" tile, op "_u8s8s32_" tile, op "_s8u8s32_" tile, op "_s8s8s32_" tile}

#define OCTAVO_KERNEL(isa, rank, features, mr, nr, kr, wide, flips, strip_macs, uu, us, su, ss, tile_wide, outputs, lhs) \
  {"native-" #isa, rank, features, NULL, mr, nr, kr, wide, flips, strip_macs, {uu, us, su, ss}, tile_wide, &outputs,     \
   &lhs, NAMES("gemm", TILE(mr, nr, kr, isa)), NAMES("conv", TILE(mr, nr, kr, isa))},

const struct octavo_backend octavo_backends[] = {
#include "kernels.inc"
};

const int32_t octavo_backends_count = sizeof octavo_backends / sizeof octavo_backends[0];
