/* Elementwise ops: rows of channels x inner elements, walked as spans whose parameters are all the same (a channel of a
 * channels-first tensor, or a tensor with one scale) or one per element (channels last). */
#include "elementwise.h"

#include "elementwise_pass.h"

enum { STRIP_ELEMENTS = 32768 /* 10 to 100 microseconds on any tier */, SLACK = 64 };

static int64_t out_type(const int64_t *w) {
  switch (w[OCTAVO_SPEC_OP]) {
    case OCTAVO_DEQUANTIZE:
    case OCTAVO_FAKE_QUANTIZE: return OCTAVO_F32;
    default: return w[OCTAVO_SPEC_OUTPUT_TYPE];
  }
}

static void read(const struct octavo_plan *p, const int64_t *shape, struct octavo_element_rows *r) {
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
  if (r->channels == 1 && dense && !(octavo_is_dynamic(p) && octavo_is_per_row(p))) {
    r->row = r->inner = r->inner * r->outer;
    r->outer = octavo_min(1, r->outer);
  }
  r->rows_per_strip = octavo_max(1, STRIP_ELEMENTS / octavo_max(1, r->row));
  r->pieces = octavo_max(1, r->row / STRIP_ELEMENTS);
  if (octavo_is_dynamic(p)) {
    r->rows_per_block = octavo_is_per_row(p) ? 1 : r->rows_per_strip;
    r->row_blocks = r->pieces;
    r->blocks = r->pieces * (octavo_is_per_row(p) ? 1 : octavo_div_up(r->outer, r->rows_per_block));
    r->pieces = 1; /* a range belongs to a whole row, or to the whole tensor: then there is one strip */
    if (!octavo_is_per_row(p)) r->rows_per_strip = octavo_max(1, r->outer);
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

int64_t octavo_plan_elementwise(struct octavo_plan *p, int64_t start) {
  const int64_t *w = p->spec;
  int64_t end = start, columns = w[OCTAVO_SPEC_N] + SLACK;
  switch (w[OCTAVO_SPEC_OP]) {
    case OCTAVO_REQUANTIZE:
      p->init = octavo_take(&end, 4 * columns);
      return octavo_plan_output(p, columns, end);
    case OCTAVO_DYNAMIC_QUANTIZE: return end;
    default: break;
  }
  if (w[OCTAVO_SPEC_RULE] == OCTAVO_LEVELS && w[OCTAVO_SPEC_OP] == OCTAVO_FAKE_QUANTIZE) {
    p->limits = octavo_take(&end, 4 * 4 * columns);
    return end;
  }
  p->multiplier = octavo_take(&end, 4 * columns);
  p->inverse = octavo_take(&end, 4 * columns);
  p->rhs_zero = octavo_take(&end, 4 * columns);
  return end;
}

void octavo_prepare_elementwise(struct octavo_plan *p, const struct octavo_constants *k) {
  const int64_t *w = p->spec;
  char *base = p->packed;
  int64_t channels = w[OCTAVO_SPEC_N], columns = channels + SLACK;
  p->bounded = 1;
  if (octavo_is_dynamic(p)) return;
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
  struct octavo_element_rows r;
  read(p, shape, &r);
  return r.row == 0 && !octavo_is_dynamic(p) ? 0 : octavo_div_up(r.outer, r.rows_per_strip) * r.pieces;
}

/* The span kernels of the other ops, over elements [from, to) of a row. */
static void spans(const struct octavo_plan *p, const struct octavo_element_rows *r, octavo_span_fn *f, const uint8_t *in, uint8_t *out,
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

int64_t octavo_elementwise_steps(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_element_rows r;
  read(p, shape, &r);
  return octavo_is_dynamic(p) && r.blocks > 1 ? 2 * r.blocks : 1;
}

void octavo_elementwise_step(const struct octavo_plan *p, const int64_t *shape, const void *input, void *output,
                             int32_t *zero_points, float *scales, int64_t strip, int64_t step) {
  struct octavo_element_rows r;
  read(p, shape, &r);
  octavo_dynamic_step(p, &r, input, output, strip, zero_points + strip, scales + strip, step);
}

void octavo_elementwise_run(const struct octavo_plan *p, const int64_t *shape, const void *input, void *output,
                            int32_t *zero_points, float *scales, void *scratch, int64_t first, int64_t last) {
  const struct octavo_spans *f = octavo_backends[p->backend].spans;
  const uint8_t *in = input;
  uint8_t *out = output;
  struct octavo_element_rows r;
  read(p, shape, &r);
  for (int64_t strip = first; strip < last; strip++) {
    int64_t row = strip / r.pieces * r.rows_per_strip, rows = octavo_min(r.rows_per_strip, r.outer - row);
    int64_t piece = strip % r.pieces, from = r.row * piece / r.pieces / 64 * 64;
    int64_t to = piece + 1 == r.pieces ? r.row : r.row * (piece + 1) / r.pieces / 64 * 64;
    switch (p->spec[OCTAVO_SPEC_OP]) {
      case OCTAVO_REQUANTIZE: octavo_requantize_rows(p, &r, in, out, row, rows, from, to, scratch); break;
      case OCTAVO_DYNAMIC_QUANTIZE:
        for (int64_t i = row; i < row + (octavo_is_per_row(p) ? rows : 1); i++) {
          for (int64_t step = 0; step < 2 * r.blocks; step++) {
            octavo_dynamic_step(p, &r, in, out, i, zero_points + i, scales + i, step);
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
