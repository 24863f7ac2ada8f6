/* Convolution: a GEMM over shifted rows, without im2col.
 *
 * The rows of the lhs are the output pixels; row (oh, ow) starts at the input pixel under the filter's top left tap, and
 * every other tap lies at a fixed distance from there (the runs of the microkernel). That needs an input without edges.
 * Where the filter cannot leave the image and the microkernel can read the bytes as they are, the input is such a thing
 * already. Otherwise the strip's share of the image goes once into scratch, with borders, signs turned or widened as the
 * microkernel wants: one byte copied for every kh * kw * n products.
 *
 * A tile unit reads 16 rows at one stride. With stride 1 the rows of all lines have one stride, if the pixels between two
 * lines (where the filter hangs over the right edge) are computed too and thrown away. And it multiplies 64 of k at once:
 * runs that are no multiple of that are gathered, row by row, for a few lines at a time. */
#include "image.h"
#include "product.h"
#include "winograd_pass.h"

enum { GATHERED_BYTES = 128 * 1024 /* of rows at a time; a part of L2 */, TILE_ROWS = 16 };

/* Where a strip's image is, in scratch or in the input: one pixel, the next, the next row, the next group's channels. */
struct view {
  const uint8_t *first;
  int64_t pixel, row, group, first_group;
  int64_t jump_w, jump_h;    /* pixels and rows per output pixel and line */
};

static int dense_enough(const struct octavo_plan *p, const struct octavo_conv *c) {
  return c->inside && c->in_c == 1 && (p->g.merged_w == 1 || c->in_w == p->g.run_i);
}

/* Whether the microkernel, or what gathers for it, can read the input where it lies. */
static int in_place(const struct octavo_plan *p, const struct octavo_conv *c) {
  const struct octavo_geometry *g = &p->g;
  return dense_enough(p, c) && g->share == 1 && !octavo_backends[p->backend].wide && !p->lhs_flip && (g->gather || octavo_reads_exactly(p));
}

/* A tile unit reads lines that cross cache lines at half speed. */
static int aligned_enough(const struct octavo_plan *p, const struct octavo_conv *c, const uint8_t *in) {
  if (!octavo_backends[p->backend].unit || p->g.gather) return 1;
  return (((uintptr_t)in | (uintptr_t)c->in_w | (uintptr_t)c->in_h | (uintptr_t)c->in_n) & 63) == 0;
}

static void cut(const struct octavo_plan *p, const struct octavo_conv *c, struct octavo_partition *part) {
  int64_t lines = c->winograd ? octavo_winograd_lines(c) : octavo_div_up(p->g.mr, octavo_max(1, c->ow));
  octavo_partition(p, c->batch, c->oh, c->ow, lines, part);
  octavo_partition_join(part, c->sh * c->width * p->spec[OCTAVO_SPEC_K] * c->element);
}

/* Groups whose channels a strip of `units` panels may touch. */
static int64_t groups_of(const struct octavo_geometry *g, int64_t units) {
  return g->groups == 1 ? 1 : octavo_min(g->groups, octavo_div_up(units, g->panels) + 1);
}

/* The scratch image for `lines` lines of output and `groups` groups from `first` on. Where a run spans pixels these are dense, and every
 * group has a plane of its own; else a pixel holds the channels of all groups, each padded to whole steps of k. */
static struct octavo_scratch_image image_of(const struct octavo_plan *p, const struct octavo_conv *c, int64_t lines, int64_t first,
                                            int64_t groups) {
  const struct octavo_geometry *g = &p->g;
  int64_t share = g->share, bytes = g->run_packed * c->element;
  struct octavo_scratch_image image = {.width = (c->ow - 1) * c->jump_w + (c->kw - 1) * c->dw + 1, .pixel = groups * share * bytes,
                                       .rows = octavo_image_rows(c, c->winograd ? octavo_round_up(lines, 2) : lines),
                                       .first = first * share * g->run_i, .planes = 1, .chunks = groups * share,
                                       .chunk = g->run_i, .chunk_bytes = bytes, .spread = 1};
  if (c->winograd) image.width = octavo_round_up(c->ow, 2) + 2; /* whole tiles */
  if (g->merged_w > 1) {
    image.planes = groups;
    image.chunks = 1;
    image.pixel = g->run_i * c->element;
  } else if (g->run_packed == g->run_i) { /* side by side here and there */
    image.chunk *= image.chunks;
    image.chunks = 1;
  }
  image.plane = image.rows * image.width * image.pixel;
  return image;
}

static int64_t image_bytes(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_partition *part) {
  if (part->strips == 0 || (in_place(p, c) && !octavo_backends[p->backend].unit)) return 0;
  struct octavo_scratch_image image = image_of(p, c, part->line_most, 0, groups_of(&p->g, part->units));
  /* The last run may reach past the last pixel, a grouped kernel's last load past that. */
  int64_t slack = p->g.run_packed * c->element + 2 * p->g.nr;
  return octavo_round_up(image.planes * image.plane + slack, 64);
}

static int64_t gathered_stride(const struct octavo_plan *p) { return p->g.lhs_k | 64; }

static int64_t gathered_lines(const struct octavo_plan *p, const struct octavo_conv *c) {
  return octavo_max(1, GATHERED_BYTES / octavo_max(1, c->ow * gathered_stride(p)));
}

static int64_t gathered_bytes(const struct octavo_plan *p, const struct octavo_conv *c) {
  return p->g.gather ? gathered_lines(p, c) * c->ow * gathered_stride(p) : 0;
}

static void read(const struct octavo_plan *p, const int64_t *shape, struct octavo_conv *c) {
  octavo_conv_read(p, shape, c);
  c->winograd = octavo_winograd_pays(p, c);
}

int octavo_conv_by_winograd(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_conv c;
  read(p, shape, &c);
  return c.winograd;
}

int64_t octavo_conv_strips(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_conv c;
  struct octavo_partition part;
  read(p, shape, &c);
  cut(p, &c, &part);
  return part.strips;
}

int64_t octavo_conv_scratch(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_conv c;
  struct octavo_partition part;
  read(p, shape, &c);
  cut(p, &c, &part);
  if (c.winograd) return 64 + image_bytes(p, &c, &part) + octavo_winograd_scratch(p, &c, part.line_most);
  return 64 + image_bytes(p, &c, &part) + gathered_bytes(p, &c) +
         octavo_product_scratch(p, part.line_most * (c.ow + TILE_ROWS)); /* see run_shifted */
}

/* The lhs is the image itself. */
static void run_shifted(const struct octavo_plan *p, const struct octavo_conv *c, const struct view *v,
                        const struct octavo_range *r, struct octavo_operands *x, const struct octavo_runtime *runtime,
                        uint8_t *scratch) {
  x->lhs = v->first;
  x->lhs_line = v->jump_h * v->row;
  x->lhs_row = v->jump_w * v->pixel;
  x->lhs_group = v->group;
  x->first_group = v->first_group;
  x->lines = r->lines;
  x->rows = x->valid = x->period = c->ow;
  x->dst_line = x->dst_period = c->out_h;
  int64_t period = x->lhs_row == 0 ? 0 : x->lhs_line / x->lhs_row;
  int even = x->lhs_row != 0 && x->lhs_line % x->lhs_row == 0, unit = octavo_backends[p->backend].unit != 0;
  int64_t between = (r->lines - 1) * period + c->ow;
  if (even && period >= c->ow &&
      (period == c->ow || (unit && octavo_div_up(between, TILE_ROWS) <= r->lines * octavo_div_up(c->ow, TILE_ROWS)))) {
    x->lines = 1; /* one long line */
    x->rows = between;
    x->period = period;
    if (period == c->ow && x->dst_period == c->ow * x->dst_row) x->period = x->valid = x->rows; /* and so is dst */
  }
  if (p->run_sums && x->rows == c->ow) {
    x->height = c->height;
    x->y = r->line * c->sh - c->pad_top;
    x->y_line = c->sh;
    x->y_tap = c->dh;
  }
  if (p->tap_sums && x->rows == c->ow) {
    x->width = c->width;
    x->x = -c->pad_left;
    x->x_row = c->sw;
  }
  octavo_product(p, x, r, runtime, scratch);
}

/* The lhs is gathered from the image, some lines and one group at a time. */
static void run_gathered(const struct octavo_plan *p, const struct octavo_conv *c, const struct view *v,
                         const struct octavo_range *r, struct octavo_operands *x, const struct octavo_runtime *runtime,
                         uint8_t *rows, uint8_t *scratch) {
  const struct octavo_geometry *g = &p->g;
  int64_t stride = gathered_stride(p), step = gathered_lines(p, c);
  struct octavo_gather gather = {.runs = x->runs, .run_count = g->run_count, .run_k = g->run_k, .row = v->jump_w * v->pixel,
                                 .end = g->lhs_k, .stride = stride};
  uint8_t *dst = x->dst;
  x->runs = (struct octavo_runs){.columns = 1};
  x->run_k = g->lhs_k;
  x->lhs = rows;
  x->lhs_row = stride;
  x->lines = 1;
  x->dst_period = c->out_h;
  int dense = c->out_h == c->ow * x->dst_row;
  for (int64_t line = 0; line < r->lines; line += step) {
    int64_t lines = octavo_min(step, r->lines - line);
    x->rows = lines * c->ow;
    x->period = x->valid = dense ? x->rows : c->ow;
    x->dst = dst + line * c->out_h;
    for (int64_t unit = r->unit; unit < r->unit + r->units;) {
      int64_t group = unit / g->panels, end = octavo_min(r->unit + r->units, (group + 1) * g->panels);
      struct octavo_range part = {.unit = unit, .units = end - unit};
      for (int64_t i = 0; i < lines; i++) {
        const uint8_t *from = v->first + (group - v->first_group) * v->group + (line + i) * v->jump_h * v->row;
        octavo_backends[p->backend].unit->gather(&gather, rows + i * c->ow * stride, from, c->ow);
      }
      x->first_group = group;
      octavo_product(p, x, &part, runtime, scratch);
      unit = end;
    }
  }
}

void octavo_conv_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                     const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last) {
  const struct octavo_geometry *g = &p->g;
  struct octavo_conv c;
  struct octavo_partition part;
  read(p, shape, &c);
  cut(p, &c, &part);
  uint8_t *image = octavo_align64(scratch), *rows = image + image_bytes(p, &c, &part), *rest = rows + gathered_bytes(p, &c);
  int here = in_place(p, &c) && aligned_enough(p, &c, in);
  while (first < last) {
    struct octavo_range r = octavo_next_range(&part, &first, last);
    struct octavo_operands x = {.dst = out + r.image * c.out_n + r.line * c.out_h, .dst_row = c.out_w,
                                .dst_column = c.out_c, .run_k = here ? g->run_k : octavo_packed_run(p)};
    const uint8_t *from = in + r.image * c.in_n;
    struct view v = {.first = from + r.line * c.sh * c.in_h, .pixel = c.in_w, .row = c.in_h, .group = g->run_i,
                     .jump_w = c.sw, .jump_h = c.sh};
    if (!here) {
      int64_t first_group = r.unit / g->panels, groups = (r.unit + r.units - 1) / g->panels + 1 - first_group;
      struct octavo_scratch_image layout = image_of(p, &c, r.lines, first_group, groups);
      layout.zero = octavo_lhs_zero(p, runtime);
      octavo_image_pack(p, &c, &layout, from, r.line, image);
      struct view packed = {.first = image, .pixel = layout.pixel, .row = layout.width * layout.pixel,
                            .group = g->merged_w > 1 ? layout.plane : g->share * layout.chunk_bytes, .first_group = first_group,
                            .jump_w = c.jump_w, .jump_h = c.jump_h};
      v = packed;
    }
    struct octavo_runs runs = {.columns = g->runs_w, .column = c.dw * v.pixel, .row = c.dh * v.row};
    x.runs = runs;
    if (c.winograd) {
      struct octavo_winograd_image whole = {.first = v.first, .pixel = v.pixel, .row = v.row, .lines = r.lines};
      octavo_winograd_run(p, &c, &whole, &r, x.dst, runtime, rest);
    } else if (g->gather) {
      run_gathered(p, &c, &v, &r, &x, runtime, rows, rest);
    } else {
      run_shifted(p, &c, &v, &r, &x, runtime, rest);
    }
  }
}
