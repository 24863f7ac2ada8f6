/* All arithmetic that does not depend on the input.
 *
 *   sum (a - zl)(b - zr) = sum ab - zl * (sum b - k * zr) - zr * sum a
 *
 * With a fixed zl everything but the first and last term is one s32 per column, the value a microkernel starts from. The
 * last term needs sums over lhs rows and exists only where some zr is not 0. A microkernel that wants the sign bit of the
 * lhs turned computes with a' = a ^ 0x80 = a + 128 (or - 128) and zl' = zl + 128 (or - 128): a' - zl' = a - zl, so the same
 * formula holds with primes. All of it is exact modulo 2^32. */
#include "plan.h"
#include "requant.h"

struct octavo_source octavo_source_of(const struct octavo_plan *p, const uint8_t *weights) {
  const int64_t *w = p->spec;
  struct octavo_source s = {weights, w[OCTAVO_SPEC_WEIGHT_STRIDE_O], w[OCTAVO_SPEC_WEIGHT_STRIDE_H],
                            w[OCTAVO_SPEC_WEIGHT_STRIDE_W], w[OCTAVO_SPEC_WEIGHT_STRIDE_I],
                            w[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8};
  return s;
}

int32_t octavo_bias_of(const struct octavo_plan *p, const struct octavo_constants *c, int64_t o) {
  return p->spec[OCTAVO_SPEC_BIAS] == OCTAVO_BIAS_S32 ? ((const int32_t *)c->bias)[o] : 0;
}

int32_t octavo_rhs_zero_of(const struct octavo_plan *p, const struct octavo_constants *c, int64_t o) {
  return c->zero_points ? c->zero_points[p->spec[OCTAVO_SPEC_ZERO_POINTS] == 1 ? 0 : o] : 0;
}

/* The accumulators between which q still moves: below `low` it stays at min, above `high` at max. Clamping acc there keeps
 * the 64-bit arithmetic of single rounding inside 32 bits afterwards. */
static void single_rounding_bounds(int32_t m, int32_t shift, int32_t bottom, int32_t top, int32_t *low, int32_t *high) {
  int64_t below = INT32_MIN, above = INT32_MAX;
  /* The result grows with acc: the greatest acc that gives at most `bottom`, the least that gives at least `top`. */
  int64_t left = INT32_MIN, right = INT32_MAX;
  if (octavo_single_rounding(INT32_MIN, m, shift) <= bottom) {
    while (left < right) {
      int64_t middle = (left + right + 1) >> 1;
      if (octavo_single_rounding((int32_t)middle, m, shift) <= bottom) left = middle; else right = middle - 1;
    }
    below = left;
  }
  left = INT32_MIN, right = INT32_MAX;
  if (octavo_single_rounding(INT32_MAX, m, shift) >= top) {
    while (left < right) {
      int64_t middle = (left + right) >> 1;
      if (octavo_single_rounding((int32_t)middle, m, shift) >= top) right = middle; else left = middle + 1;
    }
    above = left;
  }
  if (below > above) above = below; /* bottom == top: any acc will do */
  *low = (int32_t)below;
  *high = (int32_t)above;
}

void octavo_prepare_column(struct octavo_plan *p, int64_t at, int64_t o, const struct octavo_constants *c) {
  char *base = p->packed;
  const int64_t *w = p->spec;
  int64_t m = w[OCTAVO_SPEC_MULTIPLIERS] == 1 ? 0 : o;
  if (p->fixed) {
    int32_t zero = (int32_t)w[OCTAVO_SPEC_OUTPUT_ZERO_POINT];
    int32_t fixed = ((const int32_t *)c->multipliers)[m], shift = c->shifts[m];
    ((int32_t *)(base + p->fixed))[at] = fixed;
    ((int32_t *)(base + p->shift))[at] = shift;
    if (p->low) {
      single_rounding_bounds(fixed, shift, (int32_t)w[OCTAVO_SPEC_MIN] - zero, (int32_t)w[OCTAVO_SPEC_MAX] - zero,
                             (int32_t *)(base + p->low) + at, (int32_t *)(base + p->high) + at);
    }
  }
  if (p->multiplier64) ((double *)(base + p->multiplier64))[at] = ((const double *)c->multipliers)[m];
  if (p->multiplier) {
    float scale = ((const float *)c->multipliers)[m];
    if (w[OCTAVO_SPEC_OUTPUT] == OCTAVO_DEQUANTIZED && w[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_FIXED) {
      scale = octavo_float_word(w[OCTAVO_SPEC_LHS_SCALE]) * scale;
    }
    ((float *)(base + p->multiplier))[at] = scale;
  }
  if (p->bias) ((float *)(base + p->bias))[at] = w[OCTAVO_SPEC_BIAS] == OCTAVO_BIAS_F32 ? ((const float *)c->bias)[o] : 0.0f;
  if (p->multiplier) {
    /* |acc| <= 2^31, so |(acc + b) * m| stays below 2^31: no conversion to int32 can overflow. */
    float scale = ((const float *)(base + p->multiplier))[at], b = p->bias ? ((const float *)(base + p->bias))[at] : 0.0f;
    if (!(scale >= -0.25f && scale <= 0.25f && b >= -0x1p31f && b <= 0x1p31f)) p->bounded = 0;
  }
}

void octavo_prepare_lhs(struct octavo_plan *p) {
  int turn = p->lhs_flip == 0 ? 0 : p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8 ? 128 : -128;
  p->lhs_zero = (int32_t)p->spec[OCTAVO_SPEC_LHS_ZERO_POINT] + turn;
  p->bounded = 1;
}

void octavo_prepare_sums(const struct octavo_plan *p, int32_t column_sum, int32_t rhs_zero, int32_t bias, int32_t *init,
                         int32_t *sum) {
  *sum = octavo_wrap_add(column_sum, -octavo_wrap_mul((int32_t)p->g.k, rhs_zero));
  *init = bias;
  if (p->spec[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_FIXED) {
    *init = (int32_t)((uint32_t)bias - (uint32_t)octavo_wrap_mul(p->lhs_zero, *sum));
  }
}

/* Byte q of the columns of a packed panel: that of column j is kr * j further on. */
OCTAVO_INLINE const uint8_t *bytes_at(const struct octavo_geometry *g, const uint8_t *panel, int64_t width, int64_t q) {
  return panel + q / g->kr * width * g->kr + q % g->kr;
}

OCTAVO_INLINE int32_t value_of(uint8_t byte, int is_signed) { return is_signed ? (int8_t)byte : byte; }

/* to[j] += b0 b2 + b1 b3 for the columns of a panel, kr apart. */
OCTAVO_INLINE void add_pairs(const uint8_t *b[4], int64_t columns, int64_t kr, int is_signed, int32_t *to) {
  for (int64_t j = 0; j < columns; j++) {
    int32_t sum = value_of(b[0][j * kr], is_signed) * value_of(b[2][j * kr], is_signed) +
                  value_of(b[1][j * kr], is_signed) * value_of(b[3][j * kr], is_signed);
    to[j] = octavo_wrap_add(to[j], sum);
  }
}

/* What a kernel of paired products adds too much in a column: sums over the packed panel, by run or of all runs. */
static void sum_pairs(const struct octavo_plan *p, const uint8_t *panel, int64_t width, int64_t columns, int32_t *sums,
                      int32_t *tap_sums) {
  const struct octavo_geometry *g = &p->g;
  int by_run = octavo_pair_runs(p) > 1, is_signed = p->spec[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8;
  for (int64_t run = 0; run < g->run_count; run++, sums += by_run ? g->nr : 0) {
    for (int64_t i = 0; i + 4 <= g->run_k; i += 4) {
      const uint8_t *b[4];
      for (int64_t n = 0; n < 4; n++) b[n] = bytes_at(g, panel, width, run * g->run_packed + i + n);
      int32_t of_four[64] = {0};
      if (g->kr == 2) {
        if (is_signed) add_pairs(b, columns, 2, 1, of_four); else add_pairs(b, columns, 2, 0, of_four);
      } else {
        add_pairs(b, columns, g->kr, is_signed, of_four);
      }
      for (int64_t j = 0; j < columns; j++) sums[j] = octavo_wrap_add(sums[j], of_four[j]);
      if (!tap_sums) continue;
      int32_t *tap = tap_sums + i / g->run_i * g->nr;
      for (int64_t j = 0; j < columns; j++) tap[j] = octavo_wrap_add(tap[j], of_four[j]);
    }
  }
}

/* Packs the panel and prepares its columns; `weights` begins with the first of them. */
static void prepare_panel(struct octavo_plan *p, const struct octavo_constants *c, const uint8_t *weights, int64_t group,
                          int64_t panel) {
  const struct octavo_geometry *g = &p->g;
  struct octavo_source source = octavo_source_of(p, weights);
  char *base = p->packed;
  int32_t *init = (int32_t *)(base + p->init), *sums = (int32_t *)(base + p->column_sum);
  int32_t *rhs_zero = (int32_t *)(base + p->rhs_zero);
  int64_t j0 = panel * g->nr, at = octavo_column(g, group, j0), o = group * g->group_n + j0;
  int64_t columns = octavo_min(g->nr, g->group_n - j0), width = octavo_panel_width(g, panel);
  uint8_t *to = (uint8_t *)base + p->rhs + group * g->group_stride + panel * g->panel_stride;
  int64_t taps = at * g->merged_w;
  struct octavo_sums all = {(uint32_t *)sums + at, NULL, NULL};
  if (p->run_sums) all.runs = (uint32_t *)(base + p->run_sums) + at * g->run_count;
  if (p->tap_sums) all.taps = (uint32_t *)(base + p->tap_sums) + taps;
  octavo_pack_panel(g, &source, columns, width, to, &all);
  if (p->pairs) {
    sum_pairs(p, to, width, columns, (int32_t *)(base + p->pairs) + at * octavo_pair_runs(p),
              p->tap_pairs ? (int32_t *)(base + p->tap_pairs) + taps : NULL);
  }
  for (int64_t j = 0; j < columns; j++, at++, o++) {
    rhs_zero[at] = octavo_rhs_zero_of(p, c, o);
    octavo_prepare_sums(p, sums[at], rhs_zero[at], octavo_bias_of(p, c, o), &init[at], &sums[at]);
    p->row_sums |= rhs_zero[at] != 0;
    octavo_prepare_column(p, at, o, c);
  }
}

void octavo_prepare_product(struct octavo_plan *p, const struct octavo_constants *c) {
  const struct octavo_geometry *g = &p->g;
  int64_t stride = p->spec[OCTAVO_SPEC_WEIGHT_STRIDE_O], from = 0;
  if (c->first == 0) octavo_prepare_lhs(p);
  for (int64_t i = c->first; i < octavo_min(c->last, g->groups * g->panels); i++) {
    int64_t group = i / g->panels, panel = i % g->panels, o = group * g->group_n + panel * g->nr;
    if (i == c->first) from = o;
    prepare_panel(p, c, c->weights + (o - from) * stride, group, panel);
  }
}
