/* The output stage in portable C: the norm (requant.h) applied to a tile. */
#include "requant.h"
#include "ukernel.h"

static void accumulators(const struct octavo_output_args *o) {
  for (int64_t i = 0; i < o->rows; i++) {
    memcpy(o->dst + i * o->dst_stride, o->acc + i * o->acc_stride, (size_t)(4 * o->columns));
  }
}

static void dequantized(const struct octavo_output_args *o) {
  for (int64_t i = 0; i < o->rows; i++) {
    float *dst = (float *)(o->dst + i * o->dst_stride);
    for (int64_t j = 0; j < o->columns; j++) {
      float scale = o->column.multiplier[j];
      if (o->row_scale) scale = o->row_scale[i * o->row_scale_stride] * scale;
      float value = (float)o->acc[i * o->acc_stride + j] * scale;
      if (o->column.bias) value = value + o->column.bias[j];
      dst[j] = value;
    }
  }
}

/* A loop per recipe; `q` is the norm's expression for acc, column j. Both dst types store the low byte. */
#define RECIPE(name, q)                                                      \
  static void name(const struct octavo_output_args *o) {                     \
    const struct octavo_columns *c = &o->column;                             \
    int32_t zero = o->zero_point, min = o->min, max = o->max;                \
    for (int64_t i = 0; i < o->rows; i++) {                                  \
      for (int64_t j = 0; j < o->columns; j++) {                             \
        int32_t acc = o->acc[i * o->acc_stride + j];                         \
        o->dst[i * o->dst_stride + j] = (uint8_t)(q);                        \
      }                                                                      \
    }                                                                        \
  }

RECIPE(nearest_even, octavo_float32_nearest_even(acc, c->multiplier[j], zero, min, max))
RECIPE(double_rounding, octavo_fixed_point_double_rounding(acc, c->fixed[j], c->shift[j], zero, min, max))
RECIPE(single_rounding, octavo_fixed_point_single_rounding(acc, c->fixed[j], c->shift[j], zero, min, max))
RECIPE(half_away, octavo_float64_half_away(acc, c->multiplier64[j], zero, min, max))
RECIPE(zero_point_first, octavo_float32_zero_point_first(acc, c->multiplier[j], zero, min, max))
RECIPE(float_bias, octavo_float32_float_bias(acc, c->bias[j], c->multiplier[j], zero, min, max))

static void correct(const struct octavo_correction *c) {
  for (int64_t i = 0; i < c->rows; i++) {
    uint32_t *acc = (uint32_t *)c->acc + i * c->acc_stride;
    uint32_t zero = c->lhs_zero_point ? (uint32_t)c->lhs_zero_point[i] : 0;
    uint32_t sum = c->row_sum ? (uint32_t)c->row_sum[i] : 0;
    for (int64_t j = 0; j < c->columns; j++) {
      if (c->lhs_zero_point) acc[j] -= zero * (uint32_t)c->column_sum[j];
      if (c->row_sum) acc[j] -= sum * (uint32_t)c->rhs_zero_point[j];
    }
  }
}

#define OUTPUTS {accumulators, dequantized, {nearest_even, double_rounding, single_rounding, half_away, zero_point_first, float_bias}, correct}

const struct octavo_outputs octavo_outputs_scalar = OUTPUTS;
const struct octavo_outputs octavo_quad_outputs_scalar = OUTPUTS; /* quad order of single lanes is the natural one */
