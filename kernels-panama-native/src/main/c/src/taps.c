#include "taps.h"

#include "lhs.h"

void octavo_row_sums(const struct octavo_plan *p, const struct octavo_operands *x, int64_t group, int32_t *sums) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  int32_t is_signed = (p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8) != (p->lhs_flip != 0);
  int64_t k = p->g.gather ? p->g.k : p->g.run_k;
  for (int64_t line = 0; line < x->lines; line++) {
    for (int64_t row = 0; row < x->rows; row++) {
      const uint8_t *from = x->lhs + (group - x->first_group) * x->lhs_group + line * x->lhs_line + row * x->lhs_row;
      for (int64_t i = 0; i < p->g.share; i++, from += p->g.run_packed * octavo_lhs_bytes(p)) {
        uint32_t sum = 0;
        struct octavo_run run = {0};
        for (int64_t r = 0; r < p->g.lhs_runs; r++, octavo_next_run(&x->runs, &run)) {
          sum += (uint32_t)b->lhs->sum(from + run.offset, k, is_signed);
        }
        *sums++ = (int32_t)sum;
      }
    }
  }
}

struct octavo_taps octavo_taps_of(const struct octavo_operands *x, int64_t line, int64_t taps) {
  struct octavo_taps all = {0, taps};
  if (x->height == 0) return all;
  int64_t y = x->y + line * x->y_line;
  all.first = y < 0 ? octavo_min(taps, octavo_div_up(-y, x->y_tap)) : 0;
  all.last = y >= x->height ? all.first : octavo_max(all.first, octavo_min(taps, octavo_div_up(x->height - y, x->y_tap)));
  return all;
}

void octavo_row_pairs(const struct octavo_plan *p, const struct octavo_operands *x, int64_t group, int32_t *pairs) {
  const struct octavo_lhs_ops *lhs = octavo_backends[p->backend].lhs;
  const uint8_t *from = x->lhs + (group - x->first_group) * x->lhs_group;
  for (int64_t line = 0; line < x->lines; line++) {
    struct octavo_taps taps = octavo_taps_of(x, line, p->g.run_count / p->g.runs_w);
    const uint8_t *row = from + line * x->lhs_line + taps.first * x->runs.row;
    for (int64_t i = 0; i < x->rows; i++, row += x->lhs_row) {
      *pairs++ = lhs->pairs(row, &x->runs, (taps.last - taps.first) * p->g.runs_w, x->run_k);
    }
  }
}

/* Filter columns that see more than padding in a line's pixel. */
struct octavo_taps octavo_columns_of(const struct octavo_operands *x, int64_t pixel, int64_t taps) {
  int64_t at = x->x + pixel * x->x_row;
  struct octavo_taps t = {octavo_min(taps, octavo_max(0, -at)), octavo_max(0, octavo_min(taps, x->width - at))};
  t.last = octavo_max(t.first, t.last);
  return t;
}

struct octavo_inner octavo_inner_of(const struct octavo_plan *p, const struct octavo_operands *x) {
  struct octavo_inner all = {0, x->rows};
  if (x->width == 0 || p->row_sums || x->lines < p->g.mr / 2 || x->dst_column != octavo_output_bytes(p)) return all;
  while (all.first < x->rows && octavo_columns_of(x, all.first, p->g.merged_w).first > 0) all.first++;
  while (all.last > all.first && octavo_columns_of(x, all.last - 1, p->g.merged_w).last < p->g.merged_w) all.last--;
  return all;
}

void octavo_edge_pairs(const struct octavo_plan *p, int64_t group, const struct octavo_operands *x, const struct octavo_inner *inner,
                       int32_t *pairs) {
  const struct octavo_lhs_ops *lhs = octavo_backends[p->backend].lhs;
  for (int64_t pixel = 0; pixel < x->rows; pixel++) {
    if (pixel == inner->first) pixel = inner->last;
    if (pixel == x->rows) break;
    struct octavo_taps taps = octavo_columns_of(x, pixel, p->g.merged_w);
    const uint8_t *row = x->lhs + (group - x->first_group) * x->lhs_group + pixel * x->lhs_row + taps.first * p->g.run_i * octavo_lhs_bytes(p);
    for (int64_t line = 0; line < x->lines; line++, row += x->lhs_line) {
      *pairs++ = lhs->pairs(row, &x->runs, p->g.run_count, (taps.last - taps.first) * p->g.run_i);
    }
  }
}
