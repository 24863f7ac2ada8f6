/* The loops of a depthwise convolution: the strip's channels of the image go into scratch, then blocks of channels, lines,
 * pixels. */
#include "depthwise.h"

#include "image.h"
#include "product.h"

enum { ACC_PIXELS = 32 /* per line: with two lines 16 KB of accumulators, half of L1 */ };

static const struct octavo_depthwise_ops *ops(const struct octavo_plan *p) { return octavo_backends[p->backend].depthwise; }

static const struct octavo_depthwise_way *way(const struct octavo_plan *p) { return &ops(p)->way[p->way]; }

static void cut(const struct octavo_plan *p, const struct octavo_conv *c, struct octavo_partition *part) {
  octavo_partition(p, c->batch, c->oh, c->ow, way(p)->lines, part);
}

/* The scratch image of `channels` output channels from `first` on. */
static struct octavo_scratch_image image_of(const struct octavo_plan *p, const struct octavo_conv *c, int64_t first, int64_t channels) {
  int64_t spread = p->spec[OCTAVO_SPEC_N] / p->spec[OCTAVO_SPEC_K], pixels = way(p)->pixels;
  struct octavo_scratch_image image = {.first = first / spread, .offset = first % spread, .spread = spread, .chunks = 1,
                               .chunk = channels, .pixel = channels * c->element};
  image.width = octavo_max((c->ow - 1) * c->jump_w + (c->kw - 1) * c->dw + 1,
                           pixels == 1 ? 0 : (octavo_round_up(c->ow, pixels) - pixels) + p->g.kr * p->tap_groups);
  return image;
}

static int64_t image_bytes(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_partition *part) {
  if (part->strips == 0) return 0;
  int64_t channels = octavo_min(p->g.group_n, part->unit_block * p->g.nr);
  struct octavo_scratch_image image = image_of(p, c, 0, channels);
  /* The last group of lines may be short, the last block of channels narrow: the kernel reads on. */
  int64_t rows = octavo_image_rows(c, octavo_round_up(part->line_block, way(p)->lines));
  return octavo_round_up(rows * image.width * image.pixel + p->g.nr * c->element, 64);
}

static int64_t acc_bytes(const struct octavo_plan *p) { return 4 * way(p)->lines * ACC_PIXELS * p->g.nr; }

int64_t octavo_depthwise_strips(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_conv c;
  struct octavo_partition part;
  octavo_conv_read(p, shape, &c);
  cut(p, &c, &part);
  return part.strips;
}

int64_t octavo_depthwise_scratch(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_conv c;
  struct octavo_partition part;
  octavo_conv_read(p, shape, &c);
  cut(p, &c, &part);
  return 64 + 2 * acc_bytes(p) + 4 * ACC_PIXELS * p->g.nr + 8 * p->g.nr + image_bytes(p, &c, &part);
}

/* acc -= zr * (sum of the window's lhs values): only where a byte kernel meets an rhs zero point. */
static void correct(const struct octavo_plan *p, const struct octavo_depthwise *d, const struct octavo_depthwise_way *way,
                    octavo_depthwise_fn *run, int64_t at, int32_t *sums) {
  static const int32_t none[64] = {0};
  const int32_t *zero = OCTAVO_AT(p, int32_t, rhs_zero) + at;
  int64_t nr = p->g.nr, pixels = octavo_round_up(d->columns, way->pixels) * way->lines;
  struct octavo_depthwise ones = *d;
  ones.weights = OCTAVO_AT(p, uint8_t, ones);
  ones.init = none;
  ones.acc = sums;
  run(&ones);
  for (int64_t i = 0; i < pixels; i++) {
    for (int64_t j = 0; j < nr; j++) {
      d->acc[i * nr + j] = (int32_t)((uint32_t)d->acc[i * nr + j] - (uint32_t)octavo_wrap_mul(zero[j], sums[i * nr + j]));
    }
  }
}

/* One block of channels over the lines of a strip. */
static void block(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_range *r,
                  struct octavo_depthwise *d, struct octavo_output_args *o, const uint8_t *image, uint8_t *dst,
                  int64_t at, int32_t *acc, uint8_t *staged, int is_signed) {
  const struct octavo_depthwise_way *how = way(p);
  octavo_depthwise_fn *run = how->run[is_signed];
  int64_t bytes = octavo_output_bytes(p);
  d->acc = acc;
  for (int64_t line = 0; line < r->lines; line += how->lines) {
    for (int64_t x = 0; x < c->ow; x += ACC_PIXELS) {
      d->columns = octavo_min(ACC_PIXELS, c->ow - x);
      d->lhs = image + line * d->line + x * d->step;
      run(d);
      if (p->row_sums) correct(p, d, how, run, at, (int32_t *)staged);
      o->rows = d->columns;
      for (int64_t i = 0; i < how->lines && line + i < r->lines; i++) {
        o->acc = acc + i * octavo_round_up(d->columns, how->pixels) * p->g.nr;
        octavo_finish(o, p->output, dst + (line + i) * c->out_h + x * c->out_w, c->out_w, c->out_c, bytes, staged);
      }
    }
  }
}

void octavo_depthwise_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                          const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last) {
  const struct octavo_geometry *g = &p->g;
  struct octavo_conv c;
  struct octavo_partition part;
  octavo_conv_read(p, shape, &c);
  cut(p, &c, &part);
  int32_t *acc = (int32_t *)octavo_align64(scratch), *init = (int32_t *)((uint8_t *)acc + acc_bytes(p));
  uint8_t *staged = (uint8_t *)(init + 2 * g->nr), *image = staged + acc_bytes(p) + 4 * ACC_PIXELS * g->nr;
  int is_signed = (p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8) != (p->lhs_flip != 0);
  for (int64_t strip = first; strip < last; strip++) {
    struct octavo_range r = octavo_strip(&part, strip);
    int64_t first_channel = r.unit * g->nr, channels = octavo_min(g->group_n - first_channel, r.units * g->nr);
    struct octavo_scratch_image layout = image_of(p, &c, first_channel, channels);
    layout.zero = octavo_lhs_zero(p, runtime);
    octavo_image_pack(p, &c, &layout, in + r.image * c.in_n, r.line, octavo_image_rows(&c, r.lines), image);
    struct octavo_depthwise d = {.row = layout.width * layout.pixel, .pixel = layout.pixel, .tap = c.dw * layout.pixel,
                                 .step = c.jump_w * layout.pixel, .kh = c.kh, .kw = c.kw, .groups = p->tap_groups};
    d.tap_row = c.dh * d.row;
    d.line = c.jump_h * d.row;
    for (int64_t unit = r.unit; unit < r.unit + r.units; unit++) {
      int64_t channel = unit * g->nr, at = channel;
      struct octavo_output_args o = octavo_output_args_of(p, runtime);
      o.columns = octavo_min(g->nr, g->group_n - channel);
      o.acc_stride = g->nr;
      o.column = octavo_columns_at(p, at);
      d.weights = OCTAVO_AT(p, uint8_t, expanded) + unit * p->expanded_stride;
      d.init = octavo_init_of(p, at, runtime, init);
      uint8_t *dst = out + r.image * c.out_n + r.line * c.out_h + channel * c.out_c;
      block(p, &c, &r, &d, &o, image + (channel - first_channel) * c.element, dst, at, acc, staged, is_signed);
    }
  }
}
