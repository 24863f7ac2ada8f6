#include "simd_avx512.h"

#define OCTAVO_OUTPUTS octavo_outputs_avx512
#include "output_simd.inc"
