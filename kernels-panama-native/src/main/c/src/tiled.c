/* The rows of a panel on a unit with tile registers.
 *
 * Such a unit multiplies for hundreds of cycles while the vector units wait for its sums, and then waits for them: between two
 * tiles stand the last product's latency, the stores, and some 30 instructions for every two rows of output. So a tile is
 * finished one tile later: its sums wait in a buffer, and the microkernel of the next tile does a few of their rows after each
 * step of k, when products are queued for longer than that takes.
 *
 * It also eats 128 bytes of lhs and rhs a cycle at most, in every 64 cycles 2 KB of each, and what comes from L2 takes the time of
 * loads. A panel stays in L1 while the blocks of rows pass, if there is room for it beside one of them. So that more of both
 * does, everything goes to and fro: the rows of one panel down and those of the next up, the k of one tile up and of the next down. What
 * was read last is read first. */
#include "pass.h"

static void finish_rows(struct octavo_chore *chore, int64_t rows) {
  struct octavo_waiting *w = (struct octavo_waiting *)chore;
  const struct octavo_pass *s = w->pass;
  if (s->zero_points || s->row_sums) {
    w->c.acc = w->acc;
    w->c.rows = rows;
    w->c.lhs_zero_point = s->zero_points ? s->zero_points + w->at : 0;
    w->c.row_sum = s->row_sums ? s->row_sums + w->at : 0;
    octavo_backends[s->p->backend].outputs->correct(&w->c);
  }
  if (w->o.row_scale) w->o.row_scale = s->row_scales + w->at * w->o.row_scale_stride;
  if (s->plain) {
    w->o.rows = rows;
    w->o.acc = w->acc;
    w->o.dst = w->to + w->row * s->x->dst_row;
    w->o.dst_stride = s->x->dst_row;
    s->p->output(&w->o);
  } else {
    octavo_put(s, &w->o, w->acc, w->to, w->row, rows);
  }
  w->acc += rows * w->o.acc_stride;
  w->row += rows;
  w->at += rows;
  chore->left -= rows;
}

void octavo_tiled_finish(struct octavo_pass *s) {
  struct octavo_chore *chore = &s->tiling->waiting.chore;
  if (chore->left > 0) finish_rows(chore, chore->left);
}

void octavo_tiled_begin(struct octavo_pass *s) {
  struct octavo_tiling *t = s->tiling;
  const struct octavo_geometry *g = &s->p->g;
  int64_t last = s->t.run_count - 1, columns = s->t.runs.columns;
  t->waiting.chore.left = 0;
  t->waiting.chore.rows = finish_rows;
  t->waiting.pass = s;
  t->buffers[0] = s->buffer;
  t->buffers[1] = s->buffer + g->mr * g->nr;
  t->up = 1;
  struct octavo_run run = {.at = last % columns, .line = last / columns * s->t.runs.row};
  run.offset = run.line + run.at * s->t.runs.column;
  s->t.last_run = run;
  s->t.chore = &t->waiting.chore;
}

/* A tile whose last `rows` rows are new: computed now, finished during the next. */
static void tile(struct octavo_pass *s, uint8_t *to, int64_t row, int64_t rows, int64_t back, int64_t at) {
  struct octavo_waiting *w = &s->tiling->waiting;
  s->t.rows = rows + back;
  s->t.acc = s->buffer;
  s->t.acc_stride = s->o.acc_stride;
  s->tile(&s->t);
  octavo_tiled_finish(s);
  w->chore.left = rows;
  w->o = s->o;
  w->c = s->c;
  w->acc = s->buffer + back * s->o.acc_stride;
  w->to = to;
  w->row = row;
  w->at = at;
  s->buffer = s->tiling->buffers[s->buffer == s->tiling->buffers[0]];
}

/* Rows of a line from `row` on: full tiles, the last reaching back over rows already done or yet to be. */
static void block(struct octavo_pass *s, const uint8_t *lhs, uint8_t *to, int64_t at, int64_t row) {
  const struct octavo_operands *x = s->x;
  int64_t rows = octavo_min(2 * s->t.tile_rows, x->rows - row), back = octavo_max(0, s->t.tile_rows - rows);
  s->t.lhs = lhs + (row - back) * x->lhs_row;
  s->t.down = !s->t.down;
  if (s->direct && back == 0) {
    s->t.rows = rows;
    s->t.acc = (int32_t *)(to + row * x->dst_row);
    s->t.acc_stride = x->dst_row / 4;
    s->tile(&s->t);
  } else {
    tile(s, to, row, rows, back, at + row);
  }
}

void octavo_tiled_rows(struct octavo_pass *s, const uint8_t *lhs, uint8_t *dst) {
  const struct octavo_operands *x = s->x;
  int64_t step = 2 * s->t.tile_rows, blocks = octavo_div_up(x->rows, step), up = s->tiling->up = !s->tiling->up;
  for (int64_t i = 0; i < x->lines; i++) {
    int64_t line = up ? x->lines - 1 - i : i;
    for (int64_t j = 0; j < blocks; j++) {
      block(s, lhs + line * x->lhs_line, dst + line * x->dst_line, line * x->rows, (up ? blocks - 1 - j : j) * step);
    }
  }
}
