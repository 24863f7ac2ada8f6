#include "simd_avx512.h"

#define OCTAVO_OUTPUTS octavo_outputs_avx512
#define OCTAVO_QUAD_OUTPUTS octavo_quad_outputs_avx512
#include "output_simd.inc"
