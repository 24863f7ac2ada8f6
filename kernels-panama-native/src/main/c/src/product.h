/* The loops that GEMM and convolution share. */
#ifndef OCTAVO_PRODUCT_H
#define OCTAVO_PRODUCT_H

#include "plan.h"

/* How a shape is cut into strips. A *line* is what rows are counted in: a row of a matrix, or one row of output pixels.
 * A strip is some lines of one image times some panels; strips that share lines are neighbours. */
struct octavo_partition {
  int64_t images, lines, rows_per_line;  /* the problem */
  int64_t units;                         /* panels of all groups */
  int64_t line_block, unit_block;        /* the largest strip */
  int64_t line_most;                     /* lines of neighbouring strips that are run as one where a call has them all */
  int64_t line_blocks, unit_blocks, strips;
};

struct octavo_range { int64_t image, line, lines, unit, units; };

/* `rows_per_line` and costs are in the partition's terms; `line_step` is the number of lines below which a strip should
 * not be cut. */
void octavo_partition(const struct octavo_plan *p, int64_t images, int64_t lines, int64_t rows_per_line,
                      int64_t line_step, struct octavo_partition *out);
/* Rows, of all images and lines, up to which an image is one strip. */
int64_t octavo_whole_rows(const struct octavo_plan *p);
/* Lets octavo_next_range() join lines; `line_bytes` is what one line adds to the lhs. */
void octavo_partition_join(struct octavo_partition *part, int64_t line_bytes);
/* The largest piece of strips [*strip, last) that is a rectangle from the first strip on, and fits caches; moves *strip behind
 * it. Strips are for threads and for interruptions: whoever runs many of them in one call does not pay for the cuts between. */
struct octavo_range octavo_next_range(const struct octavo_partition *part, int64_t *strip, int64_t last);

/* The lhs and dst of a strip as lines of equally spaced rows. */
struct octavo_operands {
  const uint8_t *lhs;
  int64_t lhs_line, lhs_row, lhs_group; /* strides in bytes; from group to group */
  struct octavo_runs runs;
  int64_t run_k;                        /* of every run, as the microkernel may read it */
  uint8_t *dst;
  int64_t dst_line, dst_row, dst_column;
  int64_t lines, rows;                  /* rows per line */
  int64_t period, valid;                /* of every `period` rows of a line the first `valid` are output, the rest is not; a
                                           period of dst begins dst_period after the last */
  int64_t dst_period;
  int64_t first_group;                  /* the one at lhs */
  int64_t y, y_line, y_tap, height;     /* height > 0: input row of the first line's first tap; from line to line, from tap to
                                           tap; runs outside of [0, height) see only padding and are skipped */
  int64_t x, x_row, width;              /* width > 0: input column of a line's first pixel's first tap; from pixel to pixel; taps
                                           outside of [0, width) see only padding and may be skipped */
  int64_t first_row;                    /* of the whole problem: index into zero points and scales per row */
  octavo_tile_fn *tile;                 /* NULL, or what multiplies in place of the plan's: that of the tile unit's vectors, or one that turns signs */
};

/* What the caller gives at run time. */
struct octavo_runtime {
  const int32_t *zero_points;
  const float *scales;
};

int64_t octavo_product_scratch(const struct octavo_plan *p, int64_t rows);
void octavo_product(const struct octavo_plan *p, const struct octavo_operands *x, const struct octavo_range *range,
                    const struct octavo_runtime *runtime, uint8_t *scratch);

/* One op: all a strip needs of scratch (alignment included), and the run. */
int64_t octavo_gemm_strips(const struct octavo_plan *p, const int64_t *shape);
int64_t octavo_gemm_scratch(const struct octavo_plan *p, const int64_t *shape);
void octavo_gemm_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                     const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last);

/* A strip that is too long in steps, see deep.c. */
int64_t octavo_gemm_steps(const struct octavo_plan *p, const int64_t *shape);
void octavo_gemm_step(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                      const struct octavo_runtime *runtime, uint8_t *scratch, int64_t strip, int64_t step);
int64_t octavo_deep_steps(const struct octavo_plan *p, const struct octavo_partition *part);
/* `pack` and `mode`: whether rows are packed, and how; `scratch` is aligned, and the same in all steps. */
void octavo_deep_step(const struct octavo_plan *p, const struct octavo_range *r, const uint8_t *lhs, int64_t stride, int pack,
                      int32_t mode, uint8_t *dst, int64_t dst_stride, const struct octavo_runtime *runtime, uint8_t *scratch,
                      int64_t steps, int64_t step);

int octavo_conv_by_winograd(const struct octavo_plan *p, const int64_t *shape);
int64_t octavo_conv_strips(const struct octavo_plan *p, const int64_t *shape);
int64_t octavo_conv_scratch(const struct octavo_plan *p, const int64_t *shape);
void octavo_conv_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                     const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last);

int64_t octavo_depthwise_strips(const struct octavo_plan *p, const int64_t *shape);
int64_t octavo_depthwise_scratch(const struct octavo_plan *p, const int64_t *shape);
void octavo_depthwise_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                          const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last);

/* What turning the sign bit adds to a zero point. */
OCTAVO_INLINE int32_t octavo_lhs_turn(const struct octavo_plan *p) {
  return p->lhs_flip == 0 ? 0 : p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8 ? 128 : -128;
}

/* The lhs zero point of the whole tensor, as the microkernel sees it: the value of padding. */
OCTAVO_INLINE int32_t octavo_lhs_zero(const struct octavo_plan *p, const struct octavo_runtime *runtime) {
  if (p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_FIXED) return p->lhs_zero;
  return *runtime->zero_points + octavo_lhs_turn(p);
}

/* Bytes of one output element. */
OCTAVO_INLINE int64_t octavo_output_bytes(const struct octavo_plan *p) {
  return p->spec[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED ? 1 : 4;
}

/* What accumulators of columns from `at` on start from; `room` (nr) takes it where the zero point came at run time. */
const int32_t *octavo_init_of(const struct octavo_plan *p, int64_t at, const struct octavo_runtime *runtime, int32_t *room);

/* The output stage's arguments that are the same for all tiles. */
struct octavo_output_args octavo_output_args_of(const struct octavo_plan *p, const struct octavo_runtime *runtime);

/* Puts a tile (rows, columns, acc and parameters are set) where it belongs, by way of `staged` where the columns of dst are
 * not contiguous. */
void octavo_finish(struct octavo_output_args *o, octavo_output_fn *output, uint8_t *dst, int64_t dst_row,
                   int64_t dst_column, int64_t bytes, uint8_t *staged);

#endif
