/* The handful of functions that are a kernel.
 *
 * A microkernel computes a register tile of accumulators, or some of them one below another, and leaves them, s32, in a small
 * buffer that stays in L1; an output function turns such a buffer into bytes of dst. Between them lies the only traffic of
 * accumulators there is.
 *
 *   acc[i][j] = init[j] + sum over runs r, over q < run_k:  lhs[i, r, q] * rhs[j, r, q]        (modulo 2^32)
 *
 * A *run* is a stretch of k that is contiguous in a row of the lhs. A matrix row is one run. A convolution has one run
 * per filter row (or per tap): row i, run r starts at lhs + i * lhs_stride + the r-th offset of `runs`. That is all a
 * microkernel knows of convolution.
 *
 * The lhs comes as bytes (kr = 4: VNNI, AMX) or widened to int16 (scalar, AVX2); the rhs comes packed: run after run, rows of
 * `rhs_row` bytes holding kr values of each of the panel's columns, zeros behind a run that is no whole number of kr. run_k is
 * a multiple of kr (AMX: of 64); VNNI takes any run_k >= kr and reads not a byte behind it, so a matrix of any k is read where
 * it lies. Tile memory, init
 * and rhs may be read (not written) up to nr columns even where the panel is narrower. */
#ifndef OCTAVO_UKERNEL_H
#define OCTAVO_UKERNEL_H

#include "freestanding.h"

/* Where runs begin, in bytes from the row's begin: `columns` runs side by side, `column` apart, then the next row of runs,
 * `row` below the last. Strides rather than a table: a table would lie in scratch, and nothing there may become an address. */
struct octavo_runs {
  int64_t columns, column, row;
};

/* Walks them: begins as {0}. */
struct octavo_run {
  int64_t offset, at, line;
};
OCTAVO_INLINE void octavo_next_run(const struct octavo_runs *runs, struct octavo_run *run) {
  run->offset += runs->column;
  if (++run->at < runs->columns) return;
  run->at = 0;
  run->offset = run->line += runs->row;
}

/* The other way. */
OCTAVO_INLINE void octavo_previous_run(const struct octavo_runs *runs, struct octavo_run *run) {
  run->offset -= runs->column;
  if (--run->at >= 0) return;
  run->at = runs->columns - 1;
  run->offset = (run->line -= runs->row) + run->at * runs->column;
}

/* Something else to do between the products of a tile, some rows at a time. */
struct octavo_chore {
  void (*rows)(struct octavo_chore *chore, int64_t rows);
  int64_t left;             /* rows; 0 = nothing */
};

struct octavo_tile {
  const uint8_t *lhs;
  int64_t lhs_stride;       /* bytes from row to row */
  int64_t rows;             /* 1 .. mr */
  int64_t more;             /* tiles below this one, in lhs and acc; AMX: 0 */
  int64_t others, other;    /* how many of them, the last ones, have another number of rows, and which */
  int64_t ahead;            /* how far behind what the first tile reads of the rhs lies what is wanted next, and may be asked for; or 0 */
  struct octavo_runs runs;
  int64_t run_count;
  int64_t run_k;
  const uint8_t *rhs;
  int64_t rhs_row;          /* bytes */
  int64_t rhs_skip;         /* bytes between the end of a run's rows and the next run (AMX: 0) */
  int64_t columns;          /* 1 .. nr; more may be computed */
  const int32_t *spread;    /* grouped kernels: for each of nr / 2 columns, where a row has the values of its group: words of 4 bytes
                               behind its begin; up to 2 nr bytes may be read from every step of k */
  const int32_t *init;      /* one row, where all rows start */
  const int32_t *pairs;     /* NULL, or the rhs is widened and products shall be paired: per row, what that adds too much */
  int32_t *acc;             /* rows x nr: a buffer, or dst itself */
  int64_t acc_stride;       /* elements */
  int64_t narrow;           /* 1: acc has room for `columns` columns, 0: for nr (AMX: 0) */
  int64_t tile_rows;        /* AMX: rows of a hardware tile, as last told to octavo_tiles_begin_fn */
  struct octavo_run last_run; /* AMX: k is walked from here, */
  int32_t down;             /* if down, what the tile before read last comes first and is still in cache */
  struct octavo_chore *chore; /* AMX: what to do meanwhile; some of it may remain */
};
typedef void octavo_tile_fn(const struct octavo_tile *t);

/* Rows, `row` bytes apart, whose runs are laid side by side: `end` bytes, zeros behind the last run, every `stride` bytes. */
struct octavo_gather {
  struct octavo_runs runs;
  int64_t run_count, run_k, row, end, stride;
};

/* What a unit with tile registers needs besides: to be told their height, and to be left in peace afterwards; and rows
 * gathered whose runs are not whole steps of k. */
typedef void octavo_tiles_begin_fn(int64_t rows);
typedef void octavo_tiles_end_fn(void);
typedef void octavo_gather_fn(const struct octavo_gather *gather, uint8_t *to, const uint8_t *from, int64_t rows);
struct octavo_tile_unit {
  int64_t rows;             /* of a hardware tile at most */
  int64_t k;                /* bytes of the lhs in one step; a multiple of kr */
  octavo_tiles_begin_fn *begin;
  octavo_tiles_end_fn *end;
  octavo_gather_fn *gather;
  const struct octavo_backend *vectors; /* whose microkernels read the same panels: for what is over before tiles are set up */
  int64_t setup_macs;       /* multiply-adds of those in that time */
};

/* What a column (an output channel) brings to the output stage; pointers to the first column of a tile, readable for nr
 * columns. Which of them are set depends on the output and recipe. */
struct octavo_columns {
  const float *multiplier;  /* f32 recipes; DEQUANTIZED: the rhs scale */
  const double *multiplier64;
  const int32_t *fixed;     /* Q31 multiplier */
  const int32_t *shift;
  const int32_t *low;       /* FIXED_POINT_SINGLE_ROUNDING: acc may be clamped to [low, high] without changing q */
  const int32_t *high;
  const float *bias;        /* NULL = none */
};

struct octavo_output_args {
  const int32_t *acc;
  int64_t acc_stride;       /* elements */
  int64_t rows, columns;    /* columns <= nr */
  uint8_t *dst;
  int64_t dst_stride;       /* bytes; columns are contiguous */
  struct octavo_columns column;
  const float *row_scale;   /* DEQUANTIZED with a run-time scale: one per row, or one (stride 0); else NULL */
  int64_t row_scale_stride;
  int32_t zero_point, min, max;
  int32_t is_unsigned;
  int32_t bounded;          /* f32 recipes: |acc * m| is known to stay below 2^31 */
};
typedef void octavo_output_fn(const struct octavo_output_args *o);

/* acc[i][j] -= lhs_zero_point[i] * column_sum[j] + rhs_zero_point[j] * row_sum[i]; either half may be NULL. */
struct octavo_correction {
  int32_t *acc;
  int64_t rows, columns, acc_stride;
  const int32_t *lhs_zero_point, *column_sum;
  const int32_t *rhs_zero_point, *row_sum;
};
typedef void octavo_correct_fn(const struct octavo_correction *c);

/* The output stage of one instruction set: rows of nr columns at a time. */
struct octavo_outputs {
  octavo_output_fn *accumulators;
  octavo_output_fn *dequantized;
  octavo_output_fn *requantized[6]; /* by enum octavo_recipe */
  octavo_correct_fn *correct;
};

extern const struct octavo_outputs octavo_outputs_scalar, octavo_outputs_avx2, octavo_outputs_avx512;
/* The same for rows of 4 W columns in quad order (depthwise.h). */
extern const struct octavo_outputs octavo_quad_outputs_scalar, octavo_quad_outputs_avx2, octavo_quad_outputs_avx512;

#endif
