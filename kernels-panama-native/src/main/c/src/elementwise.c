/* Elementwise ops: rows of channels x inner elements, walked as spans whose parameters are all the same (a channel of a
 * channels-first tensor, or a tensor with one scale) or one per element (channels last). */
#include "elementwise.h"

#include "span.h"

enum { STRIP_ELEMENTS = 32768 /* 10 to 100 microseconds on any tier */, SLACK = 64, TILE_ROWS = 32 };

/* The rows of a shape as they are walked: a dense tensor with one channel is one long row. */
struct rows {
  int64_t outer, row, inner, channels;  /* row = channels * inner elements */
  int64_t in_stride, out_stride, in_size, out_size;
  int64_t rows_per_strip, pieces;       /* a long row is cut into pieces */
  int64_t rows_per_block, row_blocks, blocks; /* of a dynamic quantization: a strip's range is found block by block */
};

static int dynamic(const struct octavo_plan *p) { return p->spec[OCTAVO_SPEC_OP] == OCTAVO_DYNAMIC_QUANTIZE; }
static int per_row(const struct octavo_plan *p) { return p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW; }

static int64_t out_type(const int64_t *w) {
  switch (w[OCTAVO_SPEC_OP]) {
    case OCTAVO_DEQUANTIZE:
    case OCTAVO_FAKE_QUANTIZE: return OCTAVO_F32;
    default: return w[OCTAVO_SPEC_OUTPUT_TYPE];
  }
}

static void read(const struct octavo_plan *p, const int64_t *shape, struct rows *r) {
  const int64_t *w = p->spec;
  r->channels = w[OCTAVO_SPEC_N];
  r->outer = octavo_word(shape, OCTAVO_ELEMENTS_OUTER);
  r->inner = octavo_word(shape, OCTAVO_ELEMENTS_INNER);
  r->in_stride = octavo_word(shape, OCTAVO_ELEMENTS_IN_STRIDE);
  r->out_stride = octavo_word(shape, OCTAVO_ELEMENTS_OUT_STRIDE);
  r->in_size = octavo_type_bytes(w[OCTAVO_SPEC_LHS_TYPE]);
  r->out_size = octavo_type_bytes(out_type(w));
  r->row = r->channels * r->inner;
  int dense = r->in_stride == r->row * r->in_size && r->out_stride == r->row * r->out_size;
  if (r->channels == 1 && dense && !(dynamic(p) && per_row(p))) {
    r->row = r->inner = r->inner * r->outer;
    r->outer = octavo_min(1, r->outer);
  }
  r->rows_per_strip = octavo_max(1, STRIP_ELEMENTS / octavo_max(1, r->row));
  r->pieces = octavo_max(1, r->row / STRIP_ELEMENTS);
  if (dynamic(p)) {
    r->rows_per_block = per_row(p) ? 1 : r->rows_per_strip;
    r->row_blocks = r->pieces;
    r->blocks = r->pieces * (per_row(p) ? 1 : octavo_div_up(r->outer, r->rows_per_block));
    r->pieces = 1; /* a range belongs to a whole row, or to the whole tensor: then there is one strip */
    if (!per_row(p)) r->rows_per_strip = octavo_max(1, r->outer);
  }
}

const char *octavo_elementwise_name(const struct octavo_backend *b, const int64_t *w) {
  const char *const *names = b->elementwise_name;
  int64_t in = w[OCTAVO_SPEC_LHS_TYPE], out = w[OCTAVO_SPEC_OUTPUT_TYPE];
  switch (w[OCTAVO_SPEC_OP]) {
    case OCTAVO_REQUANTIZE: return names[2 * in + out];
    case OCTAVO_QUANTIZE: return names[6 + out];
    case OCTAVO_DEQUANTIZE: return names[8 + in];
    case OCTAVO_DYNAMIC_QUANTIZE: return names[11 + out];
    default: return names[13];
  }
}

static int64_t take(int64_t *end, int64_t bytes) {
  int64_t at = *end;
  *end = octavo_round_up(at + bytes, 64);
  return at;
}

int64_t octavo_plan_elementwise(struct octavo_plan *p, int64_t start) {
  const int64_t *w = p->spec;
  int64_t end = start, columns = w[OCTAVO_SPEC_N] + SLACK;
  switch (w[OCTAVO_SPEC_OP]) {
    case OCTAVO_REQUANTIZE:
      p->init = take(&end, 4 * columns);
      return octavo_plan_output(p, columns, end);
    case OCTAVO_DYNAMIC_QUANTIZE: return end;
    default: break;
  }
  if (w[OCTAVO_SPEC_RULE] == OCTAVO_LEVELS && w[OCTAVO_SPEC_OP] == OCTAVO_FAKE_QUANTIZE) {
    p->limits = take(&end, 4 * 4 * columns);
    return end;
  }
  p->multiplier = take(&end, 4 * columns);
  p->inverse = take(&end, 4 * columns);
  p->rhs_zero = take(&end, 4 * columns);
  return end;
}

void octavo_prepare_elementwise(struct octavo_plan *p, const struct octavo_constants *k) {
  const int64_t *w = p->spec;
  char *base = p->packed;
  int64_t channels = w[OCTAVO_SPEC_N], columns = channels + SLACK;
  p->bounded = 1;
  if (dynamic(p)) return;
  /* Columns past the last repeat it: a span of one channel then finds its parameters in a whole vector. */
  for (int64_t c = 0; c < columns; c++) {
    int64_t o = octavo_min(c, channels - 1), m = w[OCTAVO_SPEC_MULTIPLIERS] == 1 ? 0 : o;
    if (w[OCTAVO_SPEC_OP] == OCTAVO_REQUANTIZE) {
      ((int32_t *)(base + p->init))[c] = octavo_bias_of(p, k, o);
      octavo_prepare_column(p, c, o, k);
    } else if (p->limits) {
      for (int64_t i = 0; i < 4; i++) ((float *)(base + p->limits))[i * columns + c] = ((const float *)k->multipliers)[4 * m + i];
    } else {
      float scale = ((const float *)k->multipliers)[m];
      ((float *)(base + p->multiplier))[c] = scale;
      ((float *)(base + p->inverse))[c] = 1.0f / scale;
      ((int32_t *)(base + p->rhs_zero))[c] = octavo_rhs_zero_of(p, k, o);
    }
  }
}

int64_t octavo_elementwise_strips(const struct octavo_plan *p, const int64_t *shape) {
  struct rows r;
  read(p, shape, &r);
  return r.row == 0 && !dynamic(p) ? 0 : octavo_div_up(r.outer, r.rows_per_strip) * r.pieces;
}

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
      for (int64_t i = 0; i < o.rows; i++) {
        struct octavo_span s = {.in = in + (row + i) * in_stride, .out = tile + i * b->nr, .count = columns, .in_type = type,
                                .offset = offset, .zero = biased ? bias : 0, .zero_step = bias_step};
        b->spans->accumulate(&s);
      }
    }
    p->output(&o);
  }
}

static void requantize(const struct octavo_plan *p, const struct rows *r, const uint8_t *in, uint8_t *out, int64_t row,
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

/* The span kernels of the other ops, over elements [from, to) of a row. */
static void spans(const struct octavo_plan *p, const struct rows *r, octavo_span_fn *f, const uint8_t *in, uint8_t *out,
                  int64_t from, int64_t to) {
  const int64_t *w = p->spec;
  int64_t columns = w[OCTAVO_SPEC_N] + SLACK;
  struct octavo_span s = {.in_type = (int32_t)w[OCTAVO_SPEC_LHS_TYPE], .rule = (int32_t)w[OCTAVO_SPEC_RULE],
                          .min = (int32_t)w[OCTAVO_SPEC_MIN], .max = (int32_t)w[OCTAVO_SPEC_MAX],
                          .is_unsigned = w[OCTAVO_SPEC_OUTPUT_TYPE] == OCTAVO_U8,
                          .steps = (float)(w[OCTAVO_SPEC_LEVELS] - 1)};
  int per_element = r->inner == 1 && r->channels > 1;
  for (int64_t start = from; start < to;) {
    int64_t c = r->channels == 1 ? 0 : start / r->inner, end = per_element || r->channels == 1 ? to : octavo_min(to, (c + 1) * r->inner);
    s.in = in + start * r->in_size;
    s.out = out + start * r->out_size;
    s.count = end - start;
    s.scale_step = s.zero_step = per_element;
    if (p->limits) {
      s.low_in = OCTAVO_AT(p, float, limits) + c;
      s.high_in = s.low_in + columns;
      s.low_out = s.high_in + columns;
      s.high_out = s.low_out + columns;
    } else {
      s.scale = OCTAVO_AT(p, float, multiplier) + c;
      s.inverse = OCTAVO_AT(p, float, inverse) + c;
      s.zero = OCTAVO_AT(p, int32_t, rhs_zero) + c;
    }
    f(&s);
    start = end;
  }
}

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

static struct block block_of(const struct octavo_plan *p, const struct rows *r, int64_t row, int64_t number) {
  int64_t piece = number % r->row_blocks;
  struct block b = {.row = row + number / r->row_blocks * r->rows_per_block};
  b.rows = per_row(p) ? 1 : octavo_min(r->rows_per_block, r->outer - b.row);
  b.from = r->row * piece / r->row_blocks / 64 * 64;
  b.to = piece + 1 == r->row_blocks ? r->row : r->row * (piece + 1) / r->row_blocks / 64 * 64;
  return b;
}

/* Step 0 to blocks - 1: the range of one block more, and in the end scale and zero point; then: one block is quantized. */
static void dynamic_step(const struct octavo_plan *p, const struct rows *r, const uint8_t *in, uint8_t *out, int64_t row,
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

int64_t octavo_elementwise_steps(const struct octavo_plan *p, const int64_t *shape) {
  struct rows r;
  read(p, shape, &r);
  return dynamic(p) && r.blocks > 1 ? 2 * r.blocks : 1;
}

void octavo_elementwise_step(const struct octavo_plan *p, const int64_t *shape, const void *input, void *output,
                             int32_t *zero_points, float *scales, int64_t strip, int64_t step) {
  struct rows r;
  read(p, shape, &r);
  dynamic_step(p, &r, input, output, strip, zero_points + strip, scales + strip, step);
}

void octavo_elementwise_run(const struct octavo_plan *p, const int64_t *shape, const void *input, void *output,
                            int32_t *zero_points, float *scales, void *scratch, int64_t first, int64_t last) {
  const struct octavo_spans *f = octavo_backends[p->backend].spans;
  const uint8_t *in = input;
  uint8_t *out = output;
  struct rows r;
  read(p, shape, &r);
  for (int64_t strip = first; strip < last; strip++) {
    int64_t row = strip / r.pieces * r.rows_per_strip, rows = octavo_min(r.rows_per_strip, r.outer - row);
    int64_t piece = strip % r.pieces, from = r.row * piece / r.pieces / 64 * 64;
    int64_t to = piece + 1 == r.pieces ? r.row : r.row * (piece + 1) / r.pieces / 64 * 64;
    switch (p->spec[OCTAVO_SPEC_OP]) {
      case OCTAVO_REQUANTIZE: requantize(p, &r, in, out, row, rows, from, to, scratch); break;
      case OCTAVO_DYNAMIC_QUANTIZE:
        for (int64_t i = row; i < row + (per_row(p) ? rows : 1); i++) {
          for (int64_t step = 0; step < 2 * r.blocks; step++) {
            dynamic_step(p, &r, in, out, i, zero_points + i, scales + i, step);
          }
        }
        break;
      default:
        for (int64_t i = row; i < row + rows; i++) {
          octavo_span_fn *op = p->spec[OCTAVO_SPEC_OP] == OCTAVO_QUANTIZE     ? f->quantize
                               : p->spec[OCTAVO_SPEC_OP] == OCTAVO_DEQUANTIZE ? f->dequantize
                                                                              : f->fake_quantize;
          spans(p, &r, op, in + i * r.in_stride, out + i * r.out_stride, from, to);
        }
    }
  }
}
