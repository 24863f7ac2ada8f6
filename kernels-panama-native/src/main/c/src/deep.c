/* GEMM so deep that even its smallest strip, one tile by all of k, is long: 200 microseconds are 20 million products or a panel of
 * 1 MB. Such a strip can be run in steps, each a stretch of k. Its sums wait in scratch from step to step, and a step packs
 * its own stretch of the rows: nothing is packed twice, and no sum leaves the strip. */
#include "lhs.h"
#include "product.h"

enum { TILE = 64 * 1024 / 8 /* as in product.c, whose scratch is more than this needs */, RHS_BYTES = 1 << 20, WHOLE = 64,
       SHALLOW = 4096 /* never long */ };

/* Whole steps of any microkernel, or all there is. */
static int64_t depth(const struct octavo_plan *p, int64_t steps) {
  return octavo_round_up(octavo_div_up(p->g.k_packed, steps), WHOLE);
}

int64_t octavo_deep_steps(const struct octavo_plan *p, const struct octavo_partition *part) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  const struct octavo_geometry *g = &p->g;
  int64_t width = octavo_min(g->nr, octavo_round_up(g->group_n, 4)), rows = octavo_min(part->line_block, part->lines);
  if (b->unit || part->strips == 0 || part->unit_block > 1 || rows > g->mr || g->k_packed <= SHALLOW) return 1;
  int64_t steps = octavo_max(octavo_div_up(rows * width * g->k_packed, b->strip_macs), octavo_div_up(width * g->k_packed, RHS_BYTES));
  return octavo_div_up(g->k_packed, depth(p, steps));
}

/* Adds the rows' own sums, which the zero points of the rhs are multiplied with. */
static void add_row_sums(const struct octavo_plan *p, const uint8_t *lhs, int64_t stride, int64_t rows, int64_t count, int32_t *sums) {
  int32_t is_signed = (p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8) != (p->lhs_flip != 0);
  for (int64_t i = 0; i < rows; i++) {
    sums[i] = octavo_wrap_add(sums[i], octavo_backends[p->backend].lhs->sum(lhs + i * stride, count, is_signed));
  }
}

/* All sums are there. */
static void finish(const struct octavo_plan *p, const struct octavo_runtime *runtime, const struct octavo_range *r, int64_t j0,
                   int32_t *acc, int32_t *row_sums, int32_t *zero_points, uint8_t *dst, int64_t dst_stride) {
  const struct octavo_geometry *g = &p->g;
  int64_t at = octavo_column(g, 0, j0), columns = octavo_min(g->nr, g->group_n - j0);
  int per_row = p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW;
  for (int64_t i = 0; per_row && i < r->lines; i++) zero_points[i] = runtime->zero_points[r->line + i] + octavo_lhs_turn(p);
  if (per_row || p->row_sums) {
    struct octavo_correction c = {.acc = acc, .rows = r->lines, .columns = columns, .acc_stride = g->nr,
                                  .lhs_zero_point = per_row ? zero_points : NULL, .row_sum = p->row_sums ? row_sums : NULL,
                                  .column_sum = OCTAVO_AT(p, int32_t, column_sum) + at,
                                  .rhs_zero_point = OCTAVO_AT(p, int32_t, rhs_zero) + at};
    octavo_backends[p->backend].outputs->correct(&c);
  }
  struct octavo_output_args o = octavo_output_args_of(p, runtime);
  o.acc = acc;
  o.acc_stride = g->nr;
  o.rows = r->lines;
  o.columns = columns;
  o.dst = dst;
  o.dst_stride = dst_stride;
  o.column = octavo_columns_at(p, at);
  if (o.row_scale) o.row_scale += r->line * o.row_scale_stride;
  p->output(&o);
}

void octavo_deep_step(const struct octavo_plan *p, const struct octavo_range *r, const uint8_t *lhs, int64_t stride, int pack,
                      int32_t mode, uint8_t *dst, int64_t dst_stride, const struct octavo_runtime *runtime, uint8_t *scratch,
                      int64_t steps, int64_t step) {
  const struct octavo_geometry *g = &p->g;
  const struct octavo_backend *b = &octavo_backends[p->backend];
  int64_t most = depth(p, steps), from = step * most, count = octavo_min(most, g->run_k - from), element = octavo_lhs_bytes(p);
  int64_t padded = octavo_min(most, g->lhs_k - from), width = octavo_panel_width(g, r->unit), j0 = r->unit * g->nr;
  int32_t *acc = (int32_t *)scratch, *part = (int32_t *)(scratch + TILE), *room = (int32_t *)(scratch + 2 * TILE);
  int32_t *row_sums = (int32_t *)((uint8_t *)room + octavo_round_up(4 * g->nr, 64)), *zero_points = row_sums + octavo_round_up(g->mr, 16);
  /* Rows' sums and zero points have room where they are needed, as in product.c; packed rows have that of all of k. */
  uint8_t *packed = (uint8_t *)(zero_points + octavo_round_up(g->mr, 16));
  struct octavo_tile t = {.lhs = lhs + from, .lhs_stride = stride, .rows = r->lines, .runs = {.columns = 1}, .run_count = 1,
                          .run_k = count, .rhs = OCTAVO_AT(p, uint8_t, rhs) + r->unit * g->panel_stride + from * width,
                          .rhs_row = width * g->kr, .columns = octavo_min(g->nr, g->group_n - j0), .init = room,
                          .acc = step == 0 ? acc : part, .acc_stride = g->nr};
  if (pack) {
    t.lhs_stride = octavo_round_up(padded * element, 64) | 64;
    b->lhs->pack(packed, t.lhs_stride, lhs + from, stride, r->lines, count, padded, mode);
    t.lhs = packed;
    if (!b->wide) t.run_k = padded;
  }
  if (step == 0) {
    t.init = octavo_init_of(p, octavo_column(g, 0, j0), runtime, room);
    if (p->row_sums) memset(row_sums, 0, (size_t)(4 * r->lines));
  } else {
    memset(room, 0, (size_t)(4 * g->nr));
  }
  p->tile(&t);
  for (int64_t i = 0; step > 0 && i < r->lines * g->nr; i++) acc[i] = octavo_wrap_add(acc[i], part[i]);
  if (p->row_sums) add_row_sums(p, t.lhs, t.lhs_stride, r->lines, count, row_sums);
  if (step == steps - 1) {
    finish(p, runtime, r, j0, acc, row_sums, zero_points, dst + j0 * octavo_output_bytes(p), dst_stride);
  }
}
