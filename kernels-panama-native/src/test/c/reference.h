/* The definitions, written down naively and without a line shared with the library. */
#ifndef OCTAVO_REFERENCE_H
#define OCTAVO_REFERENCE_H

#include <stdint.h>

#include "octavo.h"

/* What crosses the ABI, gathered. */
struct problem {
  int64_t spec[OCTAVO_SPEC_WORDS];
  struct octavo_shape shape;
  const void *weights, *multipliers, *bias;
  const int32_t *zero_points, *shifts;
  const void *input;
  int32_t *run_zero_points;
  float *run_scales;
};

/* One output value: the bits of what is stored, for a GEMM element or a convolution pixel. */
uint32_t reference_gemm(const struct problem *p, int64_t row, int64_t column);
uint32_t reference_conv(const struct problem *p, int64_t image, int64_t y, int64_t x, int64_t channel);
/* One element of an elementwise op: `at` counts elements in the row. DYNAMIC_QUANTIZE: scales and zero points are already in
 * run_scales and run_zero_points; reference_dynamic finds them for rows [row, row + rows). */
uint32_t reference_elementwise(const struct problem *p, int64_t row, int64_t channel, int64_t at);
void reference_dynamic(const struct problem *p, int64_t row, int64_t rows, int64_t elements, float *scale, int32_t *zero);
int32_t reference_recipe(const struct problem *p, int32_t acc, int64_t channel);

#endif
