/* The geometry of a plan: a pure function of backend and spec. */
#include "plan.h"

#include "cpu.h"
#include "elementwise.h"
#include "product.h"
#include "winograd_pass.h"

enum {
  LONG_PERIOD = 4096, MUCH_REPEATED = 8, /* lanes of depthwise weights that may always, copies that may at most be made of them */
  QUANTUM = 4 /* columns to which the last panel is rounded */, SLACK = 4096 /* readable bytes behind the panels: a step of a tile unit, 16 rows of 128 bytes, and more */ };

/* As many groups as have room in half a panel (one vector, as a narrow panel has), where that is more than one, and as their values are
 * close together. */
static int64_t share(const struct octavo_backend *b, const int64_t *w) {
  int64_t groups = w[OCTAVO_SPEC_GROUPS], lanes = b->nr / 2;
  if (w[OCTAVO_SPEC_OP] != OCTAVO_CONV || groups == 1 || octavo_is_depthwise(w) || !b->grouped[1]) return 1;
  int64_t n = w[OCTAVO_SPEC_N] / groups, words = octavo_div_up(w[OCTAVO_SPEC_K] / groups, b->kr), most = n == 0 ? 1 : lanes / n;
  while (most > 1 && (groups % most != 0 || (most - 1) * words >= lanes)) most--;
  return octavo_max(1, most);
}

static void taps(const int64_t *w, struct octavo_geometry *g) {
  int64_t channels = w[OCTAVO_SPEC_K];
  if (w[OCTAVO_SPEC_OP] == OCTAVO_GEMM) {
    g->groups = g->runs_w = g->merged_w = g->run_count = 1;
    g->group_n = w[OCTAVO_SPEC_N];
    g->run_i = g->run_k = g->k = channels;
    return;
  }
  int64_t kh = w[OCTAVO_SPEC_KERNEL_H], kw = w[OCTAVO_SPEC_KERNEL_W];
  int depthwise = octavo_is_depthwise(w);
  g->groups = depthwise ? 1 : w[OCTAVO_SPEC_GROUPS];
  g->group_n = w[OCTAVO_SPEC_N] / g->groups;
  g->run_i = depthwise ? 1 : channels / g->groups;
  /* A filter row reads adjacent pixels, which in NHWC (of one group) are one stretch of bytes: fewer, longer runs, and the three
   * channels of a first layer cost 3 bytes each instead of 4. */
  int merged = depthwise || (g->share == 1 && (w[OCTAVO_SPEC_DILATION_W] == 1 || kw == 1));
  g->merged_w = merged ? kw : 1;
  g->runs_w = merged ? 1 : kw;
  g->run_count = kh * g->runs_w;
  g->run_k = g->merged_w * g->run_i;
  g->k = kh * kw * g->run_i;
}

void octavo_geometry(const struct octavo_backend *b, const int64_t *spec, struct octavo_geometry *g) {
  g->share = share(b, spec);
  taps(spec, g);
  g->groups /= g->share;
  g->group_n *= g->share;
  g->mr = b->mr;
  g->nr = octavo_is_depthwise(spec) ? b->depthwise->nr : b->nr;
  g->kr = b->kr;
  g->panels = octavo_div_up(g->group_n, g->nr);
  int64_t step = b->unit && !octavo_is_depthwise(spec) ? b->unit->k : g->kr;
  g->gather = g->run_k % step != 0 && step > g->kr && spec[OCTAVO_SPEC_OP] == OCTAVO_CONV;
  g->run_packed = g->gather ? g->run_k : octavo_round_up(g->run_k, g->kr);
  g->k_packed = octavo_round_up(g->run_count * g->run_packed, g->kr);
  g->lhs_runs = g->gather ? 1 : g->run_count;
  g->lhs_k = octavo_round_up(g->gather ? g->k_packed : g->run_k, step);
  g->panel_stride = g->k_packed * g->nr;
  int64_t last = g->group_n % g->nr;
  g->group_stride = last == 0 ? g->panels * g->panel_stride
                              : (g->panels - 1) * g->panel_stride + g->k_packed * octavo_round_up(last, QUANTUM);
  g->packed_bytes = g->groups * g->group_stride;
}

int64_t octavo_panel_width(const struct octavo_geometry *g, int64_t panel) {
  return octavo_min(g->nr, octavo_round_up(g->group_n - panel * g->nr, QUANTUM));
}

int64_t octavo_plan_output(struct octavo_plan *p, int64_t columns, int64_t start) {
  const int64_t *w = p->spec;
  int64_t output = w[OCTAVO_SPEC_OUTPUT], recipe = w[OCTAVO_SPEC_RECIPE], end = start;
  if (output == OCTAVO_REQUANTIZED) {
    if (recipe == OCTAVO_FIXED_POINT_DOUBLE_ROUNDING || recipe == OCTAVO_FIXED_POINT_SINGLE_ROUNDING) {
      p->fixed = octavo_take(&end, 4 * columns);
      p->shift = octavo_take(&end, 4 * columns);
      if (recipe == OCTAVO_FIXED_POINT_SINGLE_ROUNDING) {
        p->low = octavo_take(&end, 4 * columns);
        p->high = octavo_take(&end, 4 * columns);
      }
    } else if (recipe == OCTAVO_FLOAT64_HALF_AWAY) {
      p->multiplier64 = octavo_take(&end, 8 * columns);
    } else {
      p->multiplier = octavo_take(&end, 4 * columns);
    }
    if (recipe == OCTAVO_FLOAT32_FLOAT_BIAS) p->bias = octavo_take(&end, 4 * columns);
  } else if (output == OCTAVO_DEQUANTIZED) {
    p->multiplier = octavo_take(&end, 4 * columns);
    if (w[OCTAVO_SPEC_BIAS] == OCTAVO_BIAS_F32) p->bias = octavo_take(&end, 4 * columns);
  }
  return end;
}

static octavo_output_fn *output_of(const struct octavo_outputs *outputs, const int64_t *w) {
  switch (w[OCTAVO_SPEC_OUTPUT]) {
    case OCTAVO_REQUANTIZED: return outputs->requantized[w[OCTAVO_SPEC_RECIPE]];
    case OCTAVO_DEQUANTIZED: return outputs->dequantized;
    default: return outputs->accumulators;
  }
}

/* Lines that are a dilation apart see rows that are: they are walked as neighbours, with a stride that is what the dilation leaves of it. */
static int64_t down_of(const int64_t *w) {
  return w[OCTAVO_SPEC_STRIDE_H] / octavo_common(w[OCTAVO_SPEC_STRIDE_H], w[OCTAVO_SPEC_DILATION_H]);
}

static int way_of(const int64_t *w) {
  int64_t kh = w[OCTAVO_SPEC_KERNEL_H], kw = w[OCTAVO_SPEC_KERNEL_W], stride = down_of(w);
  if (kh == kw && stride <= 2) {
    if (kh == 3) return stride == 1 ? OCTAVO_DEPTHWISE_3X3 : OCTAVO_DEPTHWISE_3X3_2;
    if (kh == 5) return stride == 1 ? OCTAVO_DEPTHWISE_5X5 : OCTAVO_DEPTHWISE_5X5_2;
    if (kh == 7) return stride == 1 ? OCTAVO_DEPTHWISE_7X7 : OCTAVO_DEPTHWISE_7X7_2;
  }
  return OCTAVO_DEPTHWISE_ANY;
}

static int64_t plan_depthwise(const struct octavo_backend *b, struct octavo_plan *p, int64_t start) {
  const int64_t *w = p->spec;
  int64_t n = w[OCTAVO_SPEC_N], nr = p->g.nr, end = start;
  p->depthwise = 1;
  p->output = output_of(b->quad_outputs, w);
  p->way = way_of(w);
  int64_t kh = w[OCTAVO_SPEC_KERNEL_H], kw = w[OCTAVO_SPEC_KERNEL_W], kr = b->depthwise->kr;
  p->tap_column = (int32_t)(p->way == OCTAVO_DEPTHWISE_ANY ? 0 : octavo_depthwise_column(kh, kw, kr, down_of(w)));
  p->tap_groups = (int32_t)(p->tap_column ? kw / kr : octavo_div_up(kw, kr));
  int64_t groups = kh * p->tap_groups + p->tap_column;
  /* nr is a power of two: its greatest common divisor with n is n's lowest bit, or nr. */
  int64_t common = octavo_min(nr, n & -n), repeat = n / common * nr;
  p->lanes = repeat <= LONG_PERIOD || nr / common <= MUCH_REPEATED ? n : octavo_round_up(n, nr);
  /* Where pixels are a stride apart only whole blocks can be read in place. That is worth some idle lanes: fewer where a lane has many
   * products, or blocks are small (96 of 128 lanes pay for 7x7 in 64 lanes a block, 72 of 96 not for 5x5 in 32). */
  int64_t idle = octavo_round_up(n, nr) - n, products = groups * 64 / nr;
  if (w[OCTAVO_SPEC_STRIDE_W] > 1 && idle * products <= 6 * n) p->lanes = n + idle;
  p->period = (p->lanes == n ? repeat : p->lanes) / nr;
  p->expanded_stride = groups * nr * kr * (b->depthwise->wide_rhs ? 2 : 1);
  /* Pixels at the left and right edge are read in place like all others: their windows reach out of the image, and where they do their weights
   * are 0. */
  int64_t dilation = w[OCTAVO_SPEC_DILATION_W];
  p->in_place = !b->depthwise->wide && n == w[OCTAVO_SPEC_K] && kh <= OCTAVO_DEPTHWISE_ROWS && kw <= OCTAVO_DEPTHWISE_TAPS;
  p->edge_left = p->in_place ? octavo_min(kw - 1, octavo_div_up(w[OCTAVO_SPEC_PAD_LEFT], dilation)) : 0;
  p->edge_right = p->in_place ? octavo_min(kw - 1, octavo_div_up(w[OCTAVO_SPEC_PAD_RIGHT], dilation)) : 0;
  int64_t edges = p->edge_left + p->edge_right;
  p->blocks = p->period + edges * octavo_div_up(p->lanes, nr);
  p->expanded = octavo_take(&end, p->blocks * p->expanded_stride);
  p->ones = b->depthwise->wide_rhs ? 0 : octavo_take(&end, (1 + edges) * p->expanded_stride);
  return end;
}

/* Whether output lines at the upper and lower edge may leave out filter rows that see only padding. */
static int skips_runs(const struct octavo_backend *b, const struct octavo_plan *p) {
  const int64_t *w = p->spec;
  return w[OCTAVO_SPEC_OP] == OCTAVO_CONV && !octavo_is_depthwise(w) && !b->unit && w[OCTAVO_SPEC_KERNEL_H] > 1 &&
         (w[OCTAVO_SPEC_PAD_TOP] > 0 || w[OCTAVO_SPEC_PAD_BOTTOM] > 0);
}

/* Whether output pixels at the left and right edge may leave out filter columns that see only padding: columns of whole fours
 * of k, in runs of whole filter rows. */
static int skips_taps(const struct octavo_backend *b, const struct octavo_plan *p) {
  const int64_t *w = p->spec;
  return w[OCTAVO_SPEC_OP] == OCTAVO_CONV && !octavo_is_depthwise(w) && !b->unit && p->g.merged_w > 1 && p->g.run_i % 4 == 0 &&
         (w[OCTAVO_SPEC_PAD_LEFT] > 0 || w[OCTAVO_SPEC_PAD_RIGHT] > 0);
}

void octavo_plan_shape(int32_t backend, const int64_t *spec, struct octavo_plan *p) {
  const struct octavo_backend *b = &octavo_backends[backend];
  memset(p, 0, sizeof *p);
  for (int i = 0; i < OCTAVO_SPEC_WORDS; i++) p->spec[i] = spec[i];
  const int64_t *w = p->spec;
  int64_t end = 64; /* an offset of 0 means absent */
  p->backend = backend;
  p->output = output_of(b->outputs, w);
  if (w[OCTAVO_SPEC_OP] > OCTAVO_CONV) {
    p->bytes = octavo_plan_elementwise(p, end);
    return;
  }
  int lhs_signed = w[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8, rhs_signed = w[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8;
  int depthwise = octavo_is_depthwise(w), flips = b->flips && lhs_signed == rhs_signed;
  p->wide = b->wide;
  p->lhs = b->lhs;
  if (depthwise) {
    const struct octavo_depthwise_ops *d = b->depthwise;
    p->wide = d->wide;
    if (b->wide && !d->wide) p->lhs = b->lhs_bytes;
    flips = d->wide ? 0 : d->wide_rhs ? lhs_signed : lhs_signed == rhs_signed;
  }
  p->lhs_flip = flips ? 0x80 : 0;
  if (flips && !depthwise && octavo_cpu_has_idle_units()) p->tile_turns = b->tile[2 * lhs_signed + rhs_signed];
  if (p->lhs_flip) lhs_signed = !lhs_signed;
  p->tile = b->tile[2 * lhs_signed + rhs_signed];
  p->tile_wide = b->tile_wide;
  octavo_geometry(b, w, &p->g);
  if (p->g.share > 1) {
    p->tile = b->grouped[2 * lhs_signed + rhs_signed];
    p->tile_wide = NULL;
  }
  p->whole_rows = octavo_whole_rows(p);
  p->winograd = octavo_winograd_can(b, p);
  p->rhs = octavo_take(&end, p->g.packed_bytes + SLACK);
  int64_t columns = p->g.groups * p->g.panels * p->g.nr;
  if (depthwise) {
    end = plan_depthwise(b, p, end);
    columns = p->blocks * p->g.nr;
  }
  p->init = octavo_take(&end, 4 * columns);
  p->column_sum = octavo_take(&end, 4 * columns);
  p->rhs_zero = octavo_take(&end, 4 * columns);
  if (skips_runs(b, p)) p->run_sums = octavo_take(&end, 4 * columns * p->g.run_count);
  if (skips_taps(b, p)) {
    int64_t bytes = 4 * columns * p->g.merged_w;
    p->tap_sums = octavo_take(&end, bytes);
    if (p->tile_wide) p->tap_pairs = octavo_take(&end, bytes);
  }
  if (p->tile_wide && !octavo_is_depthwise(w)) p->pairs = octavo_take(&end, 4 * columns * octavo_pair_runs(p));
  p->bytes = octavo_plan_output(p, columns, end);
}

struct octavo_columns octavo_columns_at(const struct octavo_plan *p, int64_t at) {
  struct octavo_columns c = {0};
  if (p->multiplier) c.multiplier = OCTAVO_AT(p, float, multiplier) + at;
  if (p->multiplier64) c.multiplier64 = OCTAVO_AT(p, double, multiplier64) + at;
  if (p->fixed) c.fixed = OCTAVO_AT(p, int32_t, fixed) + at;
  if (p->shift) c.shift = OCTAVO_AT(p, int32_t, shift) + at;
  if (p->low) c.low = OCTAVO_AT(p, int32_t, low) + at;
  if (p->high) c.high = OCTAVO_AT(p, int32_t, high) + at;
  if (p->bias) c.bias = OCTAVO_AT(p, float, bias) + at;
  return c;
}
