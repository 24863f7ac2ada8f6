#include "simd_avx512.h"

#define OCTAVO_SPANS octavo_spans_avx512
#include "elementwise_simd.inc"
