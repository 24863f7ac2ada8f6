#include "simd_avx2.h"

#define OCTAVO_OUTPUTS octavo_outputs_avx2
#define OCTAVO_QUAD_OUTPUTS octavo_quad_outputs_avx2
#include "output_simd.inc"
