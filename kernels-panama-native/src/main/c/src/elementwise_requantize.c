/* Requantization: elements become rows of a tile of accumulators, which the output function of the recipe ends as it does those of
 * a product. */
#include "elementwise.h"

#include "elementwise_pass.h"

enum { TILE_ROWS = 32 };

/* The output stage's parameters of one channel, repeated for a tile row. */
struct repeated {
  double multiplier64[64];
  float multiplier[64], bias[64];
  int32_t fixed[64], shift[64], low[64], high[64];
};

int64_t octavo_elementwise_scratch(const struct octavo_plan *p, const int64_t *shape) {
  (void)shape;
  if (p->spec[OCTAVO_SPEC_OP] != OCTAVO_REQUANTIZE) return 0;
  return 64 + octavo_round_up((int64_t)sizeof(struct repeated), 64) + TILE_ROWS * 64 * 4;
}

static struct octavo_columns repeat(const struct octavo_plan *p, int64_t c, struct repeated *to) {
  struct octavo_columns columns = octavo_columns_at(p, c), same = {0};
  for (int j = 0; j < 64; j++) {
    if (columns.multiplier) to->multiplier[j] = *columns.multiplier;
    if (columns.multiplier64) to->multiplier64[j] = *columns.multiplier64;
    if (columns.fixed) to->fixed[j] = *columns.fixed;
    if (columns.shift) to->shift[j] = *columns.shift;
    if (columns.low) to->low[j] = *columns.low;
    if (columns.high) to->high[j] = *columns.high;
    if (columns.bias) to->bias[j] = *columns.bias;
  }
  if (columns.multiplier) same.multiplier = to->multiplier;
  if (columns.multiplier64) same.multiplier64 = to->multiplier64;
  if (columns.fixed) same.fixed = to->fixed;
  if (columns.shift) same.shift = to->shift;
  if (columns.low) same.low = to->low;
  if (columns.high) same.high = to->high;
  if (columns.bias) same.bias = to->bias;
  return same;
}

/* A block of rows x columns elements, columns <= nr: to s32 in a tile, then the output function of the recipe. */
static void requantize_block(const struct octavo_plan *p, const uint8_t *in, int64_t in_stride, uint8_t *out,
                             int64_t out_stride, int64_t rows, int64_t columns, const int32_t *bias, int64_t bias_step,
                             const struct octavo_columns *parameters, int32_t *tile) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  const int64_t *w = p->spec;
  struct octavo_output_args o = {.columns = columns, .dst_stride = out_stride, .column = *parameters, .acc_stride = b->nr,
                                 .zero_point = (int32_t)w[OCTAVO_SPEC_OUTPUT_ZERO_POINT],
                                 .min = (int32_t)w[OCTAVO_SPEC_MIN], .max = (int32_t)w[OCTAVO_SPEC_MAX],
                                 .is_unsigned = w[OCTAVO_SPEC_OUTPUT_TYPE] == OCTAVO_U8, .bounded = p->bounded};
  int32_t type = (int32_t)w[OCTAVO_SPEC_LHS_TYPE], offset = (int32_t)w[OCTAVO_SPEC_LHS_ZERO_POINT];
  int biased = w[OCTAVO_SPEC_BIAS] == OCTAVO_BIAS_S32;
  for (int64_t row = 0; row < rows; row += TILE_ROWS, out += TILE_ROWS * out_stride) {
    o.rows = octavo_min(TILE_ROWS, rows - row);
    o.dst = out;
    o.acc = tile;
    if (type == OCTAVO_S32 && offset == 0 && !biased && columns == b->nr) {
      o.acc = (const int32_t *)(in + row * in_stride); /* they are accumulators already */
      o.acc_stride = in_stride / 4;
    } else {
      struct octavo_span s = {.in = in + row * in_stride, .out = tile, .count = columns, .in_type = type, .offset = offset,
                              .zero = biased ? bias : 0, .zero_step = bias_step};
      int one = columns == b->nr && in_stride == columns * octavo_type_bytes(type) && !(biased && bias_step);
      if (one) s.count *= o.rows; /* rows one behind the other, that need no other bias */
      for (int64_t i = 0; i < (one ? 1 : o.rows); i++) {
        s.in = in + (row + i) * in_stride;
        s.out = tile + i * b->nr;
        b->spans->accumulate(&s);
      }
    }
    p->output(&o);
  }
}

void octavo_requantize_rows(const struct octavo_plan *p, const struct octavo_element_rows *r, const uint8_t *in, uint8_t *out, int64_t row,
                            int64_t rows, int64_t from, int64_t to, uint8_t *scratch) {
  int64_t nr = octavo_backends[p->backend].nr, size = r->in_size;
  struct repeated *repeated = (struct repeated *)octavo_align64(scratch);
  int32_t *tile = (int32_t *)((uint8_t *)repeated + octavo_round_up((int64_t)sizeof *repeated, 64));
  const int32_t *bias = OCTAVO_AT(p, int32_t, init);
  in += row * r->in_stride;
  out += row * r->out_stride;
  if (r->inner == 1 && r->channels > 1) {
    for (int64_t j = from; j < to; j += nr) {
      struct octavo_columns columns = octavo_columns_at(p, j);
      requantize_block(p, in + j * size, r->in_stride, out + j, r->out_stride, rows, octavo_min(nr, to - j), bias + j, 1,
                       &columns, tile);
    }
    return;
  }
  for (int64_t start = from; start < to;) {
    int64_t c = start / r->inner, end = octavo_min(to, (c + 1) * r->inner), whole = (end - start) / nr;
    struct octavo_columns columns = repeat(p, c, repeated);
    for (int64_t i = 0; i < rows; i++) {
      const uint8_t *x = in + i * r->in_stride + start * size;
      uint8_t *y = out + i * r->out_stride + start;
      requantize_block(p, x, nr * size, y, nr, whole, nr, bias + c, 0, &columns, tile);
      if (start + whole * nr < end) {
        requantize_block(p, x + whole * nr * size, 0, y + whole * nr, 0, 1, end - start - whole * nr, bias + c, 0, &columns,
                         tile);
      }
    }
    start = end;
  }
}
