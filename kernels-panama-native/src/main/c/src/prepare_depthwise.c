/* Weights and parameters of a depthwise convolution, in quad order and once per pixel of a group.
 *
 * A kernel on int16 takes w - zr as its weights and needs no sums over the input. A kernel on bytes takes w; where some zr
 * is not 0, windows of ones give those sums (depthwise.c). */
#include "depthwise.h"
#include "plan.h"

/* Packed byte of output channel j, filter row h, column w. */
static uint8_t packed_at(const struct octavo_plan *p, int64_t j, int64_t h, int64_t w) {
  const struct octavo_geometry *g = &p->g;
  int64_t panel = j / g->nr, width = octavo_panel_width(g, panel), q = h * g->run_packed + w;
  return OCTAVO_AT(p, uint8_t, rhs)[panel * g->panel_stride + q / g->kr * width * g->kr + j % g->nr * g->kr + q % g->kr];
}

/* One block: `value` by tap for the channels that exist, 0 where a slot of a column group is no tap of the pixel. */
static void expand(const struct octavo_plan *p, int64_t block, int ones, const int32_t *rhs_zero, char *to) {
  const struct octavo_geometry *g = &p->g;
  const struct octavo_backend *b = &octavo_backends[p->backend];
  int64_t pixels = b->depthwise->way[p->way].pixels, kh = p->spec[OCTAVO_SPEC_KERNEL_H], kw = p->spec[OCTAVO_SPEC_KERNEL_W];
  int is_signed = p->spec[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8;
  int64_t at = 0;
  for (int64_t h = 0; h < kh; h++) {
    for (int64_t x = 0; x < pixels; x++) {
      for (int64_t group = 0; group < p->tap_groups; group++) {
        for (int64_t position = 0; position < g->nr; position++) {
          int64_t j = block * g->nr + octavo_quad_channel(position, g->nr);
          for (int64_t slot = 0; slot < g->kr; slot++, at++) {
            int64_t w = group * g->kr + slot - x;
            int used = j < g->group_n && w >= 0 && w < kw;
            uint8_t byte = !used ? 0 : ones ? 1 : packed_at(p, j, h, w);
            if (!b->wide) {
              ((uint8_t *)to)[at] = byte;
            } else {
              ((int16_t *)to)[at] = (int16_t)(used ? (is_signed ? (int8_t)byte : byte) - rhs_zero[position] : 0);
            }
          }
        }
      }
    }
  }
}

void octavo_prepare_depthwise(struct octavo_plan *p, const uint8_t *weights, const int32_t *zero_points,
                              const void *multipliers, const int32_t *shifts, const void *bias) {
  const int64_t *w = p->spec;
  const struct octavo_geometry *g = &p->g;
  struct octavo_source source = octavo_source_of(p, weights);
  int wide = octavo_backends[p->backend].wide;
  char *base = p->packed;
  int32_t *init = (int32_t *)(base + p->init), *sums = (int32_t *)(base + p->column_sum);
  int32_t *rhs_zero = (int32_t *)(base + p->rhs_zero);
  octavo_prepare_lhs(p);
  for (int64_t block = 0; block < g->panels; block++) {
    int64_t first = block * g->nr, columns = octavo_min(g->nr, g->group_n - first);
    uint32_t natural[64] = {0};
    octavo_pack_panel(g, &source, first, columns, octavo_panel_width(g, block),
                      (uint8_t *)base + p->rhs + block * g->panel_stride, natural, NULL);
    for (int64_t position = 0; position < g->nr; position++) {
      int64_t j = octavo_quad_channel(position, g->nr), o = first + j, at = first + position;
      if (j >= columns) continue;
      int32_t zr = zero_points ? zero_points[w[OCTAVO_SPEC_ZERO_POINTS] == 1 ? 0 : o] : 0;
      octavo_prepare_sums(p, (int32_t)natural[j], zr, octavo_bias_of(p, bias, o), &init[at], &sums[at]);
      rhs_zero[at] = zr;
      p->row_sums |= zr != 0 && !wide;
      octavo_prepare_column(p, at, o, multipliers, shifts, bias);
    }
    expand(p, block, 0, rhs_zero + first, base + p->expanded + block * p->expanded_stride);
  }
  if (p->ones) expand(p, 0, 1, rhs_zero, base + p->ones);
}
