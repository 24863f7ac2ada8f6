/* A depthwise convolution is cut into *chunks*, so many of them a strip: a few lines of all their pixels where the image is read
 * in place; otherwise a few lines by some pixels, whose part of the image goes into scratch, small enough for a cache. */
#include "depthwise_pass.h"

enum {
  IMAGE_BYTES = 32 * 1024, /* of a chunk's scratch image: it stays in L1, ... */
  LARGE_IMAGE_BYTES = 128 * 1024, /* ... or in L2, where its pieces would be too small */
  MOST_LINES = 16, /* of a chunk, which a kernel takes in one call or two */
  FEW_PIXELS = 16,
  FEW_BLOCKS = 2,
  STRIPS_WANTED = 16
};

static const struct octavo_depthwise_ops *ops(const struct octavo_plan *p) { return octavo_backends[p->backend].depthwise; }

/* `whole` in parts of at most `part`, as even as can be; returns their number. */
static int64_t even_parts(int64_t whole, int64_t *part) {
  *part = octavo_div_up(whole, octavo_div_up(whole, *part));
  return octavo_div_up(whole, *part);
}

/* Whether the image can be read in place, and which pixels see nothing but the image to their left and right. */
static int find_inside(const struct octavo_plan *p, struct octavo_depthwise_cut *t) {
  const struct octavo_conv *c = &t->c;
  int64_t n = p->spec[OCTAVO_SPEC_N], span = (c->kw - 1) * c->dw;
  int blocks = p->lanes % p->g.nr == 0;
  if (!p->in_place || c->in_c != 1 || c->in_h < 0 || c->in_n < 0) return 0;
  if (blocks ? c->in_w < n : c->sw != 1 || c->in_w != n) return 0;
  if (c->pad_left > span || p->spec[OCTAVO_SPEC_PAD_RIGHT] > span) return 0;
  t->left = octavo_min(c->ow, octavo_div_up(c->pad_left, c->sw));
  int64_t room = c->width + c->pad_left - span - 1; /* the last column at which a window may begin */
  t->right = room < 0 ? 0 : octavo_min(c->ow, room / c->sw + 1);
  if (t->right < t->left) return 0; /* some see neither border: they have no weights */
  int64_t pixels = octavo_max(1, t->right - t->left);
  t->reach = span * c->in_w + (blocks ? (pixels - 1) * c->sw * c->in_w + p->lanes : octavo_round_up(pixels * n, p->g.nr));
  t->readable = (c->batch - 1) * c->in_n + (c->height - 1) * c->in_h + (c->width - 1) * c->in_w + n;
  return 1;
}

static void cut(const struct octavo_plan *p, const int64_t *shape, struct octavo_depthwise_cut *t) {
  octavo_conv_read(p, shape, &t->c);
  struct octavo_conv *c = &t->c;
  t->in_place = c->batch > 0 && c->oh > 0 && find_inside(p, t);
  if (t->in_place) c->jump_h = c->sh, c->step_h = 1; /* rows are the input's */
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
  int64_t column = t->planes * octavo_image_rows(c, t->lines) * c->element, fit = IMAGE_BYTES / column; /* bytes, and lanes, of a column of lanes */
  t->block_parts = 1;
  if (t->blocks) {
    int64_t nr = p->g.nr;
    t->blocks = octavo_min(t->blocks, octavo_max(FEW_BLOCKS, fit / (nr * (c->ow + t->shift))));
    t->block_parts = even_parts(p->lanes / nr, &t->blocks);
    t->lanes = t->blocks * nr;
  }
  int64_t macs = t->lines * c->kh * c->kw;
  if (t->in_place) {
    t->chunks = c->batch * t->line_parts;
    macs *= c->ow * p->lanes;
  } else {
    t->pixels = octavo_min(c->ow, fit / t->lanes - t->shift);
    if (t->pixels < octavo_min(c->ow, FEW_PIXELS)) {
      t->pixels = octavo_max(1, octavo_min(octavo_min(c->ow, FEW_PIXELS), LARGE_IMAGE_BYTES / column / t->lanes - t->shift));
    }
    t->pixel_parts = even_parts(c->ow, &t->pixels);
    t->chunks = c->batch * t->line_parts * t->pixel_parts * t->block_parts;
    macs *= t->pixels * t->lanes;
  }
  macs = octavo_max(1, macs);
  int64_t budget = octavo_backends[p->backend].strip_macs / 2;
  int64_t limit = octavo_min(budget, octavo_max(budget / 8, macs * t->chunks / STRIPS_WANTED));
  t->chunks_per_strip = octavo_max(1, limit / macs);
}

int64_t octavo_depthwise_strips(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_depthwise_cut t;
  cut(p, shape, &t);
  return t.chunks == 0 ? 0 : octavo_div_up(t.chunks, t.chunks_per_strip);
}

static int64_t lay(const struct octavo_plan *p, const struct octavo_depthwise_cut *t, uint8_t *base, struct octavo_depthwise_room *r) {
  int64_t end = 0, block = ops(p)->lines[0] * p->g.nr * 4, reach = t->in_place ? t->reach : 0;
  int at_run_time = p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] != OCTAVO_FIXED;
  r->init = (int32_t *)(base + octavo_take(&end, at_run_time ? 4 * p->blocks * p->g.nr : 0));
  r->acc = (int32_t *)(base + octavo_take(&end, block));
  r->sums = (int32_t *)(base + octavo_take(&end, p->row_sums ? block : 0));
  r->staged = base + octavo_take(&end, block);
  r->outside = base + octavo_take(&end, reach);
  r->head = base + octavo_take(&end, 2 * reach); /* rows that begin less than `reach` before the input, */
  r->tail = base + octavo_take(&end, 2 * reach); /* and those of which the first begins less than `reach` before its end */
  r->image = base + octavo_take(&end, t->chunks == 0 || t->in_place ? 0 : t->planes * octavo_depthwise_plane(p, t));
  return end;
}

int64_t octavo_depthwise_scratch(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_depthwise_cut t;
  struct octavo_depthwise_room r;
  cut(p, shape, &t);
  return 64 + lay(p, &t, 0, &r);
}

static enum octavo_depthwise_end end_of(const struct octavo_plan *p) {
  const int64_t *w = p->spec;
  if (ops(p)->run[0][0][OCTAVO_DEPTHWISE_BYTES] == NULL || p->row_sums) return OCTAVO_DEPTHWISE_ACC;
  if (w[OCTAVO_SPEC_OUTPUT] == OCTAVO_ACCUMULATORS) return OCTAVO_DEPTHWISE_WORDS;
  int bytes = w[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED && w[OCTAVO_SPEC_RECIPE] == OCTAVO_FLOAT32_NEAREST_EVEN && p->bounded;
  return bytes ? OCTAVO_DEPTHWISE_BYTES : OCTAVO_DEPTHWISE_ACC;
}

static enum octavo_depthwise_lhs lhs_of(const struct octavo_plan *p) {
  int is_signed = p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8;
  if (!p->lhs_flip) return is_signed ? OCTAVO_DEPTHWISE_S : OCTAVO_DEPTHWISE_U;
  return is_signed ? OCTAVO_DEPTHWISE_TURNED : OCTAVO_DEPTHWISE_S;
}

void octavo_depthwise_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                          const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last) {
  struct octavo_depthwise_cut t;
  cut(p, shape, &t);
  const struct octavo_conv *c = &t.c;
  struct octavo_depthwise_pass s = {.p = p, .t = &t, .o = octavo_output_args_of(p, runtime), .run = ops(p)->run[p->way][lhs_of(p)],
                                    .end = end_of(p), .bytes = octavo_output_bytes(p),
                                    .zero = octavo_lhs_zero(p, runtime) - octavo_lhs_turn(p)};
  lay(p, &t, octavo_align64(scratch), &s.r);
  const int32_t *init = OCTAVO_AT(p, int32_t, init);
  if (p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] != OCTAVO_FIXED) {
    for (int64_t b = 0; b < p->blocks; b++) octavo_init_of(p, b * p->g.nr, runtime, s.r.init + b * p->g.nr);
    init = s.r.init;
  }
  if (t.in_place) p->lhs->fill(s.r.outside, s.zero, t.reach);
  struct octavo_depthwise d = {.kh = c->kh, .kw = c->kw, .groups = p->tap_groups, .dilation = c->dw, .stride = t.stride,
                               .flip = (uint8_t)p->lhs_flip, .weights_stride = p->expanded_stride,
                               .acc = s.r.acc, .zero_point = s.o.zero_point, .min = s.o.min, .max = s.o.max,
                               .is_unsigned = s.o.is_unsigned};
  s.d = d;
  s.o.acc_stride = p->g.nr;
  int64_t end = octavo_min(t.chunks, last * t.chunks_per_strip);
  for (int64_t i = first * t.chunks_per_strip; i < end; i++) octavo_depthwise_chunk(&s, i, init, in, out);
}
