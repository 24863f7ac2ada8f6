/* What passes through the loops of a strip, for product.c and tiled.c. */
#ifndef OCTAVO_PASS_H
#define OCTAVO_PASS_H

#include "product.h"
#include "taps.h"

/* Rows in tiles: the first `first` of `tiles` have `rows`, the others `other`. */
struct division { int64_t tiles, rows, first, other; };

/* A tile whose sums wait in a buffer until its rows, from `acc` on, are corrected and put where they belong. */
struct octavo_waiting {
  struct octavo_chore chore; /* first: the microkernel of the next tile does it between its products */
  const struct octavo_pass *pass;
  struct octavo_output_args o;
  struct octavo_correction c;
  int32_t *acc;
  uint8_t *to;               /* the line's dst */
  int64_t row, at;           /* of the line; of the strip */
};

/* What a tile unit needs besides. */
struct octavo_tiling {
  struct octavo_waiting waiting; /* the last tile */
  int32_t *buffers[2];           /* what `buffer` of the pass is in turns */
  int32_t up;                    /* the last panel's rows went up */
};

struct octavo_pass {
  const struct octavo_plan *p;
  const struct octavo_operands *x;
  octavo_tile_fn *tile;
  struct octavo_tile t;
  struct octavo_correction c;
  struct octavo_output_args o;
  const int32_t *zero_points, *row_sums; /* per row of the strip, or NULL */
  const float *row_scales;               /* of the strip's first row; stride in o */
  uint8_t *staged;
  int32_t *buffer;                       /* accumulators of `tiles` tiles; with a tile unit of two, in turns */
  int64_t tiles;                         /* how many it holds */
  const struct octavo_tile *whole;       /* t, before a line's runs are clipped */
  const int32_t *run_sums, *run_pairs;   /* of the panel */
  const int32_t *row_pairs;              /* per row of the strip, or NULL */
  int64_t skipped;                       /* bytes from a row's begin to the first run that is not clipped */
  int32_t lhs_zero, *clipped;
  int32_t plain;                         /* rows of dst lie as those of a tile */
  int32_t simple;                        /* and no correction or row scale is needed, */
  int32_t direct;                        /* nor any output: a tile can be computed in dst */
  struct octavo_inner inner;
  const int32_t *tap_sums, *tap_pairs;   /* of the panel */
  const int32_t *edge_pairs;
  struct octavo_tiling *tiling;          /* NULL unless the backend has a tile unit */
  struct division all, middle;           /* of a line's rows; of those that see no padding */
};

/* Rows [row, row + rows) of a line have their sums from `acc` on: puts those that are output where they belong. */
void octavo_put(const struct octavo_pass *s, struct octavo_output_args *o, const int32_t *acc, uint8_t *dst, int64_t row, int64_t rows);

/* Rows of a hardware tile where a line has `rows`: tiles as even as can be. */
OCTAVO_INLINE int64_t octavo_tiled_height(int64_t rows, int64_t most) {
  return rows <= most ? rows : octavo_div_up(rows, octavo_div_up(rows, most));
}

/* tiled.c. */
void octavo_tiled_begin(struct octavo_pass *s);
/* One panel against all rows of the strip; its last tile remains to be finished. */
void octavo_tiled_rows(struct octavo_pass *s, const uint8_t *lhs, uint8_t *dst);
void octavo_tiled_finish(struct octavo_pass *s);

#endif
