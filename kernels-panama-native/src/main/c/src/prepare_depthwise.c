/* Weights and parameters of a depthwise convolution, in quad order, for every lane of a period.
 *
 * A kernel on int16 takes w - zr as its weights and needs no sums over the input. A kernel on bytes takes w; where some zr
 * is not 0, windows of ones give those sums (depthwise_blocks.c).
 *
 * Pixels whose windows reach over the left or right border have weights of their own, 0 where a tap is outside. What is read
 * there does not matter then, and what padding would add is left out of init: zl * sum(w) over the taps inside. */
#include "depthwise.h"
#include "plan.h"

/* Packed byte of output channel j, filter row h, column w. */
static uint8_t packed_at(const struct octavo_plan *p, int64_t j, int64_t h, int64_t w) {
  const struct octavo_geometry *g = &p->g;
  int64_t panel = j / g->nr, width = octavo_panel_width(g, panel), q = h * g->run_packed + w;
  return OCTAVO_AT(p, uint8_t, rhs)[panel * g->panel_stride + q / g->kr * width * g->kr + j % g->nr * g->kr + q % g->kr];
}

/* Filter columns [first, last) see the image. */
struct kind {
  int64_t first, last;
};

/* What a block is for: all pixels, or those at a border. */
static struct kind kind_of(const struct octavo_plan *p, int64_t block) {
  int64_t kw = p->spec[OCTAVO_SPEC_KERNEL_W], out = octavo_depthwise_kind(p, block);
  struct kind k = {0, kw};
  if (out > p->edge_left) k.last = kw - (out - p->edge_left); else k.first = out;
  return k;
}

/* The sum of a channel's weights. */
static int32_t column_sum(const struct octavo_plan *p, int64_t j, struct kind k) {
  int is_signed = p->spec[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8;
  uint32_t sum = 0;
  for (int64_t h = 0; h < p->spec[OCTAVO_SPEC_KERNEL_H]; h++) {
    for (int64_t w = k.first; w < k.last; w++) {
      uint8_t byte = packed_at(p, j, h, w);
      sum += (uint32_t)(is_signed ? (int8_t)byte : byte);
    }
  }
  return (int32_t)sum;
}

/* The channel of a lane of a block in quad order; group_n or more: none. */
static int64_t channel_of(const struct octavo_plan *p, int64_t block, int64_t position) {
  int64_t nr = p->g.nr;
  if (block >= p->period) block = (block - p->period) % octavo_div_up(p->lanes, nr);
  return (block * nr + octavo_quad_channel(position, nr)) % p->lanes;
}

/* The tap that is a slot of a group. */
struct tap {
  int64_t h, w;
};

/* A group's, of a filter row or of the column; h is -1 where it is none. */
static struct tap tap_of(const struct octavo_plan *p, int64_t group, int64_t slot) {
  int64_t kh = p->spec[OCTAVO_SPEC_KERNEL_H], kw = p->spec[OCTAVO_SPEC_KERNEL_W], kr = octavo_backends[p->backend].depthwise->kr;
  if (group < kh * p->tap_groups) {
    struct tap t = {group / p->tap_groups, group % p->tap_groups * kr + slot};
    if (t.w >= kw) t.h = -1;
    return t;
  }
  int64_t j = group - kh * p->tap_groups;
  struct tap t = {octavo_depthwise_column_end(kh, kr, j) - kr + 1 + slot, kw - 1};
  if (j > 0 && t.h + kr > octavo_depthwise_column_end(kh, kr, j - 1)) t.h = -1;
  return t;
}

/* One block: `value` by tap for the channels that exist, 0 where a slot of a group is no tap. */
static void expand(const struct octavo_plan *p, int64_t block, struct kind k, int ones, const int32_t *rhs_zero, char *to) {
  const struct octavo_geometry *g = &p->g;
  const struct octavo_depthwise_ops *d = octavo_backends[p->backend].depthwise;
  int is_signed = p->spec[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8;
  int64_t at = 0, groups = p->spec[OCTAVO_SPEC_KERNEL_H] * p->tap_groups + p->tap_column;
  for (int64_t group = 0; group < groups; group++) {
    for (int64_t position = 0; position < g->nr; position++) {
      int64_t j = channel_of(p, block, position);
      for (int64_t slot = 0; slot < d->kr; slot++, at++) {
        struct tap t = tap_of(p, group, slot);
        int used = j < g->group_n && t.h >= 0 && t.w >= k.first && t.w < k.last;
        uint8_t byte = !used ? 0 : ones ? 1 : packed_at(p, j, t.h, t.w);
        if (!d->wide_rhs) {
          ((uint8_t *)to)[at] = byte;
        } else {
          ((int16_t *)to)[at] = (int16_t)(used ? (is_signed ? (int8_t)byte : byte) - rhs_zero[position] : 0);
        }
      }
    }
  }
}

void octavo_prepare_depthwise(struct octavo_plan *p, const struct octavo_constants *c) {
  const struct octavo_geometry *g = &p->g;
  struct octavo_source source = octavo_source_of(p, c->weights);
  int wide = octavo_backends[p->backend].depthwise->wide_rhs;
  char *base = p->packed;
  int32_t *init = (int32_t *)(base + p->init), *sums = (int32_t *)(base + p->column_sum);
  int32_t *rhs_zero = (int32_t *)(base + p->rhs_zero);
  octavo_prepare_lhs(p);
  for (int64_t panel = c->first; panel < octavo_min(c->last, g->panels); panel++) {
    uint32_t unused[64] = {0};
    struct octavo_sums sums_of = {unused, NULL, NULL};
    int64_t j0 = panel * g->nr, columns = octavo_min(g->nr, g->group_n - j0);
    octavo_pack_panel(g, &source, columns, octavo_panel_width(g, panel), (uint8_t *)base + p->rhs + panel * g->panel_stride, &sums_of);
    source.weights += columns * source.o;
  }
  if (c->last < g->panels) return; /* blocks mix panels */
  for (int64_t block = 0; block < p->blocks; block++) {
    struct kind k = kind_of(p, block);
    int32_t outside = (int32_t)(p->spec[OCTAVO_SPEC_KERNEL_H] * (p->spec[OCTAVO_SPEC_KERNEL_W] - (k.last - k.first))); /* taps */
    for (int64_t position = 0; position < g->nr; position++) {
      int64_t o = channel_of(p, block, position), at = block * g->nr + position;
      if (o >= g->group_n) continue;
      int32_t zr = octavo_rhs_zero_of(p, c, o);
      /* It takes zr from the sum once for every tap. */
      octavo_prepare_sums(p, octavo_wrap_add(column_sum(p, o, k), octavo_wrap_mul(outside, zr)), zr, octavo_bias_of(p, c, o), &init[at],
                          &sums[at]);
      rhs_zero[at] = zr;
      p->row_sums |= zr != 0 && !wide;
      octavo_prepare_column(p, at, o, c);
    }
    expand(p, block, k, 0, rhs_zero + block * g->nr, base + p->expanded + block * p->expanded_stride);
  }
  for (int64_t kind = 0; p->ones && kind <= p->edge_left + p->edge_right; kind++) {
    int64_t block = octavo_depthwise_block(p, kind);
    expand(p, block, kind_of(p, block), 1, rhs_zero, base + p->ones + kind * p->expanded_stride);
  }
}
