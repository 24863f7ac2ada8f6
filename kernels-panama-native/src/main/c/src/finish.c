/* What comes before and after the tiles of GEMM, convolution and depthwise alike: where accumulators start, and where outputs go. */
#include "product.h"

static void scatter(const uint8_t *from, int64_t from_stride, uint8_t *to, int64_t to_row, int64_t to_column, int64_t rows,
                    int64_t columns, int64_t bytes) {
  for (int64_t j = 0; j < columns; j++) {
    for (int64_t i = 0; i < rows; i++) {
      const uint8_t *a = from + i * from_stride + j * bytes;
      uint8_t *b = to + i * to_row + j * to_column;
      if (bytes == 1) *b = *a; else __builtin_memcpy(b, a, 4);
    }
  }
}

void octavo_finish(struct octavo_output_args *o, octavo_output_fn *output, uint8_t *dst, int64_t dst_row,
                   int64_t dst_column, int64_t bytes, uint8_t *staged) {
  if (dst_column == bytes) {
    o->dst = dst;
    o->dst_stride = dst_row;
    output(o);
  } else {
    o->dst = staged;
    o->dst_stride = o->columns * bytes;
    output(o);
    scatter(staged, o->dst_stride, dst, dst_row, dst_column, o->rows, o->columns, bytes);
  }
}

struct octavo_output_args octavo_output_args_of(const struct octavo_plan *p, const struct octavo_runtime *runtime) {
  const int64_t *w = p->spec;
  struct octavo_output_args o = {.zero_point = (int32_t)w[OCTAVO_SPEC_OUTPUT_ZERO_POINT],
                                 .min = (int32_t)w[OCTAVO_SPEC_MIN], .max = (int32_t)w[OCTAVO_SPEC_MAX],
                                 .is_unsigned = w[OCTAVO_SPEC_OUTPUT_TYPE] == OCTAVO_U8, .bounded = p->bounded};
  if (w[OCTAVO_SPEC_OUTPUT] == OCTAVO_DEQUANTIZED && w[OCTAVO_SPEC_LHS_QUANTIZATION] != OCTAVO_FIXED) {
    o.row_scale = runtime->scales;
    o.row_scale_stride = w[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW;
  }
  return o;
}

const int32_t *octavo_init_of(const struct octavo_plan *p, int64_t at, const struct octavo_runtime *runtime, int32_t *room) {
  const int32_t *init = OCTAVO_AT(p, int32_t, init) + at, *sums = OCTAVO_AT(p, int32_t, column_sum) + at;
  if (p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] != OCTAVO_PER_TENSOR) return init;
  int32_t zero = octavo_lhs_zero(p, runtime);
  for (int64_t j = 0; j < p->g.nr; j++) room[j] = (int32_t)((uint32_t)init[j] - (uint32_t)octavo_wrap_mul(zero, sums[j]));
  return room;
}
