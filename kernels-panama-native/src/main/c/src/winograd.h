/* Convolution by 3 x 3 taps at stride 1 with 4 products where 9 would do it directly: F(2 x 2, 3 x 3) of S. Winograd ("Arithmetic
 * complexity of computations", 1980), in integers.
 *
 * Two neighbouring outputs of a filter of three taps, in one dimension:
 *
 *   m0 = (d0 - d2) 2g0    m1 = (d1 + d2)(g0 + g1 + g2)    m2 = (d2 - d1)(g0 - g1 + g2)    m3 = (d1 - d3) 2g2
 *   2 y0 = m0 + m1 + m2   2 y1 = m1 - m2 - m3
 *
 * In two dimensions a tile of 2 x 2 outputs comes from 4 x 4 pixels by 16 products instead of 36, four times too large, and the 16
 * are summed over the channels first: 16 matrix products, of tiles by columns.
 *
 * Exact. Transformed pixels are sums of at most four of 8 bits, transformed weights of at most nine, from
 * which their zero points were taken: |v| <= 1020 and |u| <= 2295 fit int16. Sums of products wrap modulo 2^32, and so do their combinations, but 4 y does not: it is smaller than 2^31 because
 * 9 channels * max |lhs| * 255 < 2^29 is asked for. So 4 y is what comes out, a multiple of 4, and y is exact, too. */
#ifndef OCTAVO_WINOGRAD_H
#define OCTAVO_WINOGRAD_H

#include "freestanding.h"

enum { OCTAVO_WINOGRAD_PLANES = 16 };

/* 3 x 3 taps of a packed panel: from tap to tap, filter row to filter row, pair of channels to pair; and the zero points of its columns. */
struct octavo_winograd_taps {
  const uint8_t *first;
  int64_t tap, row, step, channels;
  int32_t is_signed;
  const int32_t *zero;
};

/* One set of the transforms for kernels of nr = 16 columns and kr = 2, whose lhs and panels are int16. A *plane* is one of the 16
 * products' operand; planes are `plane` bytes apart. */
struct octavo_winograd_ops {
  /* v: 4 x 4 pixels of `channels` (>= 16) int16, `pixel` and `row` bytes apart, into a row of each plane. */
  void (*pixels)(uint8_t *to, int64_t plane, const uint8_t *from, int64_t pixel, int64_t row, int64_t channels);
  /* u: the taps of a packed panel, less their zero points, into a panel of each plane. */
  void (*weights)(uint8_t *to, int64_t plane, const struct octavo_winograd_taps *taps);
  /* Takes from `to` what paired products (gemm_avx2.c) add too much in the columns of a panel of u. */
  void (*pairs)(int32_t *to, const uint8_t *panel, int64_t channels);
  /* y + init of `tiles` tiles: two lines of two pixels a tile, `line` elements apart; sums of a plane are `plane` elements apart. */
  void (*outputs)(int32_t *to, int64_t line, const int32_t *sums, int64_t plane, int64_t tiles, const int32_t *init);
};

extern const struct octavo_winograd_ops octavo_winograd_avx2;

#endif
