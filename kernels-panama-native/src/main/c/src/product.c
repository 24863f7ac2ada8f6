/* The loops that GEMM and convolution share: panels outside, rows inside.
 *
 * A panel of the rhs (k x nr) is read once per strip and stays in L1 or L2 while the strip's rows pass; the rows of a strip
 * are few enough to stay in L2. No blocking over k: accumulators live in registers from the first k to the last, and what
 * L2 must deliver (some 10 bytes per cycle) is far below what it can. A tile unit is another matter: see tiled.c. */
#include "lhs.h"
#include "pass.h"

/* WIDEN_ROWS: from here on a panel widened once costs less than widening in every tile. PAIRED_RUN: the paired sums of a row cost
 * some 3 operations per 16 of k against 4 per 2 columns saved; on shorter runs (the 21 of an RGB stem: -10 %) their ends cost more.
 * WIDE_BATCH: bytes of sums that pass to the output stage at once, where panels are not half empty: one tile of 14 x 32, with two or more
 * of which 8-bit outputs lose 2 to 8 %, or five of 6 x 16, which gain up to 8 % by it. AHEAD: a page, where a hardware prefetcher ends. */
enum { TILE_BYTES = 64 * 1024 / 8 /* of s32 accumulators: two tiles of 32 x 32, several of others */, WIDEN_ROWS = 24, PAIRED_RUN = 48,
       WIDE_BATCH = 2048, AHEAD = 4096, MOST_LANES = 16 };

struct scratch {
  int32_t *acc;        /* accumulators of one tile, or some one below another */
  uint8_t *staged;     /* a tile of output, where columns of dst are not contiguous */
  int32_t *init, *clipped; /* nr */
  int32_t *row_sums;   /* rows */
  int32_t *zero_points;/* rows */
  uint8_t *panel;      /* a panel widened to int16, */
  int32_t *pairs;      /* and the rows' paired sums; */
  int32_t *edge_pairs; /* those of pixels at the edges, by column */
};

static int64_t lay(const struct octavo_plan *p, int64_t rows, uint8_t *base, struct scratch *s) {
  int64_t end = 0;
  s->acc = (int32_t *)(base + octavo_take(&end, TILE_BYTES));
  s->staged = base + octavo_take(&end, TILE_BYTES);
  s->init = (int32_t *)(base + octavo_take(&end, 4 * p->g.nr));
  s->clipped = (int32_t *)(base + octavo_take(&end, 4 * p->g.nr));
  s->row_sums = (int32_t *)(base + octavo_take(&end, p->row_sums ? 4 * rows * p->g.share : 0));
  s->zero_points = (int32_t *)(base + octavo_take(&end, p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW ? 4 * rows : 0));
  s->panel = base + octavo_take(&end, p->tile_wide ? 2 * p->g.panel_stride : 0);
  s->pairs = (int32_t *)(base + octavo_take(&end, p->tile_wide ? 4 * rows : 0));
  s->edge_pairs = (int32_t *)(base + octavo_take(&end, p->tap_pairs ? 4 * rows : 0));
  return end;
}

int64_t octavo_product_scratch(const struct octavo_plan *p, int64_t rows) {
  struct scratch s;
  return lay(p, rows, 0, &s);
}

static struct division divide(int64_t rows, const struct octavo_backend *b) {
  if (rows <= b->mr) return (struct division){rows > 0, rows, rows > 0, 0};
  int64_t tiles = octavo_div_up(rows, b->mr), least = rows / tiles;
  if (b->full) return (struct division){tiles, b->mr, rows / b->mr, rows % b->mr};
  return (struct division){tiles, least, tiles - rows % tiles, least + 1};
}

void octavo_put(const struct octavo_pass *s, struct octavo_output_args *o, const int32_t *acc, uint8_t *dst, int64_t row, int64_t rows) {
  const struct octavo_operands *x = s->x;
  for (int64_t i = row; i < row + rows;) {
    int64_t at = i % x->period, count = octavo_min(x->period - at, row + rows - i);
    o->rows = octavo_min(count, x->valid - at);
    o->acc = acc + (i - row) * o->acc_stride;
    if (o->rows > 0) {
      octavo_finish(o, s->p->output, dst + i / x->period * x->dst_period + at * x->dst_row, x->dst_row, x->dst_column,
                    octavo_output_bytes(s->p), s->staged);
    }
    i += count;
  }
}

/* Leaves out the filter rows that see only padding in this line. What they would have added is the zero point times their
 * sums, and init gets it instead; and back what it gave up for their paired products. */
static void clip(struct octavo_pass *s, int64_t line) {
  const struct octavo_geometry *g = &s->p->g;
  struct octavo_taps taps = octavo_taps_of(s->x, line, g->run_count / g->runs_w);
  int64_t first = taps.first * g->runs_w, last = taps.last * g->runs_w;
  s->t = *s->whole;
  s->skipped = taps.first * s->t.runs.row;
  if (last - first == g->run_count) return;
  s->t.run_count = last - first;
  s->t.rhs += first * g->run_packed / g->kr * s->t.rhs_row;
  if (s->lhs_zero == 0 && !s->t.pairs) return;
  for (int64_t j = 0; j < g->nr; j++) {
    uint32_t sum = 0, pairs = 0;
    for (int64_t r = 0; r < g->run_count; r++) {
      if (r >= first && r < last) continue;
      sum += (uint32_t)s->run_sums[r * g->nr + j];
      if (s->t.pairs) pairs += (uint32_t)s->run_pairs[r * g->nr + j];
    }
    s->clipped[j] = (int32_t)((uint32_t)s->whole->init[j] + (uint32_t)s->lhs_zero * sum + pairs);
  }
  s->t.init = s->clipped;
}

/* Takes the zero points of the rhs times the sums of the rows from a tile in which groups have sums of their own. */
static void correct_groups(const struct octavo_pass *s, const int32_t *row_sums, int64_t rows) {
  const struct octavo_geometry *g = &s->p->g;
  int64_t n = g->group_n / g->share;
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < s->c.columns; j++) {
      int32_t *acc = s->buffer + i * s->o.acc_stride + j;
      *acc = octavo_wrap_add(*acc, -octavo_wrap_mul(s->c.rhs_zero_point[j], row_sums[i * g->share + j / n]));
    }
  }
}

/* One tile: computed, corrected, put where it belongs. Its first row is row `row` of the line that goes to `to`. */
static void tile(struct octavo_pass *s, uint8_t *to, int64_t row, int64_t rows, int64_t at) {
  const struct octavo_operands *x = s->x;
  s->t.rows = rows;
  s->t.acc = s->buffer;
  s->t.acc_stride = s->o.acc_stride;
  s->tile(&s->t);
  if (s->zero_points || s->row_sums) {
    s->c.rows = rows;
    s->c.lhs_zero_point = s->zero_points ? s->zero_points + at : 0;
    s->c.row_sum = s->row_sums && s->p->g.share == 1 ? s->row_sums + at : 0;
    if (s->row_sums && s->p->g.share > 1) correct_groups(s, s->row_sums + at * s->p->g.share, rows);
    octavo_backends[s->p->backend].outputs->correct(&s->c);
  }
  if (s->o.row_scale) s->o.row_scale = s->row_scales + at * s->o.row_scale_stride;
  if (s->plain) {
    s->o.rows = rows;
    s->o.acc = s->buffer;
    s->o.dst = to + row * x->dst_row;
    s->o.dst_stride = x->dst_row;
    s->p->output(&s->o);
  } else {
    octavo_put(s, &s->o, s->buffer, to, row, rows);
  }
}

/* Rows that lie as those of a tile and need nothing but the output stage. */
static void simple_rows(struct octavo_pass *s, const uint8_t *lhs, const struct division *rows, uint8_t *dst, int64_t dst_stride,
                        const int32_t *pairs) {
  const struct division d = *rows;
  s->o.dst_stride = dst_stride;
  s->o.acc = s->buffer;
  s->t.acc_stride = s->direct ? dst_stride / 4 : s->o.acc_stride;
  /* As many tiles in one call as the buffer holds. */
  int64_t most = s->direct ? d.tiles : s->tiles;
  for (int64_t i = 0; i < d.tiles; i += most) {
    int64_t count = octavo_min(most, d.tiles - i), first = octavo_max(0, octavo_min(count, d.first - i));
    int64_t all = d.rows * first + d.other * (count - first);
    s->t.rows = first > 0 ? d.rows : d.other;
    s->t.more = count - 1;
    s->t.others = count - first;
    s->t.other = d.other;
    s->t.lhs = lhs;
    s->t.pairs = pairs;
    s->t.acc = s->direct ? (int32_t *)dst : s->buffer;
    s->tile(&s->t);
    s->t.ahead = 0;
    if (!s->direct) {
      s->o.rows = all;
      s->o.dst = dst;
      s->p->output(&s->o);
    }
    lhs += all * s->t.lhs_stride;
    dst += all * dst_stride;
    if (pairs) pairs += all;
  }
  s->t.more = s->t.others = 0;
}

/* Pixels whose filter hangs over the left or right edge, one column of output pixels at a time: its rows are the lines. Taps
 * that see padding are left out, as in clip(); above and below, padding is multiplied like any other value. */
static void edges(struct octavo_pass *s, const uint8_t *lhs, uint8_t *dst) {
  const struct octavo_geometry *g = &s->p->g;
  const struct octavo_operands *x = s->x;
  const int32_t *pairs = s->whole->pairs ? s->edge_pairs : NULL;
  struct division lines = divide(x->lines, &octavo_backends[s->p->backend]);
  for (int64_t pixel = 0; pixel < x->rows; pixel++) {
    if (pixel == s->inner.first) pixel = s->inner.last;
    if (pixel == x->rows) break;
    struct octavo_taps taps = octavo_columns_of(x, pixel, g->merged_w);
    s->t = *s->whole;
    s->t.lhs_stride = x->lhs_line;
    s->t.run_k = (taps.last - taps.first) * g->run_i;
    if (s->t.run_k == 0) s->t.run_count = 0;
    s->t.rhs += taps.first * g->run_i / g->kr * s->t.rhs_row;
    s->t.rhs_skip = (g->run_packed - s->t.run_k) / g->kr * s->t.rhs_row;
    s->t.init = s->clipped;
    for (int64_t j = 0; j < g->nr; j++) {
      uint32_t init = (uint32_t)s->whole->init[j];
      for (int64_t w = 0; w < g->merged_w; w++) {
        if (w >= taps.first && w < taps.last) continue;
        init += (uint32_t)s->lhs_zero * (uint32_t)s->tap_sums[w * g->nr + j];
        if (pairs) init += (uint32_t)s->tap_pairs[w * g->nr + j];
      }
      s->clipped[j] = (int32_t)init;
    }
    simple_rows(s, lhs + pixel * x->lhs_row + taps.first * g->run_i * octavo_lhs_bytes(s->p), &lines, dst + pixel * x->dst_row,
                x->dst_line, pairs);
    if (pairs) pairs += x->lines;
  }
}

/* One panel against all rows of the strip. */
static void panel_rows(struct octavo_pass *s, const uint8_t *lhs, uint8_t *dst) {
  const struct octavo_operands *x = s->x;
  const struct division d = s->all;
  if (s->tiling) {
    octavo_tiled_rows(s, lhs, dst);
    return;
  }
  for (int64_t line = 0; line < x->lines; line++) {
    uint8_t *to = dst + line * x->dst_line;
    if (x->height > 0) clip(s, line);
    const uint8_t *from = lhs + line * x->lhs_line + s->skipped;
    if (s->simple) {
      int64_t first = s->inner.first;
      simple_rows(s, from + first * x->lhs_row, &s->middle, to + first * x->dst_row, x->dst_row,
                  s->row_pairs ? s->row_pairs + line * x->rows + first : NULL);
      continue;
    }
    for (int64_t i = 0, row = 0, rows; i < d.tiles; i++, row += rows) {
      rows = i < d.first ? d.rows : d.other;
      s->t.lhs = from + row * x->lhs_row;
      if (s->row_pairs) s->t.pairs = s->row_pairs + line * x->rows + row;
      if (s->direct) {
        s->t.rows = rows;
        s->t.acc = (int32_t *)(to + row * x->dst_row);
        s->t.acc_stride = x->dst_row / 4;
        s->tile(&s->t);
      } else {
        tile(s, to, row, rows, line * x->rows + row);
      }
    }
  }
  if (s->inner.last - s->inner.first < x->rows) edges(s, lhs, dst);
}

/* Widens a panel so that its int8 values are sign- or zero-extended once instead of once per row tile. */
static void widen(struct octavo_pass *s, int64_t width, struct scratch *room) {
  const struct octavo_plan *p = s->p;
  int64_t bytes = p->g.k_packed * width;
  octavo_backends[p->backend].lhs->pack(room->panel, 0, s->t.rhs, 0, 1, bytes, bytes, p->spec[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8);
  s->t.rhs = room->panel;
  s->t.rhs_row *= 2;
}

/* Takes from init what paired products add too much in the columns of a panel. */
static void pair(struct octavo_pass *s, int64_t group, int64_t panel, struct scratch *room) {
  const struct octavo_plan *p = s->p;
  const struct octavo_geometry *g = &p->g;
  int64_t runs = octavo_pair_runs(p);
  s->run_pairs = OCTAVO_AT(p, int32_t, pairs) + (group * g->panels + panel) * g->nr * runs;
  for (int64_t j = 0; j < g->nr; j++) {
    uint32_t init = (uint32_t)s->t.init[j];
    for (int64_t r = 0; r < runs; r++) init -= (uint32_t)s->run_pairs[r * g->nr + j];
    room->init[j] = (int32_t)init;
  }
  s->t.init = room->init;
  s->t.pairs = s->row_pairs = room->pairs;
}

/* Where rows have the values of a column's group. */
static const int32_t *spread_of(const struct octavo_plan *p, int32_t *spread) {
  int64_t n = p->g.group_n / p->g.share, words = p->g.run_packed / p->g.kr;
  for (int64_t j = 0; j < p->g.nr / 2; j++) spread[j] = (int32_t)(octavo_min(j / n, p->g.share - 1) * words);
  return spread;
}

void octavo_product(const struct octavo_plan *p, const struct octavo_operands *x, const struct octavo_range *range,
                    const struct octavo_runtime *runtime, uint8_t *base) {
  const struct octavo_geometry *g = &p->g;
  const struct octavo_backend *b = &octavo_backends[p->backend];
  const struct octavo_tile_unit *unit = x->tile ? NULL : b->unit;
  int64_t rows = x->lines * x->rows, summed = -1;
  const struct octavo_backend *rows_by = x->tile && b->unit ? b->unit->vectors : b;
  int per_row = p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW;
  struct scratch room;
  struct octavo_tile whole;
  struct octavo_tiling tiling;
  int32_t spread[MOST_LANES];
  lay(p, rows, base, &room);
  int wide = p->tile_wide && rows >= WIDEN_ROWS;
  int paired = wide && g->run_k >= PAIRED_RUN && 2 * g->group_n > 3 * g->nr;
  struct octavo_pass s = {.p = p, .x = x, .tile = x->tile ? x->tile : wide ? p->tile_wide : p->tile, .staged = room.staged, .buffer = room.acc,
                   .t = {.lhs_stride = x->lhs_row, .runs = x->runs, .run_count = g->lhs_runs, .run_k = x->run_k,
                         .tile_rows = unit ? octavo_tiled_height(x->rows, unit->rows) : 0},
                   .c = {.acc = room.acc, .acc_stride = g->nr}, .o = octavo_output_args_of(p, runtime)};
  s.o.acc_stride = g->nr;
  if (g->share > 1) s.t.spread = spread_of(p, spread);
  s.plain = x->dst_column == octavo_output_bytes(p) && x->period >= x->rows;
  s.whole = &whole;
  s.inner = octavo_inner_of(p, x);
  s.all = divide(x->rows, rows_by);
  s.middle = s.inner.last - s.inner.first == x->rows ? s.all : divide(s.inner.last - s.inner.first, rows_by);
  if (s.o.row_scale) s.row_scales = runtime->scales + x->first_row * s.o.row_scale_stride;
  if (per_row) {
    for (int64_t i = 0; i < rows; i++) room.zero_points[i] = runtime->zero_points[x->first_row + i] + octavo_lhs_turn(p);
    s.zero_points = room.zero_points;
  }
  if (p->row_sums) s.row_sums = room.row_sums;
  int skips = x->height > 0 || x->width > 0;
  if (skips) s.lhs_zero = octavo_lhs_zero(p, runtime);
  s.clipped = room.clipped;
  s.edge_pairs = room.edge_pairs;
  s.simple = s.plain && !s.zero_points && !s.row_sums && !unit && (!s.o.row_scale || s.o.row_scale_stride == 0);
  if (unit) {
    unit->begin(s.t.tile_rows);
    s.tiling = &tiling;
    octavo_tiled_begin(&s);
  }
  int64_t group = g->groups == 1 ? 0 : range->unit / g->panels, panel = range->unit - group * g->panels;
  for (int64_t left = range->units; left > 0; left--, panel++) {
    if (panel == g->panels) panel = 0, group++;
    int64_t j0 = panel * g->nr, at = octavo_column(g, group, j0);
    int64_t width = octavo_panel_width(g, panel);
    s.t.columns = s.o.columns = s.c.columns = octavo_min(g->nr, g->group_n - j0);
    s.t.rhs = OCTAVO_AT(p, uint8_t, rhs) + group * g->group_stride + panel * g->panel_stride;
    s.t.rhs_row = width * g->kr;
    s.t.init = octavo_init_of(p, at, runtime, room.init);
    if (wide) widen(&s, width, &room);
    if (paired) pair(&s, group, panel, &room);
    s.o.column = octavo_columns_at(p, at);
    s.c.column_sum = OCTAVO_AT(p, int32_t, column_sum) + at;
    s.c.rhs_zero_point = OCTAVO_AT(p, int32_t, rhs_zero) + at;
    if (p->row_sums && summed != group) {
      if (s.tiling) octavo_tiled_finish(&s); /* with the sums of the group before */
      octavo_row_sums(p, x, group, room.row_sums);
    }
    if (paired && summed != group) {
      octavo_row_pairs(p, x, group, room.pairs);
      octavo_edge_pairs(p, group, x, &s.inner, room.edge_pairs);
    }
    summed = group;
    s.tiles = octavo_max(1, (2 * s.o.columns > g->nr ? WIDE_BATCH : TILE_BYTES) / (4 * rows_by->mr * g->nr));
    s.t.narrow = s.o.columns < g->nr;
    /* What may come from memory is asked for by a panel's first tile: where others follow, which find the panel in cache, it asks for the
     * next panel. The lines of an image are many reads of one panel: they gain nothing, and lose 2 % at 7 x 7 x 512. */
    s.t.ahead = wide || x->lines > 1 ? 0 : s.all.tiles > 1 ? g->panel_stride : AHEAD;
    s.direct = s.plain && !s.zero_points && !s.row_sums && p->spec[OCTAVO_SPEC_OUTPUT] == OCTAVO_ACCUMULATORS &&
               (!s.t.narrow || !s.tiling);
    if (!s.direct) s.t.narrow = 0;
    if (skips) {
      whole = s.t;
      s.tap_sums = OCTAVO_AT(p, int32_t, tap_sums) + at * g->merged_w;
      s.tap_pairs = OCTAVO_AT(p, int32_t, tap_pairs) + at * g->merged_w;
      s.run_sums = OCTAVO_AT(p, int32_t, run_sums) + at * g->run_count;
    }
    panel_rows(&s, x->lhs + (group - x->first_group) * x->lhs_group, x->dst + (group * g->group_n + j0) * x->dst_column);
    if (skips) s.t = whole;
  }
  if (s.tiling) {
    octavo_tiled_finish(&s);
    unit->end();
  }
}
