/* Convolution: a GEMM over shifted rows, without im2col.
 *
 * The rows of the lhs are the output pixels; row (oh, ow) starts at the input pixel under the filter's top left tap, and
 * every other tap lies at a fixed distance from there (the runs of the microkernel). That needs an input without edges.
 * Where the filter cannot leave the image and the microkernel can read the bytes as they are, the input is such a thing
 * already. Otherwise the strip's share of the image goes once into scratch, channels innermost, with borders of the zero
 * point, signs turned or widened as the microkernel wants: one byte copied for every kh * kw * n products. */
#include "lhs.h"
#include "product.h"

struct conv {
  int64_t batch, height, width, in_n, in_h, in_w, in_c, out_n, out_h, out_w, out_c;
  int64_t oh, ow;
  int64_t kh, kw, sh, sw, dh, dw, pad_top, pad_left;
  int64_t element;           /* bytes of a packed lhs element */
  int64_t image_w;           /* pixels in a row of the scratch image */
  int64_t step_h, step_w;    /* input pixels per scratch pixel: more than 1 only where the filter has one tap that way */
  int64_t jump_h, jump_w;    /* scratch pixels per output pixel */
  int in_place;
};

static int64_t extent(int64_t in, int64_t before, int64_t after, int64_t k, int64_t stride, int64_t dilation) {
  int64_t room = in + before + after - ((k - 1) * dilation + 1);
  return room < 0 ? 0 : room / stride + 1;
}

static void read(const struct octavo_plan *p, const int64_t *shape, struct conv *c) {
  const int64_t *w = p->spec;
  c->batch = octavo_word(shape, OCTAVO_IMAGE_BATCH);
  c->height = octavo_word(shape, OCTAVO_IMAGE_HEIGHT);
  c->width = octavo_word(shape, OCTAVO_IMAGE_WIDTH);
  c->in_n = octavo_word(shape, OCTAVO_IMAGE_IN_STRIDE_N);
  c->in_h = octavo_word(shape, OCTAVO_IMAGE_IN_STRIDE_H);
  c->in_w = octavo_word(shape, OCTAVO_IMAGE_IN_STRIDE_W);
  c->in_c = octavo_word(shape, OCTAVO_IMAGE_IN_STRIDE_C);
  c->out_n = octavo_word(shape, OCTAVO_IMAGE_OUT_STRIDE_N);
  c->out_h = octavo_word(shape, OCTAVO_IMAGE_OUT_STRIDE_H);
  c->out_w = octavo_word(shape, OCTAVO_IMAGE_OUT_STRIDE_W);
  c->out_c = octavo_word(shape, OCTAVO_IMAGE_OUT_STRIDE_C);
  c->kh = w[OCTAVO_SPEC_KERNEL_H], c->kw = w[OCTAVO_SPEC_KERNEL_W];
  c->sh = w[OCTAVO_SPEC_STRIDE_H], c->sw = w[OCTAVO_SPEC_STRIDE_W];
  c->dh = w[OCTAVO_SPEC_DILATION_H], c->dw = w[OCTAVO_SPEC_DILATION_W];
  c->pad_top = w[OCTAVO_SPEC_PAD_TOP], c->pad_left = w[OCTAVO_SPEC_PAD_LEFT];
  c->oh = extent(c->height, c->pad_top, w[OCTAVO_SPEC_PAD_BOTTOM], c->kh, c->sh, c->dh);
  c->ow = extent(c->width, c->pad_left, w[OCTAVO_SPEC_PAD_RIGHT], c->kw, c->sw, c->dw);
  if (c->oh == 0 || c->ow == 0) c->oh = c->ow = 0;
  const struct octavo_backend *b = &octavo_backends[p->backend];
  const struct octavo_geometry *g = &p->g;
  c->element = b->wide ? 2 : 1;
  c->step_h = c->kh == 1 ? c->sh : 1;
  c->step_w = c->kw == 1 ? c->sw : 1;
  c->jump_h = c->sh / c->step_h;
  c->jump_w = c->sw / c->step_w;
  c->image_w = (c->ow - 1) * c->jump_w + (c->kw - 1) * c->dw + 1;
  /* Inside: the last tap of the last pixel is in the image, and nothing is before its first pixel. */
  int inside = c->pad_top == 0 && c->pad_left == 0 && (c->oh - 1) * c->sh + (c->kh - 1) * c->dh < c->height &&
               (c->ow - 1) * c->sw + (c->kw - 1) * c->dw < c->width;
  c->in_place = inside && !b->wide && !p->lhs_flip && g->run_k == g->run_packed && c->in_c == 1 &&
                (g->merged_w == 1 || c->in_w == g->run_i);
}

static void cut(const struct octavo_plan *p, const struct conv *c, struct octavo_partition *part) {
  octavo_partition(p, c->batch, c->oh, c->ow, octavo_div_up(p->g.mr, octavo_max(1, c->ow)), part);
}

/* Groups whose channels a strip of `units` panels may touch. */
static int64_t groups_of(const struct octavo_geometry *g, int64_t units) {
  return g->groups == 1 ? 1 : octavo_min(g->groups, octavo_div_up(units, g->panels) + 1);
}

/* Bytes from pixel to pixel: dense where a run spans pixels, else every group's channels padded to whole steps of kr. */
static int64_t pixel_bytes(const struct octavo_geometry *g, const struct conv *c, int64_t groups) {
  return (g->merged_w > 1 ? g->run_i : groups * g->run_packed) * c->element;
}

static int64_t image_rows(const struct conv *c, int64_t lines) { return (lines - 1) * c->jump_h + (c->kh - 1) * c->dh + 1; }

static int64_t image_bytes(const struct octavo_plan *p, const struct conv *c, const struct octavo_partition *part) {
  if (c->in_place || part->strips == 0) return 0;
  int64_t pixel = pixel_bytes(&p->g, c, groups_of(&p->g, part->unit_block));
  int64_t slack = p->g.run_packed * c->element; /* the last run may reach past the last pixel */
  return octavo_round_up(image_rows(c, part->line_block) * c->image_w * pixel + slack, 64);
}

/* One input row, pixels [from, to) of the scratch row, all of the strip's groups. */
static void pack_pixels(const struct octavo_plan *p, const struct conv *c, const uint8_t *in_row, int64_t first_group,
                        int64_t groups, int64_t from, int64_t to, int64_t pixel, uint8_t *row) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  const struct octavo_geometry *g = &p->g;
  int32_t mode = b->wide ? p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8 : p->lhs_flip;
  int64_t step = c->step_w * c->in_w;
  in_row += (from * c->step_w - c->pad_left) * c->in_w + first_group * g->run_i * c->in_c;
  row += from * pixel;
  if (c->in_c == 1 && step == g->run_i && pixel == g->run_i * c->element) {
    b->lhs->pack(row, in_row, (to - from) * g->run_i, mode);
    return;
  }
  for (int64_t group = 0; group < groups; group++) {
    const uint8_t *x = in_row + group * g->run_i * c->in_c;
    uint8_t *lane = row + group * g->run_packed * c->element;
    if (c->in_c == 1) {
      for (int64_t i = from; i < to; i++, x += step, lane += pixel) b->lhs->pack(lane, x, g->run_i, mode);
    } else {
      for (int64_t ch = 0; ch < g->run_i; ch++, lane += c->element) {
        for (int64_t i = 0; i < to - from; i++) {
          uint8_t value = x[ch * c->in_c + i * step];
          if (b->wide) {
            *(int16_t *)(lane + i * pixel) = mode ? (int8_t)value : value;
          } else {
            lane[i * pixel] = (uint8_t)(value ^ mode);
          }
        }
      }
    }
  }
}

/* The scratch image of a strip: rows of pixels, borders filled with the zero point. */
static void pack_image(const struct octavo_plan *p, const struct conv *c, const struct octavo_range *r, const uint8_t *in,
                       int64_t first_group, int64_t groups, int32_t zero, uint8_t *image) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  int64_t pixel = pixel_bytes(&p->g, c, groups), row_bytes = c->image_w * pixel;
  /* Scratch pixel i shows input pixel i * step - pad: those in [from, to) exist. */
  int64_t from = octavo_min(c->image_w, octavo_div_up(c->pad_left, c->step_w));
  int64_t to = octavo_max(from, octavo_min(c->image_w, octavo_div_up(c->width + c->pad_left, c->step_w)));
  for (int64_t i = 0; i < image_rows(c, r->lines); i++) {
    int64_t y = (r->line * c->jump_h + i) * c->step_h - c->pad_top;
    uint8_t *row = image + i * row_bytes;
    if (y < 0 || y >= c->height) {
      b->lhs->fill(row, zero, row_bytes / c->element);
      continue;
    }
    b->lhs->fill(row, zero, from * pixel / c->element);
    pack_pixels(p, c, in + y * c->in_h, first_group, groups, from, to, pixel, row);
    b->lhs->fill(row + to * pixel, zero, (c->image_w - to) * pixel / c->element);
  }
}

int64_t octavo_conv_strips(const struct octavo_plan *p, const int64_t *shape) {
  struct conv c;
  struct octavo_partition part;
  read(p, shape, &c);
  cut(p, &c, &part);
  return part.strips;
}

int64_t octavo_conv_scratch(const struct octavo_plan *p, const int64_t *shape) {
  struct conv c;
  struct octavo_partition part;
  read(p, shape, &c);
  cut(p, &c, &part);
  return 64 + octavo_round_up(8 * p->g.run_count, 64) + image_bytes(p, &c, &part) +
         octavo_product_scratch(p, part.line_block * c.ow);
}

void octavo_conv_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                     const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last) {
  const struct octavo_geometry *g = &p->g;
  struct conv c;
  struct octavo_partition part;
  read(p, shape, &c);
  cut(p, &c, &part);
  int64_t *runs = (int64_t *)octavo_align64(scratch);
  uint8_t *image = (uint8_t *)runs + octavo_round_up(8 * g->run_count, 64), *rest = image + image_bytes(p, &c, &part);
  int32_t zero = p->lhs_zero;
  if (p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] != OCTAVO_FIXED) zero = *runtime->zero_points + octavo_lhs_turn(p);
  for (int64_t strip = first; strip < last; strip++) {
    struct octavo_range r = octavo_strip(&part, strip);
    struct octavo_operands x = {.runs = runs, .dst = out + r.image * c.out_n + r.line * c.out_h, .dst_line = c.out_h,
                                .dst_row = c.out_w, .dst_column = c.out_c, .lines = r.lines, .rows = c.ow};
    int64_t row_stride, pixel;
    if (c.in_place) {
      row_stride = c.in_h, pixel = c.in_w;
      x.lhs = in + r.image * c.in_n + r.line * c.sh * c.in_h;
      x.lhs_line = c.sh * c.in_h;
      x.lhs_row = c.sw * c.in_w;
      x.lhs_group = g->run_i;
      if (x.lhs_line == c.ow * x.lhs_row && x.dst_line == c.ow * x.dst_row) {
        x.rows *= x.lines; /* one long line */
        x.lines = 1;
      }
    } else {
      x.first_group = r.unit / g->panels;
      int64_t groups = (r.unit + r.units - 1) / g->panels + 1 - x.first_group;
      pixel = pixel_bytes(g, &c, groups);
      row_stride = c.image_w * pixel;
      pack_image(p, &c, &r, in + r.image * c.in_n, x.first_group, groups, zero, image);
      x.lhs = image;
      x.lhs_line = c.jump_h * row_stride;
      x.lhs_row = c.jump_w * pixel;
      x.lhs_group = g->run_packed * c.element;
    }
    for (int64_t i = 0; i < g->run_count; i++) runs[i] = i / g->runs_w * c.dh * row_stride + i % g->runs_w * c.dw * pixel;
    octavo_product(p, &x, &r, runtime, rest);
  }
}
