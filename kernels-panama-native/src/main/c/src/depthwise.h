/* Depthwise convolution: every output channel reads one input channel, so channels are lanes.
 *
 * A row of output pixels is one long row of lanes: pixel after pixel, channel after channel. All that a lane reads lies at
 * fixed distances from it, one for every filter tap, whatever its channel; so vectors need not end where a pixel does, and
 * 24 channels fill them as well as 64. The weights of such vectors repeat after a *period* of blocks, the least common
 * multiple of a block and a pixel. (Where that would be long, pixels are padded to whole blocks instead.) A stride to the
 * right keeps this simple too: columns are dealt out over as many planes of a scratch image, and neighbours in a plane are
 * neighbours in the output.
 *
 * Away from its left and right border an image is read where it lies, wherever its lanes lie as those of the output do, or
 * pixels are whole blocks (depthwise_image.c); a row above or below it is a row of zero points.
 *
 * A block of 4 W lanes is held as four vectors in *quad order*, the order in which unpacking leaves them and packing finds
 * them: vector v, lane e is lane 16 * (e / 4) + 4 * v + e % 4 of the block. Weights and the parameters of the output stage are
 * laid in quad order at prepare, so neither accumulators nor results are ever shuffled.
 *
 * A microkernel takes a block down some lines:
 *
 *   acc[line][lane] = init[lane] + sum over kh, kw: lhs[line * stride + kh][lane + taps[kw]] * w[kh][kw][lane]
 *
 * kr taps of an image row are interleaved at a time (kr bytes, or int16 pairs, per lane: what vpdpbusd or vpmaddwd multiply).
 * With a filter height and stride known at compile time each image row is interleaved once and added to all lines that see
 * it; their sums stay in registers as the block moves down. */
#ifndef OCTAVO_DEPTHWISE_H
#define OCTAVO_DEPTHWISE_H

#include "freestanding.h"

/* What becomes of the sums: kept as they are in acc (one block at a time); or the output stage at once, for the two outputs
 * that matter most: bytes by FLOAT32_NEAREST_EVEN with bounded multipliers, and s32. */
enum octavo_depthwise_end { OCTAVO_DEPTHWISE_ACC, OCTAVO_DEPTHWISE_BYTES, OCTAVO_DEPTHWISE_WORDS, OCTAVO_DEPTHWISE_ENDS };

enum {
  OCTAVO_DEPTHWISE_TAPS = 16, /* in a filter row, of which is remembered where they are */
  OCTAVO_DEPTHWISE_ROWS = 64 /* of the image that a call sees: 16 lines of 7, or 8 a stride of 2 apart, need 22; ANY fits its lines to it */
};

struct octavo_depthwise {
  const uint8_t *rows[OCTAVO_DEPTHWISE_ROWS]; /* image rows one below the other, each from what the first tap of the first lane reads */
  int64_t row, line;         /* of a scratch image, where all rows may be too many: bytes from row to row, from output line to line */
  int64_t down;              /* ANY: rows from line to line */
  int64_t at, lhs_pass;      /* bytes from there to the first block; and from period to period */
  int64_t taps[OCTAVO_DEPTHWISE_TAPS]; /* the first: bytes from a lane to what it reads, by kw; then the last one again */
  int64_t dilation, stride;  /* to the right */
  int64_t plane, pixel;      /* bytes from plane to plane, from pixel to pixel */
  int64_t kh, kw, groups;    /* groups of kr taps in a filter row */
  uint8_t flip;              /* kernels of OCTAVO_DEPTHWISE_S: what turns the sign of the lhs, or 0 */
  const uint8_t *weights;    /* [period][kh][groups][4][W][kr], bytes or int16; then those of the column, [groups of it][4][W][kr] */
  int64_t weights_stride;    /* from block to block */
  const int32_t *init;       /* [period][4 W] */
  int64_t period, group;     /* blocks; so many of a period are taken through all periods before the next ones are */
  int64_t blocks, lines;     /* the first of a period at first; at most as many lines as the kernel takes */
  int32_t *acc;              /* [lines][4 W] */
  uint8_t *dst;              /* where the first block of the first line begins */
  int64_t dst_line;          /* bytes */
  int64_t dst_pass;          /* bytes from period to period, */
  int64_t pass, columns;     /* of whose lanes so many are output, and so many of all blocks together */
  const float *multiplier;   /* [period][4 W] */
  int32_t zero_point, min, max, is_unsigned;
};

OCTAVO_INLINE int64_t octavo_depthwise_tap(const struct octavo_depthwise *d, int64_t kw) {
  int64_t column = kw * d->dilation;
  return d->stride == 1 ? column * d->pixel : column % d->stride * d->plane + column / d->stride * d->pixel;
}

/* Where groups of kr leave one tap of a filter row over, these taps are a *column*, which is taken kr rows at a time instead (unless the way is
 * ANY): 5x5 in fours takes 5 + 2 products instead of 10. How many groups that makes: */
OCTAVO_INLINE int64_t octavo_depthwise_column(int64_t kh, int64_t kw, int64_t kr, int64_t down) {
  return kw % kr == 1 && (kw <= 5 || down == 1) ? octavo_div_up(kh, kr) : 0; /* 7x7 in pairs, `down` 2: 46 GOP/s for 71 */
}

/* The filter row under the last of group j's kr taps; other lines see the same kr rows as groups of theirs. Rows above the filter, and those that
 * a group before has, weigh 0. */
OCTAVO_INLINE int64_t octavo_depthwise_column_end(int64_t kh, int64_t kr, int64_t j) { return octavo_max(kh - 1 - j * kr, kr - 2); }

OCTAVO_INLINE const uint8_t *octavo_depthwise_row(const struct octavo_depthwise *d, int64_t i) {
  return i < OCTAVO_DEPTHWISE_ROWS ? d->rows[i] : d->rows[0] + i * d->row;
}

typedef void octavo_depthwise_fn(const struct octavo_depthwise *d);

/* How a kernel takes the bytes of the lhs: unsigned; signed ones whose sign bit it turns, so that they are unsigned; or as
 * signed ones, after `flip`. */
enum octavo_depthwise_lhs { OCTAVO_DEPTHWISE_U, OCTAVO_DEPTHWISE_TURNED, OCTAVO_DEPTHWISE_S, OCTAVO_DEPTHWISE_LHS };

/* The ways a window is walked: by height, width and stride downwards. */
enum {
  OCTAVO_DEPTHWISE_3X3,
  OCTAVO_DEPTHWISE_3X3_2,
  OCTAVO_DEPTHWISE_5X5,
  OCTAVO_DEPTHWISE_5X5_2,
  OCTAVO_DEPTHWISE_7X7,
  OCTAVO_DEPTHWISE_7X7_2,
  OCTAVO_DEPTHWISE_ANY,
  OCTAVO_DEPTHWISE_WAYS
};

struct octavo_depthwise_ops {
  int32_t nr, kr;            /* 4 W, and taps multiplied at once */
  int32_t wide;              /* 0: the lhs comes as bytes; 1: as int16 */
  int32_t wide_rhs;          /* 1: weights are int16, rhs minus its zero point, and the lhs is unsigned where it is bytes */
  int32_t lines[2];          /* of a call, at most, where they are one row apart, or more; rows of the image come before they leave L1 */
  octavo_depthwise_fn *run[OCTAVO_DEPTHWISE_WAYS][OCTAVO_DEPTHWISE_LHS][OCTAVO_DEPTHWISE_ENDS];
};

extern const struct octavo_depthwise_ops octavo_depthwise_scalar, octavo_depthwise_avx2, octavo_depthwise_avxvnni,
    octavo_depthwise_avx512vnni;

/* Lane of position p of a block in quad order; W = 4 (the portable tier) is the natural order. */
OCTAVO_INLINE int64_t octavo_quad_channel(int64_t p, int64_t nr) {
  int64_t w = nr / 4, v = p / w, e = p % w;
  return 16 * (e / 4) + 4 * v + e % 4;
}

#endif
