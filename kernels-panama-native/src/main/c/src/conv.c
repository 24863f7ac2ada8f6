/* Convolution: a GEMM over shifted rows, without im2col.
 *
 * The rows of the lhs are the output pixels; row (oh, ow) starts at the input pixel under the filter's top left tap, and
 * every other tap lies at a fixed distance from there (the runs of the microkernel). That needs an input without edges.
 * Where the filter cannot leave the image and the microkernel can read the bytes as they are, the input is such a thing
 * already. Otherwise the strip's share of the image goes once into scratch, with borders, signs turned or widened as the
 * microkernel wants: one byte copied for every kh * kw * n products. */
#include "image.h"
#include "product.h"

static int in_place(const struct octavo_plan *p, const struct octavo_conv *c) {
  const struct octavo_geometry *g = &p->g;
  return c->inside && !octavo_backends[p->backend].wide && !p->lhs_flip && g->run_k == g->run_packed && c->in_c == 1 &&
         (g->merged_w == 1 || c->in_w == g->run_i);
}

static void cut(const struct octavo_plan *p, const struct octavo_conv *c, struct octavo_partition *part) {
  octavo_partition(p, c->batch, c->oh, c->ow, octavo_div_up(p->g.mr, octavo_max(1, c->ow)), part);
}

/* Groups whose channels a strip of `units` panels may touch. */
static int64_t groups_of(const struct octavo_geometry *g, int64_t units) {
  return g->groups == 1 ? 1 : octavo_min(g->groups, octavo_div_up(units, g->panels) + 1);
}

/* The scratch image for `groups` groups from `first` on. Pixels are dense where a run spans them, else every group's
 * channels are padded to whole steps of kr. */
static struct octavo_scratch_image image_of(const struct octavo_plan *p, const struct octavo_conv *c, int64_t first, int64_t groups) {
  const struct octavo_geometry *g = &p->g;
  struct octavo_scratch_image image = {.width = (c->ow - 1) * c->jump_w + (c->kw - 1) * c->dw + 1, .first = first * g->run_i,
                               .chunks = groups, .chunk = g->run_i, .chunk_bytes = g->run_packed * c->element, .spread = 1};
  image.pixel = g->merged_w > 1 ? g->run_i * c->element : groups * image.chunk_bytes;
  return image;
}

static int64_t image_bytes(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_partition *part) {
  if (in_place(p, c) || part->strips == 0) return 0;
  struct octavo_scratch_image image = image_of(p, c, 0, groups_of(&p->g, part->unit_block));
  int64_t slack = p->g.run_packed * c->element; /* the last run may reach past the last pixel */
  return octavo_round_up(octavo_image_rows(c, part->line_block) * image.width * image.pixel + slack, 64);
}

int64_t octavo_conv_strips(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_conv c;
  struct octavo_partition part;
  octavo_conv_read(p, shape, &c);
  cut(p, &c, &part);
  return part.strips;
}

int64_t octavo_conv_scratch(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_conv c;
  struct octavo_partition part;
  octavo_conv_read(p, shape, &c);
  cut(p, &c, &part);
  return 64 + octavo_round_up(8 * p->g.run_count, 64) + image_bytes(p, &c, &part) +
         octavo_product_scratch(p, part.line_block * c.ow);
}

void octavo_conv_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                     const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last) {
  const struct octavo_geometry *g = &p->g;
  struct octavo_conv c;
  struct octavo_partition part;
  octavo_conv_read(p, shape, &c);
  cut(p, &c, &part);
  int64_t *runs = (int64_t *)octavo_align64(scratch);
  uint8_t *image = (uint8_t *)runs + octavo_round_up(8 * g->run_count, 64), *rest = image + image_bytes(p, &c, &part);
  for (int64_t strip = first; strip < last; strip++) {
    struct octavo_range r = octavo_strip(&part, strip);
    struct octavo_operands x = {.runs = runs, .dst = out + r.image * c.out_n + r.line * c.out_h, .dst_line = c.out_h,
                                .dst_row = c.out_w, .dst_column = c.out_c, .lines = r.lines, .rows = c.ow};
    const uint8_t *from = in + r.image * c.in_n;
    int64_t row_stride, pixel;
    if (in_place(p, &c)) {
      row_stride = c.in_h, pixel = c.in_w;
      x.lhs = from + r.line * c.sh * c.in_h;
      x.lhs_line = c.sh * c.in_h;
      x.lhs_row = c.sw * c.in_w;
      x.lhs_group = g->run_i;
      if (x.lhs_line == c.ow * x.lhs_row && x.dst_line == c.ow * x.dst_row) {
        x.rows *= x.lines; /* one long line */
        x.lines = 1;
      }
    } else {
      x.first_group = r.unit / g->panels;
      struct octavo_scratch_image layout = image_of(p, &c, x.first_group, (r.unit + r.units - 1) / g->panels + 1 - x.first_group);
      layout.zero = octavo_lhs_zero(p, runtime);
      octavo_image_pack(p, &c, &layout, from, r.line, octavo_image_rows(&c, r.lines), image);
      pixel = layout.pixel;
      row_stride = layout.width * pixel;
      x.lhs = image;
      x.lhs_line = c.jump_h * row_stride;
      x.lhs_row = c.jump_w * pixel;
      x.lhs_group = layout.chunk_bytes;
    }
    for (int64_t i = 0; i < g->run_count; i++) runs[i] = i / g->runs_w * c.dh * row_stride + i % g->runs_w * c.dw * pixel;
    octavo_product(p, &x, &r, runtime, rest);
  }
}
