/* The loops of a depthwise convolution. Output is cut into *chunks*, a few lines by some pixels; the part of the image that a
 * chunk sees goes into scratch, small enough for L2, and the microkernel passes over it block by block. Strips are so and so
 * many chunks. */
#include "depthwise.h"

#include "image.h"
#include "product.h"

enum {
  IMAGE_BYTES = 32 * 1024, /* of a chunk's scratch image: it stays in L1, ... */
  LARGE_IMAGE_BYTES = 128 * 1024, /* ... or in L2, where its pieces would be too small */
  MOST_LINES = 2 * OCTAVO_DEPTHWISE_LINES,
  FEW_PIXELS = 16,
  FEW_BLOCKS = 2,
  STRIPS_WANTED = 16
};

struct cut {
  struct octavo_conv c;      /* as the scratch image sees it: one plane, one pixel of it per output pixel */
  int64_t stride, planes, column; /* to the right; planes that some tap reads; input columns from plane to plane */
  int64_t shift;             /* pixels of a plane right of an output pixel that its taps reach */
  int64_t lines, pixels;     /* of a chunk */
  int64_t blocks, lanes;     /* of a pixel of a chunk: some of its blocks, or (blocks = 0) all of its channels, packed densely */
  int64_t line_parts, pixel_parts, block_parts, chunks, chunks_per_strip;
};

static const struct octavo_depthwise_ops *ops(const struct octavo_plan *p) { return octavo_backends[p->backend].depthwise; }

static int64_t image_rows(const struct cut *t) { return octavo_image_rows(&t->c, t->lines); }

/* Pixels of a scratch row; an odd number, so that rows do not all fall into the same sets of a cache. */
static int64_t image_width(const struct cut *t) { return (t->pixels + t->shift) | 1; }

/* A plane; the last block of a row may reach past its end. */
static int64_t plane_bytes(const struct octavo_plan *p, const struct cut *t) {
  return octavo_round_up((image_rows(t) * image_width(t) * t->lanes + p->g.nr) * t->c.element, 64);
}

/* `whole` in parts of at most `part`, as even as can be; returns their number. */
static int64_t even_parts(int64_t whole, int64_t *part) {
  *part = octavo_div_up(whole, octavo_div_up(whole, *part));
  return octavo_div_up(whole, *part);
}

static void cut(const struct octavo_plan *p, const int64_t *shape, struct cut *t) {
  octavo_conv_read(p, shape, &t->c);
  struct octavo_conv *c = &t->c;
  t->stride = c->jump_w;
  t->planes = octavo_min(t->stride, (c->kw - 1) * c->dw + 1);
  t->column = c->step_w; /* more than 1 only where there is one plane */
  t->shift = (c->kw - 1) * c->dw / c->jump_w;
  c->step_w *= c->jump_w;
  c->jump_w = 1;
  t->chunks = t->chunks_per_strip = 0;
  t->blocks = p->lanes % p->g.nr == 0 ? p->lanes / p->g.nr : 0;
  t->lanes = p->lanes;
  if (c->batch == 0 || c->oh == 0) return;
  t->lines = MOST_LINES;
  t->line_parts = even_parts(c->oh, &t->lines);
  int64_t column = t->planes * image_rows(t) * c->element, fit = IMAGE_BYTES / column; /* bytes, and lanes, of a column of lanes */
  t->block_parts = 1;
  if (t->blocks) {
    int64_t nr = p->g.nr;
    t->blocks = octavo_min(t->blocks, octavo_max(FEW_BLOCKS, fit / (nr * (c->ow + t->shift))));
    t->block_parts = even_parts(p->lanes / nr, &t->blocks);
    t->lanes = t->blocks * nr;
  }
  t->pixels = octavo_min(c->ow, fit / t->lanes - t->shift);
  if (t->pixels < octavo_min(c->ow, FEW_PIXELS)) {
    t->pixels = octavo_max(1, octavo_min(octavo_min(c->ow, FEW_PIXELS), LARGE_IMAGE_BYTES / column / t->lanes - t->shift));
  }
  t->pixel_parts = even_parts(c->ow, &t->pixels);
  t->chunks = c->batch * t->line_parts * t->pixel_parts * t->block_parts;
  int64_t macs = octavo_max(1, t->lines * t->pixels * t->lanes * c->kh * c->kw);
  int64_t budget = octavo_backends[p->backend].strip_macs / 2;
  int64_t limit = octavo_min(budget, octavo_max(budget / 8, macs * t->chunks / STRIPS_WANTED));
  t->chunks_per_strip = octavo_max(1, limit / macs);
}

int64_t octavo_depthwise_strips(const struct octavo_plan *p, const int64_t *shape) {
  struct cut t;
  cut(p, shape, &t);
  return t.chunks == 0 ? 0 : octavo_div_up(t.chunks, t.chunks_per_strip);
}

/* Where things are in scratch. */
struct room {
  int32_t *init, *acc, *sums;
  uint8_t *staged;           /* one block's output, where dst is not one row of lanes */
  uint8_t *image;
};

static int64_t take(int64_t *end, int64_t bytes) {
  int64_t at = *end;
  *end += octavo_round_up(bytes, 64);
  return at;
}

static int64_t lay(const struct octavo_plan *p, const struct cut *t, uint8_t *base, struct room *r) {
  int64_t end = 0, block = OCTAVO_DEPTHWISE_LINES * p->g.nr * 4;
  int at_run_time = p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] != OCTAVO_FIXED;
  r->init = (int32_t *)(base + take(&end, at_run_time ? 4 * p->period * p->g.nr : 0));
  r->acc = (int32_t *)(base + take(&end, block));
  r->sums = (int32_t *)(base + take(&end, p->row_sums ? block : 0));
  r->staged = base + take(&end, block);
  r->image = base + take(&end, t->chunks == 0 ? 0 : t->planes * plane_bytes(p, t));
  return end;
}

int64_t octavo_depthwise_scratch(const struct octavo_plan *p, const int64_t *shape) {
  struct cut t;
  struct room r;
  cut(p, shape, &t);
  return 64 + lay(p, &t, 0, &r);
}

/* What passes through the blocks of a chunk. */
struct pass {
  const struct octavo_plan *p;
  const struct cut *t;
  struct octavo_depthwise d; /* lhs, weights, init, multiplier, dst and lines: of the chunk's first block and lines at hand */
  struct octavo_output_args o;
  octavo_depthwise_fn *const *run;
  enum octavo_depthwise_end end;
  int64_t bytes;             /* of an output element */
  int64_t blocks, lanes, channels, pixels; /* as in cut, of the chunk at hand */
  struct room r;
};

/* acc -= zr * (sum of the window's lhs values): only where a byte kernel meets an rhs zero point. */
static void correct(const struct pass *s, const struct octavo_depthwise *d, int64_t column) {
  static const int32_t none[64] = {0};
  const int32_t *zero = OCTAVO_AT(s->p, int32_t, rhs_zero) + column;
  int64_t nr = s->p->g.nr;
  struct octavo_depthwise ones = *d;
  ones.weights = OCTAVO_AT(s->p, uint8_t, ones);
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
static void scatter(const struct pass *s, int64_t lane, int64_t lanes, uint8_t *dst) {
  const struct octavo_conv *c = &s->t->c;
  for (int64_t line = 0; line < s->d.lines; line++) {
    const uint8_t *from = s->r.staged + line * s->p->g.nr * s->bytes;
    int64_t pixel = lane / s->lanes, channel = lane % s->lanes;
    for (int64_t j = 0; j < lanes; j++) {
      if (channel < s->channels) {
        uint8_t *to = dst + line * c->out_h + pixel * c->out_w + channel * c->out_c;
        if (s->bytes == 1) *to = from[j]; else __builtin_memcpy(to, from + 4 * j, 4);
      }
      if (++channel == s->lanes) channel = 0, pixel++;
    }
  }
}

/* One block at a time: outputs that the microkernel leaves to the output stage, and those that must be scattered. */
static void block_by_block(const struct pass *s, int64_t period, int64_t first_column, int dense, uint8_t *dst) {
  const struct octavo_plan *p = s->p;
  const struct octavo_conv *c = &s->t->c;
  struct octavo_depthwise d = s->d;
  struct octavo_output_args o = s->o;
  int64_t nr = p->g.nr, lanes = s->pixels * s->lanes, pass = 0, at = 0;
  d.blocks = d.period = 1;
  d.pass = nr;
  for (int64_t b = 0; b * nr < lanes; b++, d.lhs += nr * c->element) {
    int64_t column = first_column + at * nr;
    d.weights = s->d.weights + at * d.weights_stride;
    d.init = s->d.init + at * nr;
    d.multiplier = s->d.multiplier + at * nr;
    o.columns = d.columns = octavo_min(octavo_min(nr, lanes - b * nr), dense ? s->d.pass - at * nr : nr);
    o.dst = d.dst = dense ? dst + pass * s->d.dst_pass + at * nr * s->bytes : s->r.staged;
    o.dst_stride = d.dst_line = dense ? c->out_h : nr * s->bytes;
    s->run[s->end](&d);
    if (s->end == OCTAVO_DEPTHWISE_ACC) {
      if (p->row_sums) correct(s, &d, column);
      o.rows = d.lines;
      o.acc = d.acc;
      o.column = octavo_columns_at(p, column);
      p->output(&o);
    }
    if (!dense) scatter(s, b * nr, d.columns, dst);
    if (++at == period) at = 0, pass++;
  }
}

/* The lines at hand, their image is in scratch. */
static void lines_of(struct pass *s, int64_t first_column, uint8_t *dst) {
  const struct cut *t = s->t;
  const struct octavo_conv *c = &t->c;
  struct octavo_depthwise *d = &s->d;
  int64_t nr = s->p->g.nr, whole = s->p->period; /* blocks until the weights of dense pixels repeat */
  int dense = c->out_c == s->bytes && (s->blocks || c->out_w == s->lanes * s->bytes || s->pixels == 1);
  d->period = s->blocks ? s->blocks : whole;
  d->pass = s->blocks ? s->channels : whole * nr;
  d->dst_pass = s->blocks ? c->out_w : whole * nr * s->bytes;
  if (!dense || s->end == OCTAVO_DEPTHWISE_ACC) {
    block_by_block(s, d->period, first_column, dense, dst);
    return;
  }
  d->columns = s->pixels * s->lanes;
  d->blocks = octavo_div_up(d->columns, nr);
  d->dst = dst;
  d->dst_line = c->out_h;
  s->run[s->end](d);
}

static void chunk(struct pass *s, int64_t number, const int32_t *init, const uint8_t *in, uint8_t *out, int32_t zero) {
  const struct cut *t = s->t;
  const struct octavo_plan *p = s->p;
  int64_t part = number % t->block_parts, x = number / t->block_parts % t->pixel_parts * t->pixels;
  int64_t rest = number / t->block_parts / t->pixel_parts, first_line = rest % t->line_parts * t->lines, image = rest / t->line_parts;
  int64_t lines = octavo_min(t->lines, t->c.oh - first_line), block = part * t->blocks, column = block * p->g.nr;
  s->blocks = octavo_min(t->blocks, p->period - block);
  s->lanes = t->blocks ? s->blocks * p->g.nr : t->lanes;
  s->channels = octavo_min(s->lanes, p->spec[OCTAVO_SPEC_N] - column);
  s->pixels = octavo_min(t->pixels, t->c.ow - x);
  int64_t spread = p->spec[OCTAVO_SPEC_N] / p->spec[OCTAVO_SPEC_K];
  struct octavo_scratch_image layout = {.width = image_width(t), .pixel = s->lanes * t->c.element, .chunks = 1, .chunk = s->channels,
                                        .first = column / spread, .offset = column % spread, .spread = spread, .zero = zero};
  layout.width = (s->pixels + t->shift) | 1;
  for (int64_t plane = 0; plane < t->planes; plane++) {
    struct octavo_conv c = t->c;
    c.pad_left -= x * c.step_w + plane * t->column;
    octavo_image_pack(p, &c, &layout, in + image * c.in_n, first_line, octavo_image_rows(&c, lines), s->r.image + plane * plane_bytes(p, t));
  }
  s->d.pixel = layout.pixel;
  for (int64_t i = 0; i < octavo_min(s->d.kw, OCTAVO_DEPTHWISE_TAPS); i++) s->d.taps[i] = octavo_depthwise_tap(&s->d, i);
  int64_t row = layout.width * layout.pixel;
  s->d.row = t->c.dh * row;
  s->d.line = t->c.jump_h * row;
  s->d.weights = OCTAVO_AT(p, uint8_t, expanded) + block * p->expanded_stride;
  s->d.init = init + column;
  s->d.multiplier = OCTAVO_AT(p, float, multiplier) + column;
  uint8_t *dst = out + image * t->c.out_n + first_line * t->c.out_h + x * t->c.out_w + column * t->c.out_c;
  int64_t calls = octavo_div_up(lines, OCTAVO_DEPTHWISE_LINES);
  for (int64_t i = 0, line = 0; i < calls; i++, line += s->d.lines) {
    s->d.lhs = s->r.image + line * s->d.line;
    s->d.lines = octavo_div_up(lines - line, calls - i);
    lines_of(s, column, dst + line * t->c.out_h);
  }
}

static enum octavo_depthwise_end end_of(const struct octavo_plan *p) {
  const int64_t *w = p->spec;
  if (ops(p)->run[0][0][OCTAVO_DEPTHWISE_BYTES] == NULL || p->row_sums) return OCTAVO_DEPTHWISE_ACC;
  if (w[OCTAVO_SPEC_OUTPUT] == OCTAVO_ACCUMULATORS) return OCTAVO_DEPTHWISE_WORDS;
  int bytes = w[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED && w[OCTAVO_SPEC_RECIPE] == OCTAVO_FLOAT32_NEAREST_EVEN && p->bounded;
  return bytes ? OCTAVO_DEPTHWISE_BYTES : OCTAVO_DEPTHWISE_ACC;
}

void octavo_depthwise_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                          const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last) {
  struct cut t;
  cut(p, shape, &t);
  const struct octavo_conv *c = &t.c;
  int is_signed = (p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8) != (p->lhs_flip != 0);
  struct pass s = {.p = p, .t = &t, .o = octavo_output_args_of(p, runtime), .run = ops(p)->run[p->way][is_signed],
                   .end = end_of(p), .bytes = octavo_output_bytes(p)};
  lay(p, &t, octavo_align64(scratch), &s.r);
  const int32_t *init = OCTAVO_AT(p, int32_t, init);
  if (p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] != OCTAVO_FIXED) {
    for (int64_t b = 0; b < p->period; b++) octavo_init_of(p, b * p->g.nr, runtime, s.r.init + b * p->g.nr);
    init = s.r.init;
  }
  struct octavo_depthwise d = {.kh = c->kh, .kw = c->kw, .groups = p->tap_groups, .dilation = c->dw, .stride = t.stride,
                               .plane = plane_bytes(p, &t), .weights_stride = p->expanded_stride,
                               .acc = s.r.acc, .zero_point = s.o.zero_point, .min = s.o.min, .max = s.o.max,
                               .is_unsigned = s.o.is_unsigned};
  s.d = d;
  s.o.acc_stride = p->g.nr;
  int32_t zero = octavo_lhs_zero(p, runtime);
  int64_t end = octavo_min(t.chunks, last * t.chunks_per_strip);
  for (int64_t i = first * t.chunks_per_strip; i < end; i++) chunk(&s, i, init, in, out, zero);
}
