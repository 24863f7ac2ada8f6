/* Lines of a depthwise convolution, block by block: by one call of the microkernel where it ends its sums itself and dst is one
 * row of lanes, otherwise by way of the output stage. */
#include "depthwise_pass.h"

/* Blocks of a pixel come one after the other, unless what its neighbours share with it would have left L1 by then: 4 at a time, 672,14,5,1 gains 4% and
 * 512,14,3,1 3%; where they stay, 240,28,5,1 loses 3%. */
enum { WINDOW_BYTES = 40 * 1024, FEW_BLOCKS = 4 };

/* acc -= zr * (sum of the window's lhs values): only where a byte kernel meets an rhs zero point. */
static void correct(const struct octavo_depthwise_pass *s, const struct octavo_depthwise *d, int64_t column) {
  static const int32_t none[64] = {0};
  const int32_t *zero = OCTAVO_AT(s->p, int32_t, rhs_zero) + column;
  int64_t nr = s->p->g.nr;
  struct octavo_depthwise ones = *d;
  ones.weights = s->ones;
  ones.init = none;
  ones.acc = s->r.sums;
  s->run[OCTAVO_DEPTHWISE_ACC](&ones);
  for (int64_t i = 0; i < d->lines; i++) {
    for (int64_t j = 0; j < nr; j++) {
      int64_t at = i * nr + j;
      d->acc[at] = (int32_t)((uint32_t)d->acc[at] - (uint32_t)octavo_wrap_mul(zero[j], s->r.sums[at]));
    }
  }
}

/* Lanes of a block from staged to their pixels; `lane` is the first one's. */
static void scatter(const struct octavo_depthwise_pass *s, int64_t lane, int64_t lanes, uint8_t *dst, int64_t dst_line) {
  const struct octavo_conv *c = &s->t->c;
  for (int64_t line = 0; line < s->d.lines; line++) {
    const uint8_t *from = s->r.staged + line * s->p->g.nr * s->bytes;
    int64_t pixel = lane / s->lanes, channel = lane % s->lanes;
    for (int64_t j = 0; j < lanes; j++) {
      if (channel < s->channels) {
        uint8_t *to = dst + line * dst_line + pixel * c->out_w + channel * c->out_c;
        if (s->bytes == 1) *to = from[j]; else __builtin_memcpy(to, from + 4 * j, 4);
      }
      if (++channel == s->lanes) channel = 0, pixel++;
    }
  }
}

/* One block at a time: outputs that the microkernel leaves to the output stage, and those that must be scattered. */
static void block_by_block(const struct octavo_depthwise_pass *s, int64_t period, int64_t first_column, int dense, uint8_t *dst,
                           int64_t dst_line) {
  const struct octavo_plan *p = s->p;
  const struct octavo_conv *c = &s->t->c;
  struct octavo_depthwise d = s->d;
  struct octavo_output_args o = s->o;
  int64_t nr = p->g.nr, lanes = s->pixels * s->lanes, pass = 0, at = 0;
  d.blocks = d.period = d.group = 1;
  d.pass = nr;
  for (int64_t b = 0; b * nr < lanes; b++) {
    d.at = pass * s->d.lhs_pass + at * nr * c->element;
    int64_t column = first_column + at * nr;
    d.weights = s->d.weights + at * d.weights_stride;
    d.init = s->d.init + at * nr;
    d.multiplier = s->d.multiplier + at * nr;
    o.columns = d.columns = octavo_min(octavo_min(nr, lanes - b * nr), dense || s->blocks ? s->d.pass - at * nr : nr);
    o.dst = d.dst = dense ? dst + pass * s->d.dst_pass + at * nr * s->bytes : s->r.staged;
    o.dst_stride = d.dst_line = dense ? dst_line : nr * s->bytes;
    s->run[s->end](&d);
    if (s->end == OCTAVO_DEPTHWISE_ACC) {
      if (p->row_sums) correct(s, &d, column);
      o.rows = d.lines;
      o.acc = d.acc;
      o.column = octavo_columns_at(p, column);
      p->output(&o);
    }
    if (!dense) scatter(s, b * nr, d.columns, dst, dst_line);
    if (++at == period) at = 0, pass++;
  }
}

void octavo_depthwise_lines(struct octavo_depthwise_pass *s, int64_t first_column, uint8_t *dst, int64_t dst_line) {
  const struct octavo_depthwise_cut *t = s->t;
  const struct octavo_conv *c = &t->c;
  struct octavo_depthwise *d = &s->d;
  int64_t nr = s->p->g.nr, whole = s->p->period; /* blocks until the weights of dense pixels repeat */
  int dense = c->out_c == s->bytes && (s->blocks || c->out_w == s->lanes * s->bytes || s->pixels == 1);
  d->period = s->blocks ? s->blocks : whole;
  d->pass = s->blocks ? s->channels : whole * nr;
  d->dst_pass = s->blocks ? c->out_w : whole * nr * s->bytes;
  if (!dense || s->end == OCTAVO_DEPTHWISE_ACC) {
    block_by_block(s, d->period, first_column, dense, dst, dst_line);
    return;
  }
  d->columns = s->pixels * s->lanes;
  d->blocks = octavo_div_up(d->columns, nr);
  d->dst = dst;
  d->dst_line = dst_line;
  d->at = 0;
  d->group = (t->lines + c->kh) * c->kw * s->lanes > WINDOW_BYTES ? FEW_BLOCKS : d->period;
  s->run[s->end](d);
}

