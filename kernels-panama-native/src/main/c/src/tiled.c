/* The rows of a panel on a unit with tile registers.
 *
 * Such a unit multiplies for hundreds of cycles while the vector units wait for its sums, and then waits for them: between two
 * tiles stand the last product's latency, the stores, and some 30 instructions for every two rows of output. So a tile is
 * finished one tile later: its sums wait in a buffer, and the microkernel of the next tile does a few of their rows after each
 * step of k, when products are queued for longer than that takes.
 *
 * It also eats 128 bytes of lhs and rhs a cycle at most, in every 64 cycles 2 KB of each. A panel of the rhs is read once for
 * every block of rows, with a block of the lhs between: from L1 where both fit, else both from L2, which is more than that can
 * deliver for long. So k is cut into parts that fit, and sums go through a buffer from part to part. */
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

void octavo_tiled_begin(struct octavo_pass *s, int32_t *partial, int64_t rows) {
  struct octavo_tiling *t = s->tiling;
  const struct octavo_geometry *g = &s->p->g;
  t->waiting.chore.left = 0;
  t->waiting.chore.rows = finish_rows;
  t->waiting.pass = s;
  t->buffers[0] = s->buffer;
  t->buffers[1] = s->buffer + g->mr * g->nr;
  t->partial[0] = partial;
  t->partial[1] = partial + rows * g->nr;
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

/* One line, one part of k. */
static void line_part(struct octavo_pass *s, const uint8_t *lhs, uint8_t *to, int64_t at, int64_t part, int64_t parts) {
  const struct octavo_operands *x = s->x;
  const int32_t *init = s->t.init;
  int64_t nr = s->p->g.nr, rows;
  for (int64_t row = 0; row < x->rows; row += rows) {
    /* Full tiles, the last reaching back over rows already done. */
    rows = octavo_min(2 * s->t.tile_rows, x->rows - row);
    int64_t back = octavo_max(0, s->t.tile_rows - rows);
    s->t.lhs = lhs + (row - back) * x->lhs_row;
    if (part > 0) s->t.init = s->tiling->partial[part & 1] + (row - back) * nr;
    if (part < parts - 1) {
      s->t.rows = rows + back;
      s->t.acc = s->tiling->partial[~part & 1] + (row - back) * nr;
      s->t.acc_stride = nr;
      s->tile(&s->t);
    } else if (s->direct && back == 0) {
      s->t.rows = rows;
      s->t.acc = (int32_t *)(to + row * x->dst_row);
      s->t.acc_stride = x->dst_row / 4;
      s->tile(&s->t);
    } else {
      tile(s, to, row, rows, back, at + row);
    }
  }
  s->t.init = init;
}

void octavo_tiled_rows(struct octavo_pass *s, const uint8_t *lhs, uint8_t *dst) {
  const struct octavo_operands *x = s->x;
  struct octavo_tile whole = s->t;
  int64_t parts = x->lines == 1 && x->rows > 2 * s->t.tile_rows ? octavo_tiled_parts(s->p) : 1;
  int64_t length = octavo_round_up(octavo_div_up(whole.run_k, parts), 64);
  s->t.chore = &s->tiling->waiting.chore;
  for (int64_t part = 0; part < parts; part++) {
    int64_t q = part * length;
    if (parts > 1) {
      s->t.run_k = octavo_min(length, whole.run_k - q);
      s->t.rhs = whole.rhs + q / s->p->g.kr * whole.rhs_row;
      s->t.init_stride = part == 0 ? 0 : 4 * s->p->g.nr;
    }
    for (int64_t line = 0; line < x->lines; line++) {
      line_part(s, lhs + q + line * x->lhs_line, dst + line * x->dst_line, line * x->rows, part, parts);
    }
  }
  s->t = whole;
}
