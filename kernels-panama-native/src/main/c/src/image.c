#include "image.h"

#include "lhs.h"

static int64_t extent(int64_t in, int64_t before, int64_t after, int64_t k, int64_t stride, int64_t dilation) {
  int64_t room = in + before + after - ((k - 1) * dilation + 1);
  return room < 0 ? 0 : room / stride + 1;
}

void octavo_conv_read(const struct octavo_plan *p, const int64_t *shape, struct octavo_conv *c) {
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
  c->winograd = 0;
  c->element = p->wide ? 2 : 1;
  c->step_h = c->kh == 1 ? c->sh : 1;
  c->step_w = c->kw == 1 ? c->sw : 1;
  c->jump_h = c->sh / c->step_h;
  c->jump_w = c->sw / c->step_w;
  /* The last tap of the last pixel is in the image, and nothing is before its first pixel. */
  c->inside = c->pad_top == 0 && c->pad_left == 0 && (c->oh - 1) * c->sh + (c->kh - 1) * c->dh < c->height &&
              (c->ow - 1) * c->sw + (c->kw - 1) * c->dw < c->width;
}

static int32_t pack_mode(const struct octavo_plan *p, const struct octavo_scratch_image *image) {
  return p->wide ? p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8 : image->raw ? 0 : p->lhs_flip;
}

/* One element by the general rule: any strides, any spread. */
static void put(uint8_t *to, uint8_t value, int wide, int32_t mode) {
  if (wide) {
    *(int16_t *)to = mode ? (int8_t)value : value;
  } else {
    *to = (uint8_t)(value ^ mode);
  }
}

/* Pixels [from, to) of one scratch row. */
static void pack_pixels(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_scratch_image *image,
                        const uint8_t *in_row, int64_t plane, int64_t from, int64_t to, uint8_t *row) {
  const struct octavo_lhs_ops *lhs = p->lhs;
  int32_t mode = pack_mode(p, image);
  int64_t step = c->step_w * c->in_w, count = to - from, first = image->first + plane * image->chunks * image->chunk;
  const uint8_t *x = in_row + (from * c->step_w - c->pad_left) * c->in_w + first * c->in_c;
  row += from * image->pixel;
  if (image->spread > 1) {
    for (int64_t i = 0; i < count; i++) {
      for (int64_t j = 0; j < image->chunk; j++) {
        int64_t channel = (image->offset + j) / image->spread;
        put(row + i * image->pixel + j * c->element, x[i * step + channel * c->in_c], p->wide, mode);
      }
    }
  } else if (c->in_c == 1 && image->chunks == 1 && step == image->chunk && image->pixel == image->chunk * c->element) {
    lhs->pack(row, 0, x, 0, 1, count * image->chunk, 0, mode);
  } else if (c->in_c == 1) {
    for (int64_t k = 0; k < image->chunks; k++) {
      lhs->pack(row + k * image->chunk_bytes, image->pixel, x + k * image->chunk, step, count, image->chunk, 0, mode);
    }
  } else {
    for (int64_t k = 0; k < image->chunks * image->chunk; k++) {
      const uint8_t *plane = x + k * c->in_c;
      uint8_t *lane = row + k / image->chunk * image->chunk_bytes + k % image->chunk * c->element;
      for (int64_t i = 0; i < count; i++) put(lane + i * image->pixel, plane[i * step], p->wide, mode);
    }
  }
}

void octavo_image_pack(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_scratch_image *image,
                       const uint8_t *in, int64_t line, uint8_t *to) {
  const struct octavo_lhs_ops *lhs = p->lhs;
  int64_t row_bytes = image->width * image->pixel, per_pixel = image->pixel / c->element;
  /* Scratch pixel i shows input pixel i * step - pad: those in [begin, end) exist. */
  int64_t begin = octavo_min(image->width, octavo_max(0, octavo_div_up(c->pad_left, c->step_w)));
  int64_t end = octavo_max(begin, octavo_min(image->width, octavo_div_up(c->width + c->pad_left, c->step_w)));
  for (int64_t i = 0; i < image->rows; i++, to += row_bytes) {
    int64_t y = (line * c->jump_h + i) * c->step_h - c->pad_top;
    /* Planes inside: a row of the input is read while it is in the first-level cache. */
    for (int64_t k = 0; k < image->planes; k++) {
      uint8_t *row = to + k * image->plane;
      if (y < 0 || y >= c->height) {
        lhs->fill(row, image->zero, image->width * per_pixel);
        continue;
      }
      lhs->fill(row, image->zero, begin * per_pixel);
      pack_pixels(p, c, image, in + y * c->in_h, k, begin, end, row);
      lhs->fill(row + end * image->pixel, image->zero, (image->width - end) * per_pixel);
    }
  }
}
