/* What passes between elementwise.c, which cuts a tensor into rows and strips, and the two ops that are more than a span kernel:
 * elementwise_requantize.c and elementwise_dynamic.c. */
#ifndef OCTAVO_ELEMENTWISE_PASS_H
#define OCTAVO_ELEMENTWISE_PASS_H

#include "plan.h"
#include "span.h"

/* The rows of a shape as they are walked: a dense tensor with one channel is one long row. */
struct octavo_element_rows {
  int64_t outer, row, inner, channels;  /* row = channels * inner elements */
  int64_t in_stride, out_stride, in_size, out_size;
  int64_t rows_per_strip, pieces;       /* a long row is cut into pieces */
  int64_t rows_per_block, row_blocks, blocks; /* of a dynamic quantization: a strip's range is found block by block */
};

OCTAVO_INLINE int octavo_is_dynamic(const struct octavo_plan *p) { return p->spec[OCTAVO_SPEC_OP] == OCTAVO_DYNAMIC_QUANTIZE; }
OCTAVO_INLINE int octavo_is_per_row(const struct octavo_plan *p) { return p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW; }

/* Elements [from, to) of `rows` rows from `row` on. */
void octavo_requantize_rows(const struct octavo_plan *p, const struct octavo_element_rows *r, const uint8_t *in, uint8_t *out, int64_t row,
                            int64_t rows, int64_t from, int64_t to, uint8_t *scratch);

/* Step 0 to blocks - 1: the range of one block more, and in the end scale and zero point; then: one block is quantized. */
void octavo_dynamic_step(const struct octavo_plan *p, const struct octavo_element_rows *r, const uint8_t *in, uint8_t *out, int64_t row,
                         int32_t *zero_point, float *scale, int64_t step);

#endif
