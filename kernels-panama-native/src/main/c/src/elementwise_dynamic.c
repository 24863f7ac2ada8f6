/* Quantization by a scale found in the data: two passes over a row or a tensor, block by block, for its range and for its
 * values. */
#include "elementwise_pass.h"

/* Nearest even integer of qmin - low / s inside [qmin, qmax]; NaN (0 / infinity never, infinity / infinity yes) -> qmin. */
static int32_t dynamic_zero(float low, float scale, int32_t min, int32_t max) {
  float t = low / scale;
  t = (float)min - t;
  t = t >= (float)min ? t < (float)max ? t : (float)max : (float)min;
  float lifted = t + 12582912.0f;
  return (int32_t)(lifted - 12582912.0f);
}

/* What lies in memory between the steps of a range: its ends, where its scale and zero point will be. */
union bits {
  int32_t integer;
  float real;
};

/* The part of a range that one step looks at: rows of the input from `row`, elements [from, to) of each. */
struct block {
  int64_t row, rows, from, to;
};

static struct block block_of(const struct octavo_plan *p, const struct octavo_element_rows *r, int64_t row, int64_t number) {
  int64_t piece = number % r->row_blocks;
  struct block b = {.row = row + number / r->row_blocks * r->rows_per_block};
  b.rows = octavo_is_per_row(p) ? 1 : octavo_min(r->rows_per_block, r->outer - b.row);
  b.from = r->row * piece / r->row_blocks / 64 * 64;
  b.to = piece + 1 == r->row_blocks ? r->row : r->row * (piece + 1) / r->row_blocks / 64 * 64;
  return b;
}

void octavo_dynamic_step(const struct octavo_plan *p, const struct octavo_element_rows *r, const uint8_t *in, uint8_t *out, int64_t row,
                         int32_t *zero_point, float *scale, int64_t step) {
  const struct octavo_spans *f = octavo_backends[p->backend].spans;
  const int64_t *w = p->spec;
  int is_unsigned = w[OCTAVO_SPEC_OUTPUT_TYPE] == OCTAVO_U8, symmetric = w[OCTAVO_SPEC_RULE] == OCTAVO_SYMMETRIC;
  int32_t min = is_unsigned ? 0 : -128, max = min + 255;
  struct block b = block_of(p, r, row, step % r->blocks);
  if (step < r->blocks) {
    union bits top = {.integer = *zero_point};
    float low = step == 0 ? 0 : *scale, high = step == 0 ? 0 : top.real;
    for (int64_t i = b.row; i < b.row + b.rows; i++) {
      f->range((const float *)(in + i * r->in_stride) + b.from, b.to - b.from, &low, &high);
    }
    top.real = high;
    *scale = low;
    *zero_point = top.integer;
    if (step + 1 < r->blocks) return;
    *scale = symmetric ? (-low > high ? -low : high) / (float)max : (high - low) / 255.0f;
    if (*scale == 0) *scale = 1;
    *zero_point = symmetric ? 0 : dynamic_zero(low, *scale, min, max);
    return;
  }
  struct octavo_span s = {.count = b.to - b.from, .rule = OCTAVO_DIVIDE_HALF_EVEN, .min = symmetric ? -127 : min, .max = max,
                          .is_unsigned = is_unsigned, .scale = scale, .inverse = scale, .zero = zero_point};
  for (int64_t i = b.row; i < b.row + b.rows; i++) {
    s.in = in + i * r->in_stride + b.from * r->in_size;
    s.out = out + i * r->out_stride + b.from;
    f->quantize(&s);
  }
}
