/* The input of a convolution as microkernels want it: channels innermost, borders filled with the zero point. */
#ifndef OCTAVO_IMAGE_H
#define OCTAVO_IMAGE_H

#include "plan.h"

/* A convolution's shape, read, with what follows from it. */
struct octavo_conv {
  int64_t batch, height, width, in_n, in_h, in_w, in_c, out_n, out_h, out_w, out_c;
  int64_t oh, ow;
  int64_t kh, kw, sh, sw, dh, dw, pad_top, pad_left;
  int64_t element;           /* bytes of a packed lhs element */
  int64_t step_h, step_w;    /* input pixels per scratch pixel: more than 1 only where the filter has one tap that way */
  int64_t jump_h, jump_w;    /* scratch pixels per output pixel */
  int inside;                /* the filter never leaves the image */
  int winograd;              /* by winograd.h; conv.c says so */
};

void octavo_conv_read(const struct octavo_plan *p, const int64_t *shape, struct octavo_conv *c);

/* A scratch image: `rows` rows of `width` pixels, of `pixel` bytes, each holding `chunks` stretches of channels, `chunk` channels
 * from input channel `first` on, `spread` times each, `chunk_bytes` apart. */
struct octavo_scratch_image {
  int64_t rows, width, pixel, first, chunks, chunk, chunk_bytes, spread;
  int64_t planes, plane;     /* so many images, `plane` bytes apart, each of the channels behind those of the last */
  int64_t offset;            /* copies of channel `first` that come before the chunk begins (spread > 1) */
  int32_t zero;              /* the value of the border */
  int32_t raw;               /* bytes stay as they are: who reads them turns their sign */
};

/* Scratch rows that `lines` output lines see. */
OCTAVO_INLINE int64_t octavo_image_rows(const struct octavo_conv *c, int64_t lines) {
  return (lines - 1) * c->jump_h + (c->kh - 1) * c->dh + 1;
}

/* Fills the scratch rows that output lines from `line` on see; `in` is one image. */
void octavo_image_pack(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_scratch_image *image,
                       const uint8_t *in, int64_t line, uint8_t *to);

#endif
