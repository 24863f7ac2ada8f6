/* The loops that GEMM and convolution share: panels outside, rows inside.
 *
 * A panel of the rhs (k x nr) is read once per strip and stays in L1 or L2 while the strip's rows pass; the rows of a strip
 * are few enough to stay in L2. No blocking over k: accumulators live in registers from the first k to the last, and what
 * L2 must deliver (some 10 bytes per cycle) is far below what it can. */
#include "lhs.h"
#include "product.h"

enum { TILE_BYTES = 64 * 1024 / 8 /* of s32 accumulators: up to 32 x 64 */, WIDEN_ROWS = 24 };

struct scratch {
  int32_t *acc;        /* a tile of accumulators */
  uint8_t *staged;     /* a tile of output, where columns of dst are not contiguous */
  int32_t *init;       /* nr */
  int32_t *row_sums;   /* rows */
  int32_t *zero_points;/* rows */
  uint8_t *panel;      /* a panel widened to int16 */
};

static int64_t take(int64_t *end, int64_t bytes) {
  int64_t at = *end;
  *end += octavo_round_up(bytes, 64);
  return at;
}

static int64_t lay(const struct octavo_plan *p, int64_t rows, uint8_t *base, struct scratch *s) {
  int64_t end = 0;
  s->acc = (int32_t *)(base + take(&end, TILE_BYTES));
  s->staged = base + take(&end, TILE_BYTES);
  s->init = (int32_t *)(base + take(&end, 4 * p->g.nr));
  s->row_sums = (int32_t *)(base + take(&end, p->row_sums ? 4 * rows : 0));
  s->zero_points = (int32_t *)(base + take(&end, p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW ? 4 * rows : 0));
  s->panel = base + take(&end, p->tile_wide ? 2 * p->g.panel_stride : 0);
  return end;
}

int64_t octavo_product_scratch(const struct octavo_plan *p, int64_t rows) {
  struct scratch s;
  return lay(p, rows, 0, &s);
}

static void row_sums(const struct octavo_plan *p, const struct octavo_operands *x, int64_t group, int32_t *sums) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  int32_t is_signed = (p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8) != (p->lhs_flip != 0);
  for (int64_t line = 0; line < x->lines; line++) {
    for (int64_t row = 0; row < x->rows; row++) {
      const uint8_t *from = x->lhs + (group - x->first_group) * x->lhs_group + line * x->lhs_line + row * x->lhs_row;
      uint32_t sum = 0;
      for (int64_t r = 0; r < p->g.run_count; r++) sum += (uint32_t)b->lhs->sum(from + x->runs[r], p->g.run_k, is_signed);
      *sums++ = (int32_t)sum;
    }
  }
}

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

/* One panel against all rows of the strip. */
static void panel_rows(const struct octavo_plan *p, const struct octavo_operands *x, const struct octavo_runtime *runtime,
                       octavo_tile_fn *tile, struct octavo_tile *t, struct octavo_correction *c,
                       struct octavo_output_args *o, uint8_t *dst, int64_t group, uint8_t *staged) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  int64_t bytes = octavo_output_bytes(p), tiles = octavo_div_up(x->rows, p->g.mr);
  int per_row = p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW;
  const int32_t *zero_points = c->lhs_zero_point, *sums = c->row_sum;
  for (int64_t line = 0; line < x->lines; line++) {
    const uint8_t *lhs = x->lhs + (group - x->first_group) * x->lhs_group + line * x->lhs_line;
    uint8_t *to = dst + line * x->dst_line;
    int64_t row = 0;
    for (int64_t i = 0; i < tiles; i++) {
      t->rows = (x->rows - row) / (tiles - i); /* as even as can be */
      t->lhs = lhs + row * x->lhs_row;
      tile(t);
      int64_t at = line * x->rows + row;
      if (zero_points || sums) {
        c->rows = t->rows;
        c->lhs_zero_point = zero_points ? zero_points + at : 0;
        c->row_sum = sums ? sums + at : 0;
        b->outputs->correct(c);
      }
      if (o->row_scale) o->row_scale = runtime->scales + (per_row ? x->first_row + at : 0);
      o->rows = t->rows;
      octavo_finish(o, p->output, to + row * x->dst_row, x->dst_row, x->dst_column, bytes, staged);
      row += t->rows;
    }
  }
}

/* Widens a panel so that its int8 values are sign- or zero-extended once instead of once per row tile. */
static const uint8_t *widened(const struct octavo_plan *p, const uint8_t *panel, int64_t bytes, uint8_t *to) {
  octavo_backends[p->backend].lhs->pack(to, panel, bytes, p->spec[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8);
  return to;
}

void octavo_product(const struct octavo_plan *p, const struct octavo_operands *x, const struct octavo_range *range,
                    const struct octavo_runtime *runtime, uint8_t *base) {
  const struct octavo_geometry *g = &p->g;
  const int64_t *w = p->spec;
  int64_t rows = x->lines * x->rows, quantization = w[OCTAVO_SPEC_LHS_QUANTIZATION];
  struct scratch s;
  lay(p, rows, base, &s);
  int wide = p->tile_wide && rows >= WIDEN_ROWS;
  struct octavo_tile t = {.lhs_stride = x->lhs_row, .runs = x->runs, .run_count = g->run_count, .run_k = g->run_packed,
                          .acc = s.acc};
  struct octavo_output_args o = octavo_output_args_of(p, runtime);
  o.acc = s.acc;
  o.acc_stride = g->nr;
  if (quantization == OCTAVO_PER_ROW) {
    for (int64_t i = 0; i < rows; i++) s.zero_points[i] = runtime->zero_points[x->first_row + i] + octavo_lhs_turn(p);
  }
  int64_t summed = -1;
  for (int64_t unit = range->unit; unit < range->unit + range->units; unit++) {
    int64_t group = unit / g->panels, panel = unit % g->panels, j0 = panel * g->nr, at = octavo_column(g, group, j0);
    int64_t width = octavo_panel_width(g, panel);
    struct octavo_correction c = {.acc = s.acc, .acc_stride = g->nr};
    t.columns = o.columns = c.columns = octavo_min(g->nr, g->group_n - j0);
    t.rhs = OCTAVO_AT(p, uint8_t, rhs) + group * g->group_stride + panel * g->panel_stride;
    t.rhs_row = width * g->kr;
    if (wide) {
      t.rhs = widened(p, t.rhs, g->run_count * g->run_packed * width, s.panel);
      t.rhs_row *= 2;
    }
    t.init = octavo_init_of(p, at, runtime, s.init);
    if (quantization == OCTAVO_PER_ROW) {
      c.lhs_zero_point = s.zero_points;
      c.column_sum = OCTAVO_AT(p, int32_t, column_sum) + at;
    }
    if (p->row_sums) {
      if (summed != group) row_sums(p, x, group, s.row_sums);
      summed = group;
      c.row_sum = s.row_sums;
      c.rhs_zero_point = OCTAVO_AT(p, int32_t, rhs_zero) + at;
    }
    o.column = octavo_columns_at(p, at);
    uint8_t *dst = x->dst + (group * g->group_n + j0) * x->dst_column;
    panel_rows(p, x, runtime, wide ? p->tile_wide : p->tile, &t, &c, &o, dst, group, s.staged);
  }
}
