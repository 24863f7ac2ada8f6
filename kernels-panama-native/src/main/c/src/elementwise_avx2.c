#include "simd_avx2.h"

#define OCTAVO_SPANS octavo_spans_avx2
#include "elementwise_simd.inc"
