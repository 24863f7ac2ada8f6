/* Depthwise convolution: every output channel reads one input channel, so channels are lanes.
 *
 * A block of 4 W channels is held as four vectors in *quad order*, the order in which unpacking leaves them and packing
 * finds them: vector v, lane e belongs to channel 16 * (e / 4) + 4 * v + e % 4. Weights and the parameters of the output
 * stage are laid in quad order at prepare, so neither accumulators nor results are ever shuffled.
 *
 * A microkernel computes, for R output lines at a time and G neighbouring pixels of each,
 *
 *   acc[line][x][channel] = init[channel] + sum over kh, column: lhs[line + kh][x * stride + column][channel] * w
 *
 * T groups of kr neighbouring columns are interleaved once (kr bytes, or int16 pairs, per lane: what vpdpbusd or vpmaddwd
 * multiply) and serve all G pixels and all R lines that see them; pixel j of a group finds its kw taps in those columns
 * through weights shifted by j strides, zero elsewhere. */
#ifndef OCTAVO_DEPTHWISE_H
#define OCTAVO_DEPTHWISE_H

#include "freestanding.h"

struct octavo_depthwise {
  const uint8_t *lhs;        /* the window of the first pixel; the block's first channel */
  int64_t row, pixel;        /* bytes from image row to row, from column to column */
  int64_t tap_row;           /* bytes from tap to tap downwards: row * dilation */
  int64_t tap;               /* and to the right: pixel * dilation */
  int64_t line, step;        /* bytes from output line to line, from output pixel to pixel */
  int64_t kh, kw, groups;    /* groups = T */
  const uint8_t *weights;    /* [kh][G][T][4][W][kr] */
  const int32_t *init;       /* 4 W, in quad order */
  int64_t columns;           /* output pixels; rounded up to G by the kernel, image and acc have room for that */
  int32_t *acc;              /* [R][columns rounded up to G][4 W] */
};
typedef void octavo_depthwise_fn(const struct octavo_depthwise *d);

/* The ways a window is walked. */
enum { OCTAVO_DEPTHWISE_3X3, OCTAVO_DEPTHWISE_5X5, OCTAVO_DEPTHWISE_ANY, OCTAVO_DEPTHWISE_WAYS };

struct octavo_depthwise_way {
  octavo_depthwise_fn *run[2]; /* by: the lhs, as the kernel sees it, is signed */
  int32_t lines, pixels;       /* R, G */
};

struct octavo_depthwise_ops {
  int32_t nr;                  /* 4 W */
  struct octavo_depthwise_way way[OCTAVO_DEPTHWISE_WAYS]; /* 3X3 and 5X5: stride 1, dilation 1 */
};

extern const struct octavo_depthwise_ops octavo_depthwise_scalar, octavo_depthwise_avx2, octavo_depthwise_avxvnni,
    octavo_depthwise_avx512vnni;

/* Channel of position p of a block in quad order; W = 4 (the portable tier) is the natural order. */
OCTAVO_INLINE int64_t octavo_quad_channel(int64_t p, int64_t nr) {
  int64_t w = nr / 4, v = p / w, e = p % w;
  return 16 * (e / 4) + 4 * v + e % 4;
}

#endif
