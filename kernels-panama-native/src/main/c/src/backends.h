/* THE table: one row per tier. Everything that differs between tiers is here; nothing else asks which CPU it is on. */
#ifndef OCTAVO_BACKENDS_H
#define OCTAVO_BACKENDS_H

#include "depthwise.h"
#include "lhs.h"
#include "span.h"
#include "ukernel.h"
#include "winograd.h"

struct octavo_backend {
  const char *id;
  int32_t rank;
  int32_t features;          /* enum octavo_feature: what it needs */
  const char *emulated;      /* NULL, or why this build only imitates it */
  int32_t mr, nr, kr;
  int32_t full;              /* 1: tiles of mr rows and one of what is left; 0: tiles as even as can be */
  int32_t wide;              /* 1: the lhs is widened to int16; 0: it comes as bytes */
  int32_t flips;             /* 1: lhs and rhs must differ in signedness; where they do not, the lhs is flipped */
  int64_t strip_macs;        /* about 100 microseconds of work */
  octavo_tile_fn *tile[4];   /* by 2 * lhs_is_signed + rhs_is_signed, after flipping; where `flips`, that of s8 * s8 flips by itself, or NULL */
  octavo_tile_fn *grouped[4]; /* the same for several groups of a convolution side by side, at most nr / 2 columns, or NULL */
  octavo_tile_fn *tile_wide; /* the same for a panel widened to int16, or NULL */
  const struct octavo_tile_unit *unit; /* NULL unless it has tile registers */
  const struct octavo_outputs *outputs, *quad_outputs; /* for tiles, and for depthwise blocks in quad order */
  const struct octavo_lhs_ops *lhs, *lhs_bytes; /* as `wide` says; and as bytes */
  const struct octavo_spans *spans;
  const struct octavo_winograd_ops *winograd; /* NULL where products of int16 are not what is fast */
  const struct octavo_depthwise_ops *depthwise;
  const char *gemm_name[4];  /* by 2 * lhs_is_signed + rhs_is_signed, as the spec says */
  const char *gemv_name[4];  /* the microkernel's instance for one row, which streams the packed weights once */
  const char *conv_name[4];
  const char *grouped_name[4];
  const char *winograd_name[4];
  const char *depthwise_name[OCTAVO_DEPTHWISE_WAYS][4];
  const char *elementwise_name[14];
};

extern const struct octavo_backend octavo_backends[];
extern const int32_t octavo_backends_count;

#endif
