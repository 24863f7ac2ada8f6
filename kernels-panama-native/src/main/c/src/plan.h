/* The plan: what prepare makes of a spec. What it makes of the weights, all that grows with them, is elsewhere: the packed
 * bytes, in which the plan finds its arrays by offset. */
#ifndef OCTAVO_PLAN_H
#define OCTAVO_PLAN_H

#include "backends.h"
#include "spec.h"
#include "ukernel.h"

/* The geometry that a spec and a backend fix. GEMM is the convolution with one group, one run. Depthwise is one group
 * whose columns are the channels and whose k are the taps. */
struct octavo_geometry {
  int64_t mr, nr, kr;
  int64_t groups, group_n;   /* output columns per group */
  int64_t share;             /* groups of the convolution that are one here: few channels each, their columns side by side (grouped_*.c) */
  int64_t panels;            /* per group */
  int64_t run_count, run_k;  /* runs of the lhs, and their true length */
  int64_t run_packed;        /* run_k rounded up to kr */
  int64_t runs_w, merged_w, run_i;
  int64_t k_packed;          /* of all runs, a multiple of kr */
  int64_t lhs_runs, lhs_k;   /* what the microkernel is told: as many runs, or one where rows are gathered; whole steps of k */
  int32_t gather;            /* runs that are no whole steps of a tile unit are laid side by side, in rhs and lhs */
  int64_t k;                 /* true: taps * channels of a group */
  int64_t panel_stride, group_stride, packed_bytes;
};

struct octavo_plan {
  int32_t backend;
  int32_t lhs_flip;          /* 0x80: the microkernel wants the lhs with its sign bit turned */
  int32_t lhs_zero;          /* fixed zero point, in the microkernel's view of the lhs */
  int32_t row_sums;          /* some rhs zero point is not 0 */
  int32_t bounded;
  int32_t wide;              /* the microkernel wants the lhs as int16 */
  int32_t winograd;          /* a convolution that winograd.h can do, where its shape gains by it */
  int32_t depthwise;         /* a convolution by depthwise.c, */
  int32_t in_place;          /* which reads the image where it lies if strides are what that takes, */
  int32_t way;               /* walked so, */
  int32_t tap_groups;        /* with so many groups of kr taps in a filter row, */
  int32_t tap_column;        /* and so many of a column that is left; */
  int64_t lanes, period;     /* so many lanes in a pixel, and blocks until weights repeat; */
  int64_t edge_left, edge_right; /* and so many columns a window may reach over a border, where pixels there have weights of their own: */
  int64_t blocks;            /* a pixel for every count of columns, left and then right, which follow on the period */
  const struct octavo_lhs_ops *lhs;
  octavo_tile_fn *tile;
  octavo_tile_fn *tile_wide; /* the same over a panel widened to int16, or NULL */
  octavo_tile_fn *tile_turns;/* the same over an lhs whose sign bit is yet to be turned, or NULL where it is better turned before */
  octavo_output_fn *output;
  struct octavo_geometry g;
  int64_t spec[OCTAVO_SPEC_WORDS];
  char *packed;              /* NULL until prepare */
  int64_t bytes;             /* of packed */
  int64_t whole_rows;        /* partition.c */
  /* Offsets into packed. Column arrays hold groups * round_up(group_n, nr) entries, depthwise blocks * nr; 0 = absent. */
  int64_t rhs;
  int64_t init;              /* s32: bias and every term that does not depend on the input */
  int64_t column_sum;        /* s32: sum rhs - k * zr, the coefficient of a run-time lhs zero point */
  int64_t rhs_zero;          /* s32 */
  int64_t run_sums;          /* s32 [group, panel][run][nr]: sums of the rhs by run, where lines may skip runs that lie in padding */
  int64_t pairs;             /* s32 [group, panel][run or all][nr]: sums of b0 b2 + b1 b3 over whole fours of the rhs */
  int64_t tap_sums;          /* s32 [group, panel][filter column][nr]: sums of the rhs by filter column, where edge pixels may skip some, */
  int64_t tap_pairs;         /* and their paired sums */
  int64_t multiplier, multiplier64, fixed, shift, low, high, bias;
  int64_t expanded, ones;    /* depthwise: weights as its microkernel reads them, by block; and a block of ones for every kind of pixel */
  int64_t expanded_stride;
  int64_t inverse, limits;   /* elementwise: f32(1 / scale); low in, high in, low out, high out of LEVELS */
};

#define OCTAVO_AT(plan, type, offset) ((const type *)((plan)->packed + (plan)->offset))

/* Depthwise blocks by kind: 0, the period of all pixels; then those of a pixel by how many columns of its window are outside, left of the
 * image (1 to edge_left) or right of it (edge_left + 1 and so on). */
OCTAVO_INLINE int64_t octavo_depthwise_kind(const struct octavo_plan *p, int64_t block) {
  return block < p->period ? 0 : 1 + (block - p->period) / octavo_div_up(p->lanes, p->g.nr);
}

OCTAVO_INLINE int64_t octavo_depthwise_block(const struct octavo_plan *p, int64_t kind) {
  return kind == 0 ? 0 : p->period + (kind - 1) * octavo_div_up(p->lanes, p->g.nr);
}

/* Bytes of an lhs element, as the microkernel reads it. */
OCTAVO_INLINE int64_t octavo_lhs_bytes(const struct octavo_plan *p) { return octavo_backends[p->backend].wide ? 2 : 1; }

/* Whether the microkernel reads runs of the lhs to their end and no further; others want whole steps of k. */
OCTAVO_INLINE int octavo_reads_exactly(const struct octavo_plan *p) {
  return p->g.run_k == p->g.lhs_k || (octavo_backends[p->backend].unit == 0 && p->g.run_k >= p->g.kr);
}

/* What multiplies `m` rows where a tile unit does not: one row, whose panels pass once and as fast as memory lets them either
 * way, or a product that is over before tiles are set up. NULL: the unit does, or there is none; vector kernels want operands that
 * differ in signedness. */
OCTAVO_INLINE octavo_tile_fn *octavo_by_vectors(const struct octavo_plan *p, int64_t m) {
  const struct octavo_tile_unit *unit = octavo_backends[p->backend].unit;
  int lhs_signed = p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8, rhs_signed = p->spec[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8;
  if (!unit || p->spec[OCTAVO_SPEC_OP] != OCTAVO_GEMM || p->g.run_k < p->g.kr || lhs_signed == rhs_signed) return NULL;
  if (m > 1 && p->g.packed_bytes > unit->setup_macs / m) return NULL;
  return unit->vectors->tile[2 * lhs_signed + rhs_signed];
}

/* What the microkernel is told of a run's length in packed rows: whole steps of k, for which there is room. Kernels of int16 are
 * told the truth, because what lies in that room may not be added to anything. */
OCTAVO_INLINE int64_t octavo_packed_run(const struct octavo_plan *p) {
  return octavo_backends[p->backend].wide ? p->g.run_k : p->g.lhs_k;
}

/* A column array's index of column j of a group. */
OCTAVO_INLINE int64_t octavo_column(const struct octavo_geometry *g, int64_t group, int64_t j) {
  return group * g->panels * g->nr + j;
}

/* Runs of which the plan keeps paired sums: each, where lines may skip some, or all as one. */
OCTAVO_INLINE int64_t octavo_pair_runs(const struct octavo_plan *p) { return p->run_sums ? p->g.run_count : 1; }

void octavo_geometry(const struct octavo_backend *b, const int64_t *spec, struct octavo_geometry *g);
int64_t octavo_panel_width(const struct octavo_geometry *g, int64_t panel);
/* Lays the arrays of the output stage for `columns` columns; returns where they end. */
int64_t octavo_plan_output(struct octavo_plan *plan, int64_t columns, int64_t start);
/* Fills everything of a plan that needs no weights. */
void octavo_plan_shape(int32_t backend, const int64_t *spec, struct octavo_plan *plan);

/* The arguments of octavo_prepare that are no words; weights: those of panels [first, last). */
struct octavo_constants {
  const uint8_t *weights;
  const int32_t *zero_points;
  const void *multipliers;
  const int32_t *shifts;
  const void *bias;
  int64_t first, last;
};

void octavo_prepare_product(struct octavo_plan *p, const struct octavo_constants *c);
void octavo_prepare_depthwise(struct octavo_plan *p, const struct octavo_constants *c);
void octavo_prepare_elementwise(struct octavo_plan *p, const struct octavo_constants *c);
/* The columns from `at` on. */
struct octavo_columns octavo_columns_at(const struct octavo_plan *p, int64_t at);
void octavo_prepare_column(struct octavo_plan *p, int64_t at, int64_t o, const struct octavo_constants *c);
/* The weights as their owner keeps them, from the first column on that is to be packed. */
struct octavo_source {
  const uint8_t *weights;
  int64_t o, h, w, i;        /* strides */
  int is_signed;
};
struct octavo_source octavo_source_of(const struct octavo_plan *p, const uint8_t *weights);
/* The s32 bias, and the zero point of the rhs, of output channel o; 0 where there is none. */
int32_t octavo_bias_of(const struct octavo_plan *p, const struct octavo_constants *c, int64_t o);
int32_t octavo_rhs_zero_of(const struct octavo_plan *p, const struct octavo_constants *c, int64_t o);
/* Where the sums of a panel's columns are added: of all k, by run, by filter column (the latter two NULL: not wanted). */
struct octavo_sums {
  uint32_t *columns, *runs, *taps;
};
/* Packs `columns` columns, of which the first is the source's first, by the law of octavo.h. */
void octavo_pack_panel(const struct octavo_geometry *g, const struct octavo_source *s, int64_t columns, int64_t width,
                       uint8_t *panel, const struct octavo_sums *sums);
/* What prepare knows of the lhs; and of one column: what its accumulators start from, and the coefficient of a run-time
 * lhs zero point. */
void octavo_prepare_lhs(struct octavo_plan *p);
void octavo_prepare_sums(const struct octavo_plan *p, int32_t column_sum, int32_t rhs_zero, int32_t bias, int32_t *init,
                         int32_t *sum);

#endif
