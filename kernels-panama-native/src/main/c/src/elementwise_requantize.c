/* Requantization: elements become rows of a tile of accumulators, which the output function of the recipe ends as it does those of
 * a product. */
#include "elementwise.h"

#include "elementwise_pass.h"

enum { TILE = 4096 /* accumulators: 16 KB of L1 */, WIDE = 256 /* columns of it, where each has parameters of its own */, TILE_ROWS = 32 };

/* The output stage's parameters of one channel, repeated for a tile row. */
struct repeated {
  double multiplier64[64];
  float multiplier[64], bias[64];
  int32_t fixed[64], shift[64], low[64], high[64];
};

int64_t octavo_elementwise_scratch(const struct octavo_plan *p, const int64_t *shape) {
  (void)shape;
  if (p->spec[OCTAVO_SPEC_OP] != OCTAVO_REQUANTIZE) return 0;
  return 64 + octavo_round_up((int64_t)sizeof(struct repeated), 64) + TILE * 4;
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

/* What the output function of the recipe is told but for where and how much. */
static struct octavo_output_args output_of(const struct octavo_plan *p) {
  const int64_t *w = p->spec;
  struct octavo_output_args o = {.zero_point = (int32_t)w[OCTAVO_SPEC_OUTPUT_ZERO_POINT], .min = (int32_t)w[OCTAVO_SPEC_MIN],
                                 .max = (int32_t)w[OCTAVO_SPEC_MAX], .is_unsigned = w[OCTAVO_SPEC_OUTPUT_TYPE] == OCTAVO_U8,
                                 .bounded = p->bounded};
  return o;
}

/* Elements that are accumulators already. */
static int are_accumulators(const struct octavo_plan *p) {
  const int64_t *w = p->spec;
  return w[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S32 && w[OCTAVO_SPEC_LHS_ZERO_POINT] == 0 && w[OCTAVO_SPEC_BIAS] != OCTAVO_BIAS_S32;
}

/* `count` elements to s32, the bias of each (step 1) or of all (0) added. */
static void accumulate(const struct octavo_plan *p, const uint8_t *in, int64_t count, const int32_t *bias, int64_t step, int32_t *out) {
  const int64_t *w = p->spec;
  struct octavo_span s = {.in = in, .out = out, .count = count, .in_type = (int32_t)w[OCTAVO_SPEC_LHS_TYPE],
                          .offset = (int32_t)w[OCTAVO_SPEC_LHS_ZERO_POINT], .zero = w[OCTAVO_SPEC_BIAS] == OCTAVO_BIAS_S32 ? bias : 0,
                          .zero_step = step};
  octavo_backends[p->backend].spans->accumulate(&s);
}

/* `count` elements one behind the other with the same parameters, as rows of a tile. */
static void requantize_same(const struct octavo_plan *p, const uint8_t *in, uint8_t *out, int64_t count, const int32_t *bias,
                            const struct octavo_columns *parameters, int32_t *tile) {
  int64_t nr = octavo_backends[p->backend].nr, size = octavo_type_bytes((int32_t)p->spec[OCTAVO_SPEC_LHS_TYPE]), part;
  struct octavo_output_args o = output_of(p);
  o.column = *parameters;
  o.acc_stride = o.dst_stride = nr;
  for (; count > 0; count -= part, in += part * size, out += part) {
    int whole = count >= nr; /* a row that is none has a call of its own */
    part = whole ? octavo_min(TILE_ROWS, count / nr) * nr : count;
    o.acc = (const int32_t *)in;
    if (!whole || !are_accumulators(p)) {
      accumulate(p, in, part, bias, 0, tile);
      o.acc = tile;
    }
    o.dst = out;
    o.columns = octavo_min(part, nr);
    o.rows = part / o.columns;
    p->output(&o);
  }
}

/* Columns [from, to) with parameters of their own: nr of them at a time, down all rows where the elements are accumulators, else down as many rows
 * as a tile holds, from left to right: a call for the 32 columns of each row took twice as long in cache, and from memory as well. */
static void requantize_each(const struct octavo_plan *p, const struct octavo_element_rows *r, const uint8_t *in, uint8_t *out, int64_t rows,
                            int64_t from, int64_t to, int32_t *tile) {
  int64_t nr = octavo_backends[p->backend].nr, stride = octavo_min(WIDE, octavo_round_up(to - from, nr)), most = TILE / stride;
  const int32_t *bias = OCTAVO_AT(p, int32_t, init);
  struct octavo_output_args o = output_of(p);
  o.dst_stride = r->out_stride;
  int in_place = are_accumulators(p);
  int64_t whole = in_place ? from + (to - from) / nr * nr : from; /* columns before this one are accumulators that can be read so */
  for (int64_t j = from; j < whole; j += nr) {
    o.rows = rows, o.columns = nr;
    o.acc = (const int32_t *)(in + j * 4), o.acc_stride = r->in_stride / 4;
    o.dst = out + j;
    o.column = octavo_columns_at(p, j);
    p->output(&o);
  }
  o.acc_stride = stride;
  for (int64_t row = 0; row < rows; row += most) {
    o.rows = octavo_min(most, rows - row);
    for (int64_t at = whole; at < to; at += stride) {
      int64_t end = octavo_min(to, at + stride);
      for (int64_t i = 0; i < o.rows; i++) {
        accumulate(p, in + (row + i) * r->in_stride + at * r->in_size, end - at, bias + at, 1, tile + i * stride);
      }
      for (int64_t j = at; j < end; j += nr) {
        o.columns = octavo_min(nr, end - j);
        o.acc = tile + (j - at);
        o.dst = out + row * r->out_stride + j;
        o.column = octavo_columns_at(p, j);
        p->output(&o);
      }
    }
  }
}

void octavo_requantize_rows(const struct octavo_plan *p, const struct octavo_element_rows *r, const uint8_t *in, uint8_t *out, int64_t row,
                            int64_t rows, int64_t from, int64_t to, uint8_t *scratch) {
  int64_t size = r->in_size;
  struct repeated *repeated = (struct repeated *)octavo_align64(scratch);
  int32_t *tile = (int32_t *)((uint8_t *)repeated + octavo_round_up((int64_t)sizeof *repeated, 64));
  in += row * r->in_stride;
  out += row * r->out_stride;
  if (r->inner == 1 && r->channels > 1) {
    requantize_each(p, r, in, out, rows, from, to, tile);
    return;
  }
  for (int64_t start = from; start < to;) {
    int64_t c = start / r->inner, end = octavo_min(to, (c + 1) * r->inner);
    struct octavo_columns columns = repeat(p, c, repeated);
    for (int64_t i = 0; i < rows; i++) {
      requantize_same(p, in + i * r->in_stride + start * size, out + i * r->out_stride + start, end - start, OCTAVO_AT(p, int32_t, init) + c,
                      &columns, tile);
    }
    start = end;
  }
}
